package schema

import (
	"testing"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// FuzzCheck compiles any schema and checks any value against it. It must not panic, and the ways to check a value
// must agree.
func FuzzCheck(f *testing.F) {
	for _, seed := range []struct{ schema, value string }{
		{
			schema: `{"type": "object", "properties": {"a": {"type": "integer", "minimum": 1}}, "required": ["b"], "additionalProperties": false}`,
			value:  `{"a": 1.0, "c": []}`,
		},
		{
			schema: `{"anyOf": [{"$ref": "#/components/schemas/A/not"}, {"const": {"a": [1]}}],
				"not": {"uniqueItems": true}, "unevaluatedItems": false}`,
			value: `[1, 1.0]`,
		},
		{
			schema: `{"oneOf": [{"$ref": "#/components/schemas/B"}], "discriminator": {"propertyName": "kind"}, "nullable": true}`,
			value:  `{"kind": "B", "a": {"kind": "A"}}`,
		},
		{
			schema: `{"if": {"pattern": "^a"}, "then": {"maxLength": 2}, "else": {"enum": ["b", null, 7]}, "format": "date-time"}`,
			value:  `"abc"`,
		},
		{
			schema: `{"$dynamicAnchor": "a", "prefixItems": [true, false], "items": {"$dynamicRef": "#a"},
				"contains": {"multipleOf": 0.1}, "minContains": 2}`,
			value: `[[], 1, [0.3]]`,
		},
		{
			schema: `{"propertyNames": {"maxLength": 1}, "patternProperties": {"^a": {}},
				"dependentSchemas": {"a": {"required": ["b"]}}, "unevaluatedProperties": {"type": "null"}}`,
			value: `{"a": 1, "bc": null}`,
		},
	} {
		f.Add(seed.schema, seed.value)
	}
	f.Fuzz(func(t *testing.T, schema, text string) {
		at, _, ok := strictjson.Parse([]byte(text))
		if !ok {
			t.Skip()
		}
		for _, version := range []string{v30, v31} {
			doc, err := spec.Read("api.json", []byte(`{"openapi": "`+version+`", "info": {"title": "a", "version": "b"}, "paths": {},
				"components": {"schemas": {"A": `+schema+`, "B": {"type": "object", "required": ["kind"],
				"properties": {"kind": {}, "a": {"$ref": "#/components/schemas/A"}}}}}}`), nil)
			if err != nil {
				t.Skip()
			}
			set := New(doc)
			for s := range doc.Schemas() {
				for _, o := range []Options{{}, {Direction: Response, Text: true, AssertFormats: true}} {
					checkConsistent(t, set.Checker(s), at, o)
					o.Text = false
					compareRead(t, set.Checker(s), []byte(text), o)
				}
			}
		}
	})
}

// checkConsistent compares Check with Valid, and with Valid that remembers results from the first visit on.
func checkConsistent(t *testing.T, c *Checker, at strictjson.Value, o Options) {
	t.Helper()
	valid, found := c.Valid(at, o), 0
	c.Check(at, o, func(e Error) bool {
		if e.Node() == nil || e.Want() == "" || e.Keyword == "" {
			t.Errorf("incomplete: %+v", e)
		}
		found++
		return true
	})
	v := newVisitor(c.set, at, o)
	v.untilMemo = 0
	memoized := v.visit(c, at, nil)
	v.free()
	if valid != (found == 0) || valid != memoized {
		t.Errorf("%s: valid %t, %d errors, remembered %t", c.schema.Node.Pointer(), valid, found, memoized)
	}
	observe(t, c, at, o)
}
