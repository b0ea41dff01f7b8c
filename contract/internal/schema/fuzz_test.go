package schema

import (
	"testing"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// FuzzCheck compiles any schema and checks any value by it. Nothing panics, and Check reports nothing exactly where Valid says
// that nothing is wrong, also if results are remembered from the first visit on.
func FuzzCheck(f *testing.F) {
	for _, seed := range []struct{ schema, value string }{
		{`{"type": "object", "properties": {"a": {"type": "integer", "minimum": 1}}, "required": ["b"], "additionalProperties": false}`, `{"a": 1.0, "c": []}`},
		{`{"anyOf": [{"$ref": "#/components/schemas/A/not"}, {"const": {"a": [1]}}], "not": {"uniqueItems": true}, "unevaluatedItems": false}`, `[1, 1.0]`},
		{`{"oneOf": [{"$ref": "#/components/schemas/B"}], "discriminator": {"propertyName": "kind"}, "nullable": true}`, `{"kind": "B", "a": {"kind": "A"}}`},
		{`{"if": {"pattern": "^a"}, "then": {"maxLength": 2}, "else": {"enum": ["b", null, 7]}, "format": "date-time"}`, `"abc"`},
		{`{"$dynamicAnchor": "a", "prefixItems": [true, false], "items": {"$dynamicRef": "#a"}, "contains": {"multipleOf": 0.1}, "minContains": 2}`, `[[], 1, [0.3]]`},
		{`{"propertyNames": {"maxLength": 1}, "patternProperties": {"^a": {}}, "dependentSchemas": {"a": {"required": ["b"]}}, "unevaluatedProperties": {"type": "null"}}`, `{"a": 1, "bc": null}`},
	} {
		f.Add(seed.schema, seed.value)
	}
	f.Fuzz(func(t *testing.T, schema, text string) {
		at, _, ok := strictjson.Parse([]byte(text))
		if !ok {
			t.Skip()
		}
		for _, version := range []string{v30, v31} {
			doc, err := spec.Read("api.json", []byte(`{"openapi": "`+version+`", "info": {"title": "a", "version": "b"}, "paths": {}, "components": {"schemas": {"A": `+schema+
				`, "B": {"type": "object", "required": ["kind"], "properties": {"kind": {}, "a": {"$ref": "#/components/schemas/A"}}}}}}`), nil)
			if err != nil {
				t.Skip()
			}
			set := New(doc)
			for s := range doc.Schemas() {
				for _, o := range []Options{{}, {Direction: Response, Text: true, AssertFormats: true}} {
					checkTwice(t, set.Checker(s), at, o)
				}
			}
		}
	})
}

// checkTwice checks a value with and without remembering results.
func checkTwice(t *testing.T, c *Checker, at strictjson.Value, o Options) {
	t.Helper()
	valid, found := c.Valid(at, o), 0
	c.Check(at, o, func(v Error) bool {
		if v.Node() == nil || v.Want() == "" || v.Keyword == "" {
			t.Errorf("incomplete: %+v", v)
		}
		found++
		return true
	})
	v := newVisitor(c.set, at, o)
	v.work = 0
	remembered := v.visit(c, at, nil)
	v.free()
	if valid != (found == 0) || valid != remembered {
		t.Errorf("%s: valid %t, %d violations, remembered %t", c.schema.Node.Pointer(), valid, found, remembered)
	}
	observe(t, c, at, o)
}
