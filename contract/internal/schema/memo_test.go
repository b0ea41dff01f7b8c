package schema

import (
	"fmt"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
)

// visits counts the visits of one check by checkers that are not simple.
func visits(c *Checker, at strictjson.Value, report func(Error) bool) int {
	v := newVisitor(c.set, at, Options{})
	defer v.free()
	v.report = report
	before := v.untilMemo
	v.visit(c, at, nil)
	return before - v.untilMemo
}

// TestMemoBoundsVisits checks values of 60 levels. Each level has two ways to the next, so there are 2^60 ways.
func TestMemoBoundsVisits(t *testing.T) {
	const depth = 60
	for _, test := range []struct{ name, version, schema string }{
		{
			name: "anyOf", version: v30,
			schema: `A: {type: object, anyOf: [{required: [no]}, {properties: {a: {$ref: A}}}, {properties: {a: {$ref: A}}}]}`,
		},
		{name: "allOf", version: v30, schema: `A: {allOf: [{properties: {a: {$ref: A}}}, {properties: {a: {$ref: A}}}]}`},
		{
			name: "oneOf", version: v30,
			schema: `A: {oneOf: [{properties: {a: {$ref: A}}, required: [a]}, {properties: {a: {$ref: A}}, maxProperties: 1}, {type: string}]}`,
		},
		{name: "not", version: v31, schema: `A: {not: {not: {properties: {a: {$ref: A}}}}, if: {properties: {a: {$ref: A}}}, then: {}}`},
		{
			name: "unevaluated", version: v31,
			schema: `A: {allOf: [{properties: {a: {$ref: A}}}, {properties: {a: {$ref: A}}}], unevaluatedProperties: false}`,
		},
		{
			name: "dynamic", version: v31,
			schema: `A: {$id: 'http://a/', $dynamicAnchor: a, type: object,
				anyOf: [{required: [no]}, {properties: {a: {$dynamicRef: '#a'}}}, {properties: {a: {$dynamicRef: '#a'}}}]}`,
		},
		{name: "in place", version: v30, schema: doublingAllOf(depth)},
	} {
		t.Run(test.name, func(t *testing.T) {
			doc := document(t, test.version, test.schema)
			c := New(doc).Checker(component(t, doc, "A"))
			for _, leaf := range []string{`{}`, `1`, `""`, `{"a": {"b": []}}`} {
				v := value(t, strings.Repeat(`{"a":`, depth)+leaf+strings.Repeat("}", depth))
				most := 0
				for _, report := range []func(Error) bool{nil, func(Error) bool { return true }} {
					most = max(most, visits(c, v, report))
				}
				if most > 20000 {
					t.Errorf("%d visits", most)
				}
				valid := c.Valid(v, Options{})
				found := false
				c.Check(v, Options{}, func(Error) bool { found = true; return true })
				if valid == found {
					t.Errorf("%s: valid %t, errors %t", leaf, valid, found)
				}
			}
		})
	}
}

// doublingAllOf returns a chain of schemas, each of which includes the next one twice.
func doublingAllOf(depth int) string {
	var b strings.Builder
	b.WriteString(`A: {$ref: L0}`)
	for i := range depth {
		fmt.Fprintf(&b, ", L%d: {allOf: [{$ref: '#/components/schemas/L%d'}, {$ref: '#/components/schemas/L%d'}]}", i, i+1, i+1)
	}
	fmt.Fprintf(&b, ", L%d: {not: {type: string}}", depth)
	return b.String()
}

// TestMemoResult checks that remembered results are right: each list repeats the same element.
func TestMemoResult(t *testing.T) {
	doc := document(t, v31, `
A: {type: array, items: {allOf: [{$ref: B}, {$ref: B}]}},
B: {anyOf: [{properties: {a: {type: integer}}}, {required: [b]}], unevaluatedProperties: false}`)
	c := New(doc).Checker(component(t, doc, "A"))
	for _, test := range []struct {
		element string
		want    int // errors of 1000 elements that are remembered from the first on
	}{
		{element: `{"a": 1}`},
		{element: `{"a": 1, "c": 2}`, want: 1000},
		{element: `{"b": 1}`, want: 1000},
	} {
		at := value(t, `[`+strings.TrimSuffix(strings.Repeat(test.element+",", 1000), ",")+`]`)
		got := 0
		v := newVisitor(c.set, at, Options{})
		v.report = func(Error) bool { got++; return true }
		v.untilMemo = 0
		if ok := v.visit(c, at, nil); ok != (test.want == 0) || got != test.want {
			t.Errorf("%s: got %d errors, %t", test.element, got, ok)
		}
		v.free()
	}
}

// TestMemoKey checks that a result is reused only where it applies: with or without marks, quiet or not, inside a
// cycle or outside.
func TestMemoKey(t *testing.T) {
	for _, test := range []struct{ name, version, schema, value, want string }{
		{
			name: "marks", version: v31,
			schema: `A: {allOf: [{not: {not: {$ref: X}}}, {$ref: X}], unevaluatedProperties: false},
				X: {type: object, allOf: [{properties: {a: {}}}]}`,
			value: `{"a": 1}`,
		},
		{
			name: "quiet", version: v31, schema: `A: {allOf: [{anyOf: [{$ref: X}, {}]}, {$ref: X}]}, X: {allOf: [{required: [a]}]}`,
			value: `{}`, want: "required",
		},
		{
			name: "subtype", version: v30,
			schema: `
A: {allOf: [{not: {allOf: [{$ref: Pet}]}}, {$ref: Cat}]},
Pet: {type: object, properties: {type: {type: string}, n: {type: integer}}, discriminator: {propertyName: type}},
Cat: {allOf: [{$ref: Pet}]}`,
			value: `{"type": "Cat", "n": "x"}`, want: "type",
		},
	} {
		doc := document(t, test.version, test.schema)
		c := New(doc).Checker(component(t, doc, "A"))
		at, got := value(t, test.value), ""
		for _, report := range []func(Error) bool{nil, func(e Error) bool { got += e.Keyword; return true }} {
			v := newVisitor(c.set, at, Options{})
			v.report, v.untilMemo = report, 0
			if ok := v.visit(c, at, nil); ok != (test.want == "") {
				t.Errorf("%s: got %t", test.name, ok)
			}
			v.free()
		}
		if got != test.want {
			t.Errorf("%s: got errors %q, want %q", test.name, got, test.want)
		}
	}
}
