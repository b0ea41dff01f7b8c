package schema

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// observe lists what a value shows.
func observe(c *Checker, at strictjson.Value) (undocumented, enums, described []string) {
	c.Observe(at, Options{}, Observer{
		Undocumented: func(pointer func() string, s *spec.Schema, member strictjson.Value) {
			undocumented = append(undocumented, pointer()+" "+shorter(s.Node.Pointer())+" "+member.Compact())
		},
		Enum: func(element *spec.Node) { enums = append(enums, shorter(element.Pointer())) },
		Described: func(s *spec.Schema, part strictjson.Value) {
			described = append(described, at.PointerTo(part)+" "+shorter(s.Node.Pointer()))
		},
	})
	return undocumented, enums, described
}

// TestUndocumented checks which members no schema describes.
func TestUndocumented(t *testing.T) {
	for _, test := range []struct {
		name, schema, value string
		want                []string
	}{
		{"all described", `{properties: {a: {}}}`, `{"a": 1}`, nil},
		{"one more", `{properties: {a: {}}}`, `{"a": 1, "b/c": 2}`, []string{"/b~1c  2"}},
		{"an object of anything", `{type: object}`, `{"a": 1}`, nil},
		{"additional ones are taken", `{properties: {a: {}}, additionalProperties: true}`, `{"b": 1}`, nil},
		{"additional ones are a violation", `{properties: {a: {}}, additionalProperties: false}`, `{"b": 1}`, nil},
		{"in additional ones", `{properties: {a: {}}, additionalProperties: {properties: {c: {}}}}`, `{"b": {"d": 1}}`, []string{"/b/d /additionalProperties 1"}},
		{"patterns", `{properties: {a: {}}, patternProperties: {^x-: {properties: {a: {}}}}}`, `{"x-a": {"b": 1}, "c": 1}`, []string{"/x-a/b /patternProperties/^x- 1"}},
		{"patterns and additional ones", `{patternProperties: {^x-: {properties: {a: {}}}}, additionalProperties: {properties: {b: {}}}}`, `{"x-a": {"b": 1}, "c": {"a": 1}}`, []string{"/x-a/b /patternProperties/^x- 1", "/c/a /additionalProperties 1"}},
		{"unevaluated ones", `{properties: {a: {}}, unevaluatedProperties: false}`, `{"b": 1}`, nil},
		{"by one of allOf", `{allOf: [{properties: {a: {}}}, {properties: {b: {}}}]}`, `{"a": 1, "b": 2, "c": 3}`, []string{"/c  3"}},
		{"by two of allOf", `{allOf: [{properties: {a: {properties: {b: {}}}}}, {properties: {a: {properties: {c: {}}}}}]}`, `{"a": {"b": 1, "c": 2, "d": 3}}`, []string{"/a/d /allOf/0/properties/a 3"}},
		{"by an alternative", `{oneOf: [{properties: {a: {}}}, {anyOf: [{properties: {b: {}}}]}]}`, `{"a": 1, "b": 2, "c": 3}`, []string{"/c  3"}},
		{"by a condition", `{if: {properties: {a: {}}}, then: {properties: {b: {}}}, else: {properties: {c: {}}}, dependentSchemas: {d: {properties: {d: {}}}}}`, `{"a": 1, "b": 2, "c": 3, "d": 4, "e": 5}`, []string{"/e  5"}},
		{"in lists", `{prefixItems: [{properties: {a: {}}}], items: {properties: {b: {}}}}`, `[{"b": 1}, {"b": 1}, {"a": 1}]`, []string{"/0/b /prefixItems/0 1", "/2/a /items 1"}},
		{"beside a wrong value", `{properties: {a: {type: string}}}`, `{"a": 1, "b": 2}`, []string{"/b  2"}},
		{"a schema that contains itself", `{properties: {a: {$ref: '#/components/schemas/A'}}}`, `{"a": {"a": {"b": 1}}}`, []string{"/a/a/b /properties/a 1"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			doc := document(t, v31, `A: `+test.schema)
			got, _, _ := observe(New(doc).Checker(component(t, doc, "A")), value(t, test.value))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestObserved checks which elements of enums a value has, and which schemas with rules describe it.
func TestObserved(t *testing.T) {
	rule := func(id string) string {
		return `x-rules: [{id: ` + id + `, says: It holds., grade: inferred, source: page, rule: "true"}]`
	}
	doc := document(t, v31, `
A: {properties: {kind: {enum: [one, two, 1]}, items: {type: array, items: {$ref: '#/components/schemas/Item'}}, one: {oneOf: [{$ref: '#/components/schemas/Item'}, {type: integer, `+rule("count")+`}]}}, `+rule("whole")+`},
Item: {type: object, properties: {n: {type: integer}}, `+rule("item")+`}`)
	_, enums, described := observe(New(doc).Checker(component(t, doc, "A")), value(t, `{"kind": 1.0, "items": [{"n": 1}, null], "one": 7}`))
	if diff := cmp.Diff([]string{"/properties/kind/enum/2"}, enums); diff != "" {
		t.Errorf("enums (-want +got):\n%s", diff)
	}
	want := []string{" ", "/items/0 /components/schemas/Item", "/one /properties/one/oneOf/1"}
	if diff := cmp.Diff(want, described); diff != "" {
		t.Errorf("described (-want +got):\n%s", diff)
	}
}
