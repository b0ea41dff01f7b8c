package schema

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// observation records what an Observer has received, as texts.
type observation struct{ Undocumented, Enums, Described []string }

// observer returns an Observer that records.
func (o *observation) observer(at strictjson.Value) Observer {
	return Observer{
		Undocumented: func(pointer func() string, s *spec.Schema, member strictjson.Value) {
			o.Undocumented = append(o.Undocumented, pointer()+" "+withoutA(s.Node.Pointer())+" "+member.Compact())
		},
		Enum: func(element *spec.Node) { o.Enums = append(o.Enums, withoutA(element.Pointer())) },
		Described: func(s *spec.Schema, part strictjson.Value) {
			o.Described = append(o.Described, at.PointerTo(part)+" "+withoutA(s.Node.Pointer()))
		},
	}
}

// observe returns what a value shows, and compares ValidAndObserve with Valid and Observe. It reports whether one
// walk was enough.
func observe(t testing.TB, c *Checker, at strictjson.Value, o Options) (all observation, inOneWalk bool) {
	t.Helper()
	var first observation
	c.Observe(at, o, all.observer(at))
	valid, observed := c.ValidAndObserve(at, o, first.observer(at))
	want := c.Valid(at, o)
	if isOfInvalid := observed && !want; isOfInvalid || valid != want {
		t.Errorf("ValidAndObserve gives %t and %t, Valid gives %t", valid, observed, want)
	}
	if diff := cmp.Diff(all, first); observed && diff != "" {
		t.Errorf("ValidAndObserve and Observe differ (-want +got):\n%s", diff)
	}
	return all, observed
}

// TestUndocumented checks which members count as undocumented.
func TestUndocumented(t *testing.T) {
	for _, test := range []struct {
		name, schema, value string
		want                []string
	}{
		{name: "all described", schema: `{properties: {a: {}}}`, value: `{"a": 1}`},
		{name: "one more", schema: `{properties: {a: {}}}`, value: `{"a": 1, "b/c": 2}`, want: []string{"/b~1c  2"}},
		{name: "an object of anything", schema: `{type: object}`, value: `{"a": 1}`},
		{name: "additional ones are allowed", schema: `{properties: {a: {}}, additionalProperties: true}`, value: `{"b": 1}`},
		{name: "additional ones are forbidden", schema: `{properties: {a: {}}, additionalProperties: false}`, value: `{"b": 1}`},
		{
			name: "in additional ones", schema: `{properties: {a: {}}, additionalProperties: {properties: {c: {}}}}`,
			value: `{"b": {"d": 1}}`, want: []string{"/b/d /additionalProperties 1"},
		},
		{
			name: "patterns", schema: `{properties: {a: {}}, patternProperties: {^x-: {properties: {a: {}}}}}`,
			value: `{"x-a": {"b": 1}, "c": 1}`, want: []string{"/x-a/b /patternProperties/^x- 1"},
		},
		{
			name:   "patterns and additional ones",
			schema: `{patternProperties: {^x-: {properties: {a: {}}}}, additionalProperties: {properties: {b: {}}}}`,
			value:  `{"x-a": {"b": 1}, "c": {"a": 1}}`, want: []string{"/x-a/b /patternProperties/^x- 1", "/c/a /additionalProperties 1"},
		},
		{name: "unevaluated ones", schema: `{properties: {a: {}}, unevaluatedProperties: false}`, value: `{"b": 1}`},
		{
			name: "by one of allOf", schema: `{allOf: [{properties: {a: {}}}, {properties: {b: {}}}]}`, value: `{"a": 1, "b": 2, "c": 3}`,
			want: []string{"/c  3"},
		},
		{
			name:   "by two of allOf",
			schema: `{allOf: [{properties: {a: {properties: {b: {}}}}}, {properties: {a: {properties: {c: {}}}}}]}`,
			value:  `{"a": {"b": 1, "c": 2, "d": 3}}`, want: []string{"/a/d /allOf/0/properties/a 3"},
		},
		{
			name: "by an alternative", schema: `{oneOf: [{properties: {a: {}}}, {anyOf: [{properties: {b: {}}}]}]}`,
			value: `{"a": 1, "b": 2, "c": 3}`, want: []string{"/c  3"},
		},
		{
			name: "by a condition",
			schema: `{if: {properties: {a: {}}}, then: {properties: {b: {}}}, else: {properties: {c: {}}},
				dependentSchemas: {d: {properties: {d: {}}}}}`,
			value: `{"a": 1, "b": 2, "c": 3, "d": 4, "e": 5}`, want: []string{"/e  5"},
		},
		{
			name: "in lists", schema: `{prefixItems: [{properties: {a: {}}}], items: {properties: {b: {}}}}`,
			value: `[{"b": 1}, {"b": 1}, {"a": 1}]`, want: []string{"/0/b /prefixItems/0 1", "/2/a /items 1"},
		},
		{name: "beside a wrong value", schema: `{properties: {a: {type: string}}}`, value: `{"a": 1, "b": 2}`, want: []string{"/b  2"}},
		{
			name: "a schema that contains itself", schema: `{properties: {a: {$ref: A}}}`, value: `{"a": {"a": {"b": 1}}}`,
			want: []string{"/a/a/b /properties/a 1"},
		},
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

// rule returns a rule that always passes.
func rule(id string) string {
	return `x-rules: [{id: ` + id + `, says: It holds., grade: inferred, source: page, rule: "true"}]`
}

// TestObserved checks which elements of enums a value equals, and which schemas with rules describe it.
func TestObserved(t *testing.T) {
	doc := document(t, v31, `
A: {properties: {kind: {enum: [one, two, 1]}, items: {type: array, items: {$ref: Item}},
	one: {oneOf: [{$ref: Item}, {type: integer, `+rule("count")+`}]}}, `+rule("whole")+`},
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

// TestInOneWalk checks for which values ValidAndObserve needs no second walk.
func TestInOneWalk(t *testing.T) {
	for _, test := range []struct {
		name, schema, value string
		want                bool
	}{
		{
			name: "a right value", schema: `{properties: {a: {items: {enum: [x, 1, 1.0], ` + rule("item") + `}}}, ` + rule("whole") + `}`,
			value: `{"a": ["x", 1]}`, want: true,
		},
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
		{
			name: "a reference", schema: `{$defs: {b: {enum: [1], ` + rule("b") + `}}, items: {$ref: '#/components/schemas/A/$defs/b'}}`,
			value: `[1]`, want: true,
		},
		{
			name:   "a reference with a rule",
			schema: `{$defs: {b: {enum: [1]}}, items: {$ref: '#/components/schemas/A/$defs/b', ` + rule("b") + `}}`, value: `[1]`,
		},
		{name: "a reference to an undocumented member", schema: `{allOf: [{properties: {a: {}}}]}`, value: `{"b": 1}`},
		{name: "a reference to itself, which is refused", schema: `{$ref: A}`, value: `1`, want: true},
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
