package sample

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

// TestRoundTrip checks that the judge reads each value that Parameter serializes, in each style, with texts that contain the
// separators.
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
		{name: "simple", in: "path", style: "simple", value: text},
		{name: "simple, a list", in: "path", style: "simple", value: list},
		{name: "simple, an object", in: "path", style: "simple", value: object},
		{name: "simple, an exploded object", in: "path", style: "simple", explode: true, value: object},
		{name: "label", in: "path", style: "label", value: text},
		{name: "matrix", in: "path", style: "matrix", value: text},
		{name: "form", in: "query", style: "form", explode: true, value: text},
		{name: "form, a list", in: "query", style: "form", value: list},
		{name: "form, an exploded list", in: "query", style: "form", explode: true, value: list},
		{name: "form, an object", in: "query", style: "form", value: object},
		{name: "form, an exploded object", in: "query", style: "form", explode: true, value: object},
		{name: "spaceDelimited", in: "query", style: "spaceDelimited", value: any([]any{"a,b", "c|d", "é"})},
		{name: "spaceDelimited, exploded", in: "query", style: "spaceDelimited", explode: true, value: list},
		{name: "pipeDelimited", in: "query", style: "pipeDelimited", value: any([]any{"a,b", "c d", "é"})},
		{name: "deepObject", in: "query", style: "deepObject", explode: true, value: object},
		{name: "header", in: "header", style: "simple", value: text},
		{name: "header, a list", in: "header", style: "simple", value: any([]any{"a b", "c%2C"})},
		{name: "header, an object", in: "header", style: "simple", value: plain},
		{name: "header, an exploded object", in: "header", style: "simple", explode: true, value: plain},
		{name: "cookie", in: "cookie", style: "form", explode: true, value: any("a,b;c=d&e")},
	} {
		t.Run(test.name, func(t *testing.T) {
			schema := &spec.Schema{Types: []string{strictjson.FromAny(test.value).Kind().String()}}
			if schema.Types[0] == "object" {
				schema.Properties = []spec.Property{{Name: "R", Schema: &spec.Schema{}}, {Name: "G", Schema: &spec.Schema{}}}
			}
			p := &spec.Parameter{Name: "color", In: test.in, Style: test.style, Explode: test.explode, Schema: schema}
			checkRoundTrip(t, p, test.value)
		})
	}
	t.Run("JSON", func(t *testing.T) {
		for _, in := range []string{"path", "query", "header"} {
			p := &spec.Parameter{Name: "color", In: in, Style: "simple", Content: []*spec.MediaType{{Name: "application/json"}}}
			if in == "query" {
				p.Style = "form"
			}
			checkRoundTrip(t, p, map[string]any{"a": []any{separators, json.Number("7"), true, nil}})
		}
	})
}

// checkRoundTrip writes a value and reads it back.
func checkRoundTrip(t *testing.T, p *spec.Parameter, want any) {
	t.Helper()
	text, ok := Parameter(p, want)
	if !ok {
		t.Fatal("the style cannot express the value")
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
	v, count, problem := parameter.Read(p, raw, nil)
	if count == 0 || problem != "" {
		t.Fatalf("%s: count %d, problem %q", strings.ToValidUTF8(text, "?"), count, problem)
	}
	if diff := cmp.Diff(want, v.Any()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", text, diff)
	}
}
