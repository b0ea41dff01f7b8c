package parameter

import (
	"net/http"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestReadPlain checks that plain parameters are read as Read reads them.
func TestReadPlain(t *testing.T) {
	schemas := []string{
		text, `{type: integer}`, `{}`, `{type: [string, "null"]}`, `{anyOf: [{type: string}, {type: boolean}]}`, list, colour, anything,
		`{type: [string, array]}`, `{properties: {color: {}}}`,
	}
	for _, test := range []struct {
		in, names, styles string
		sent              []string
		isPlain           bool // for the schemas without lists and objects and the first style
	}{
		{
			in: "path", names: "color", styles: "simple label matrix", isPlain: true,
			sent: []string{"", "a", "a%2Fb", "a+b", "%", "%4", "a,b", ".a", ";color=a"},
		},
		{
			in: "query", names: "color", styles: "form spaceDelimited deepObject unknown", isPlain: true,
			sent: []string{
				"", "color", "color=", "color=a", "color=a+b%26", "color=a&color=b", "color=&color=b", "color=a&color=", "color&color",
				"color=%", "color=%&color=a", "other=a", "Color=a", "color[a]=b", "c%6Flor=a",
			},
		},
		{
			in: "header", names: "color COLOR Date Set-Cookie", styles: "simple unknown", isPlain: true,
			sent: []string{"", "a", "a, b", "a\nb", "Mon\n01 Dec 2025 12:00:00 GMT"},
		},
		{in: "cookie", names: "color", styles: "form cookie", sent: []string{"", "color=a", "color"}},
		{in: "querystring", names: "color", styles: "form", sent: []string{"", "color=a"}},
	} {
		plains := 0
		for _, s := range schemas {
			for _, name := range strings.Fields(test.names) {
				for _, style := range strings.Fields(test.styles) {
					definition := `{name: ` + name + `, in: ` + test.in + `, style: ` + style + `, schema: ` + s + `}`
					p := operation(t, definition)[0]
					if IsPlain(p) {
						plains++
						for _, sent := range test.sent {
							readAlike(t, definition, p, name, sent)
						}
					}
				}
			}
		}
		if (plains > 0) != test.isPlain {
			t.Errorf("%s: %d are plain", test.in, plains)
		}
	}
}

// readAlike compares ReadPlain with Read.
func readAlike(t *testing.T, definition string, p *spec.Parameter, name, sent string) {
	t.Helper()
	r := raw(p.In, sent)
	if p.In == "header" {
		r.Header = http.Header{http.CanonicalHeaderKey(name): strings.Split(sent, "\n")}
	}
	for _, r := range []Raw{r, {}} {
		want, wantCount, wantProblem := Read(p, r, taking())
		text, n, problem, ok := ReadPlain(p, http.CanonicalHeaderKey(name), &r)
		if !ok {
			continue
		}
		value := "none"
		if n > 0 && problem == "" {
			value = compact(strictjson.FromText(text))
		}
		if value != compact(want) || n != wantCount || problem != wantProblem {
			t.Errorf("%s for %q: got %s %d %q, want %s %d %q", definition, sent, value, n, problem, compact(want), wantCount, wantProblem)
		}
	}
}
