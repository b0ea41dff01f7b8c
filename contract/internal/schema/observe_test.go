package schema

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// observation is what a value shows of a document, as texts.
type observation struct{ Undocumented, Enums, Described []string }

// observer notes what it receives of a value.
func (o *observation) observer(at strictjson.Value) Observer {
	return Observer{
		Undocumented: func(pointer func() string, s *spec.Schema, member strictjson.Value) {
			o.Undocumented = append(o.Undocumented, pointer()+" "+shorter(s.Node.Pointer())+" "+member.Compact())
		},
		Enum: func(element *spec.Node) { o.Enums = append(o.Enums, shorter(element.Pointer())) },
		Described: func(s *spec.Schema, part strictjson.Value) {
			o.Described = append(o.Described, at.PointerTo(part)+" "+shorter(s.Node.Pointer()))
		},
	}
}

// observe lists what a value shows, and compares ValidAndObserve with Valid and Observe. It says whether one walk was enough.
func observe(t testing.TB, c *Checker, at strictjson.Value, o Options) (all observation, inOneWalk bool) {
	t.Helper()
	var first observation
	c.Observe(at, o, all.observer(at))
	valid, observed := c.ValidAndObserve(at, o, first.observer(at))
	if want := c.Valid(at, o); valid != want || observed && !want {
		t.Errorf("ValidAndObserve gives %t and %t, Valid gives %t", valid, observed, want)
	}
	if diff := cmp.Diff(all, first); observed && diff != "" {
		t.Errorf("ValidAndObserve and Observe differ (-want +got):\n%s", diff)
	}
	return all, observed
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
			got, _ := observe(t, New(doc).Checker(component(t, doc, "A")), value(t, test.value), Options{})
			if diff := cmp.Diff(test.want, got.Undocumented); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// rule is a rule of a schema that always holds.
func rule(id string) string {
	return `x-rules: [{id: ` + id + `, says: It holds., grade: inferred, source: page, rule: "true"}]`
}

// TestObserved checks which elements of enums a value has, and which schemas with rules describe it.
func TestObserved(t *testing.T) {
	doc := document(t, v31, `
A: {properties: {kind: {enum: [one, two, 1]}, items: {type: array, items: {$ref: '#/components/schemas/Item'}}, one: {oneOf: [{$ref: '#/components/schemas/Item'}, {type: integer, `+rule("count")+`}]}}, `+rule("whole")+`},
Item: {type: object, properties: {n: {type: integer}}, `+rule("item")+`}`)
	got, _ := observe(t, New(doc).Checker(component(t, doc, "A")), value(t, `{"kind": 1.0, "items": [{"n": 1}, null], "one": 7}`), Options{})
	if diff := cmp.Diff([]string{"/properties/kind/enum/2"}, got.Enums); diff != "" {
		t.Errorf("enums (-want +got):\n%s", diff)
	}
	want := []string{" ", "/items/0 /components/schemas/Item", "/one /properties/one/oneOf/1"}
	if diff := cmp.Diff(want, got.Described); diff != "" {
		t.Errorf("described (-want +got):\n%s", diff)
	}
}

// TestInOneWalk checks of which values the check observes all on its way.
func TestInOneWalk(t *testing.T) {
	for _, test := range []struct {
		name, schema, value string
		want                bool
	}{
		{name: "a right value", schema: `{properties: {a: {items: {enum: [x, 1, 1.0], ` + rule("item") + `}}}, ` + rule("whole") + `}`, value: `{"a": ["x", 1]}`, want: true},
		{name: "a wrong value", schema: `{properties: {a: {enum: [x]}, b: {type: string}}}`, value: `{"a": "x", "b": 1}`},
		{name: "null", schema: `{items: {` + rule("item") + `}}`, value: `[null, 1]`, want: true},
		{name: "any value", schema: `{items: true}`, value: `[1, {"a": 2}]`, want: true},
		{name: "an object of anything", schema: `{type: object, minProperties: 1}`, value: `{"a": 1}`, want: true},
		{name: "an undocumented member", schema: `{properties: {a: {}}}`, value: `{"b": 1}`},
		{name: "a required one that is undocumented", schema: `{properties: {a: {}}, required: [b]}`, value: `{"b": 1}`},
		{name: "additional members", schema: `{properties: {a: {}}, additionalProperties: {enum: [1]}}`, value: `{"b": 1}`, want: true},
		{name: "names by a pattern", schema: `{properties: {a: {}}, patternProperties: {^b: {enum: [1]}}}`, value: `{"b": 1}`, want: true},
		{name: "an enum of names", schema: `{propertyNames: {enum: [b]}}`, value: `{"b": 1}`},
		{name: "an enum in contains", schema: `{contains: {enum: [1]}}`, value: `[1]`},
		{name: "a reference", schema: `{$defs: {b: {enum: [1], ` + rule("b") + `}}, items: {$ref: '#/components/schemas/A/$defs/b'}}`, value: `[1]`, want: true},
		{name: "a reference with a rule", schema: `{$defs: {b: {enum: [1]}}, items: {$ref: '#/components/schemas/A/$defs/b', ` + rule("b") + `}}`, value: `[1]`},
		{name: "a reference to an undocumented member", schema: `{allOf: [{properties: {a: {}}}]}`, value: `{"b": 1}`},
		{name: "a reference to itself, which is refused", schema: `{$ref: '#/components/schemas/A'}`, value: `1`, want: true},
		{name: "one of allOf", schema: `{allOf: [{enum: [1]}]}`, value: `1`, want: true},
		{name: "one of allOf and a type", schema: `{type: integer, allOf: [{enum: [1]}]}`, value: `1`},
		{name: "one of allOf and an enum", schema: `{enum: [1], allOf: [{enum: [1]}]}`, value: `1`},
		{name: "allOf", schema: `{allOf: [{enum: [1]}, {enum: [1]}]}`, value: `1`},
		{name: "a part by anyOf", schema: `{items: {anyOf: [{enum: [1]}, {enum: [2]}]}}`, value: `[1]`},
	} {
		t.Run(test.name, func(t *testing.T) {
			doc := document(t, v31, `A: `+test.schema)
			if _, got := observe(t, New(doc).Checker(component(t, doc, "A")), value(t, test.value), Options{}); got != test.want {
				t.Errorf("got %t, want %t", got, test.want)
			}
		})
	}
}
