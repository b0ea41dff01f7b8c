package probe

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract/internal/parameter"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestRoundTrip tests that what is written here is read back, in each style, with texts that have the separators in them.
func TestRoundTrip(t *testing.T) {
	const separators = `a,b c;d|e.f=g&h%2C+i/j?k#l[m]`
	text := any(separators)
	list := any([]any{"1", separators, "é"})
	object := any(map[string]any{"R": separators, "G": "2"})
	plain := any(map[string]any{"R": "x y", "G": "2"})
	for _, test := range []struct {
		name, in, style string
		explode         bool
		value           any
	}{
		{"simple", "path", "simple", false, text},
		{"simple, a list", "path", "simple", false, list},
		{"simple, an object", "path", "simple", false, object},
		{"simple, an exploded object", "path", "simple", true, object},
		{"label", "path", "label", false, text},
		{"matrix", "path", "matrix", false, text},
		{"form", "query", "form", true, text},
		{"form, a list", "query", "form", false, list},
		{"form, an exploded list", "query", "form", true, list},
		{"form, an object", "query", "form", false, object},
		{"form, an exploded object", "query", "form", true, object},
		{"spaceDelimited", "query", "spaceDelimited", false, any([]any{"a,b", "c|d", "é"})},
		{"spaceDelimited, exploded", "query", "spaceDelimited", true, list},
		{"pipeDelimited", "query", "pipeDelimited", false, any([]any{"a,b", "c d", "é"})},
		{"deepObject", "query", "deepObject", true, object},
		{"header", "header", "simple", false, text},
		{"header, a list", "header", "simple", false, any([]any{"a b", "c%2C"})},
		{"header, an object", "header", "simple", false, plain},
		{"header, an exploded object", "header", "simple", true, plain},
		{"cookie", "cookie", "form", true, any("a,b;c=d&e")},
	} {
		t.Run(test.name, func(t *testing.T) {
			schema := &spec.Schema{Types: []string{strictjson.FromAny(test.value).Kind().String()}}
			if schema.Types[0] == "object" {
				schema.Properties = []spec.Property{{Name: "R", Schema: &spec.Schema{}}, {Name: "G", Schema: &spec.Schema{}}}
			}
			p := &spec.Parameter{Name: "color", In: test.in, Style: test.style, Explode: test.explode, Schema: schema}
			read(t, p, test.value)
		})
	}
	t.Run("JSON", func(t *testing.T) {
		for _, in := range []string{"path", "query", "header"} {
			p := &spec.Parameter{Name: "color", In: in, Style: "simple", Content: []*spec.MediaType{{Name: "application/json"}}}
			if in == "query" {
				p.Style = "form"
			}
			read(t, p, map[string]any{"a": []any{separators, json.Number("7"), true, nil}})
		}
	})
}

// read writes a value and reads it back.
func read(t *testing.T, p *spec.Parameter, want any) {
	t.Helper()
	text, ok := write(p, want)
	if !ok {
		t.Fatal("it cannot be written")
	}
	raw := parameter.Raw{Parameters: []*spec.Parameter{p}}
	switch p.In {
	case "path":
		raw.Path = []parameter.Pair{{Name: p.Name, Value: text}}
	case "query":
		raw.Query = parameter.ParseQuery(text)
	case "header":
		raw.Header = http.Header{"Color": {text}}
	case "cookie":
		raw.Header = http.Header{"Cookie": {p.Name + "=" + text}}
	}
	v, count, fault := parameter.Read(p, raw, nil)
	if count == 0 || fault != "" {
		t.Fatalf("%s: count %d, fault %q", strings.ToValidUTF8(text, "?"), count, fault)
	}
	if diff := cmp.Diff(want, v.Any()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", text, diff)
	}
}
