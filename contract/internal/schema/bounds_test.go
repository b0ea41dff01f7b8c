package schema

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// visits counts how often a check visits a value by a schema that others apply.
func visits(c *Checker, at strictjson.Value, report func(Error) bool) int {
	v := newVisitor(c.set, at, Options{})
	defer v.free()
	v.report = report
	before := v.work
	v.visit(c, at, nil)
	return before - v.work
}

// TestDoubling checks values at which each level has two ways to the next: sixty levels have 2^60 ways.
func TestDoubling(t *testing.T) {
	const depth = 60
	for _, test := range []struct{ name, version, schema string }{
		{"anyOf", v30, `A: {type: object, anyOf: [{required: [no]}, {properties: {a: {$ref: '#/components/schemas/A'}}}, {properties: {a: {$ref: '#/components/schemas/A'}}}]}`},
		{"allOf", v30, `A: {allOf: [{properties: {a: {$ref: '#/components/schemas/A'}}}, {properties: {a: {$ref: '#/components/schemas/A'}}}]}`},
		{"oneOf", v30, `A: {oneOf: [{properties: {a: {$ref: '#/components/schemas/A'}}, required: [a]}, {properties: {a: {$ref: '#/components/schemas/A'}}, maxProperties: 1}, {type: string}]}`},
		{"not", v31, `A: {not: {not: {properties: {a: {$ref: '#/components/schemas/A'}}}}, if: {properties: {a: {$ref: '#/components/schemas/A'}}}, then: {}}`},
		{"unevaluated", v31, `A: {allOf: [{properties: {a: {$ref: '#/components/schemas/A'}}}, {properties: {a: {$ref: '#/components/schemas/A'}}}], unevaluatedProperties: false}`},
		{"dynamic", v31, `A: {$id: 'http://a/', $dynamicAnchor: a, type: object, anyOf: [{required: [no]}, {properties: {a: {$dynamicRef: '#a'}}}, {properties: {a: {$dynamicRef: '#a'}}}]}`},
		{"in place", v30, inPlace(depth)},
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
					t.Errorf("%s: valid %t, violations %t", leaf, valid, found)
				}
			}
		})
	}
}

// inPlace is a schema of two that each consist of the same two, and so on.
func inPlace(depth int) string {
	var b strings.Builder
	b.WriteString(`A: {$ref: '#/components/schemas/L0'}`)
	for i := range depth {
		fmt.Fprintf(&b, ", L%d: {allOf: [{$ref: '#/components/schemas/L%d'}, {$ref: '#/components/schemas/L%d'}]}", i, i+1, i+1)
	}
	fmt.Fprintf(&b, ", L%d: {not: {type: string}}", depth)
	return b.String()
}

// TestRemembered checks that a result is the same when it is remembered: each list has the same wrong and right elements many
// times over.
func TestRemembered(t *testing.T) {
	doc := document(t, v31, `
A: {type: array, items: {allOf: [{$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/B'}]}},
B: {anyOf: [{properties: {a: {type: integer}}}, {required: [b]}], unevaluatedProperties: false}`)
	c := New(doc).Checker(component(t, doc, "A"))
	for _, test := range []struct {
		element string
		want    int // violations of 1000 elements that are remembered from the first on
	}{
		{`{"a": 1}`, 0},
		{`{"a": 1, "c": 2}`, 1000},
		{`{"b": 1}`, 1000},
	} {
		at := value(t, `[`+strings.TrimSuffix(strings.Repeat(test.element+",", 1000), ",")+`]`)
		got := 0
		v := newVisitor(c.set, at, Options{})
		v.report = func(Error) bool { got++; return true }
		v.work = 0
		if ok := v.visit(c, at, nil); ok != (test.want == 0) || got != test.want {
			t.Errorf("%s: got %d violations, %t", test.element, got, ok)
		}
		v.free()
	}
}

// TestRememberedApart checks that a result is remembered with how it came about: without marks or with them, quietly or not,
// and within a type or by itself.
func TestRememberedApart(t *testing.T) {
	for _, test := range []struct{ name, version, schema, value, want string }{
		{"marks", v31, `A: {allOf: [{not: {not: {$ref: '#/components/schemas/X'}}}, {$ref: '#/components/schemas/X'}], unevaluatedProperties: false}, X: {allOf: [{properties: {a: {}}}]}`, `{"a": 1}`, ""},
		{"quiet", v31, `A: {allOf: [{anyOf: [{$ref: '#/components/schemas/X'}, {}]}, {$ref: '#/components/schemas/X'}]}, X: {allOf: [{required: [a]}]}`, `{}`, "required"},
		{"subtype", v30, `
A: {allOf: [{not: {allOf: [{$ref: '#/components/schemas/Pet'}]}}, {$ref: '#/components/schemas/Cat'}]},
Pet: {type: object, properties: {type: {type: string}, n: {type: integer}}, discriminator: {propertyName: type}},
Cat: {allOf: [{$ref: '#/components/schemas/Pet'}]}`, `{"type": "Cat", "n": "x"}`, "type"},
	} {
		doc := document(t, test.version, test.schema)
		c := New(doc).Checker(component(t, doc, "A"))
		at, got := value(t, test.value), ""
		for _, report := range []func(Error) bool{nil, func(v Error) bool { got += v.Keyword; return true }} {
			v := newVisitor(c.set, at, Options{})
			v.report, v.work = report, 0
			if ok := v.visit(c, at, nil); ok != (test.want == "") {
				t.Errorf("%s: got %t", test.name, ok)
			}
			v.free()
		}
		if got != test.want {
			t.Errorf("%s: got violations %q, want %q", test.name, got, test.want)
		}
	}
}

// TestMemory checks that what a check remembers counts as held until it ends, and ends the check if it is too much: each level
// has two ways to the next, and many schemas are remembered at each.
func TestMemory(t *testing.T) {
	const depth = 60
	doc := document(t, v30, `A: {allOf: [{properties: {a: {$ref: '#/components/schemas/A'}}}, {properties: {a: {$ref: '#/components/schemas/A'}}}], required: [b]}`)
	c := New(doc).Checker(component(t, doc, "A"))
	at := value(t, strings.Repeat(`{"a":`, depth)+"{}"+strings.Repeat("}", depth))
	for _, test := range []struct {
		name   string
		memory int // bytes
		ends   bool
	}{
		{"enough", 1 << 20, false},
		{"too little", 1 << 10, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			budget, violations := NewBudget(time.Hour, test.memory), 0
			c.Check(at, Options{Budget: budget}, func(Error) bool { violations++; return true })
			if (budget.Err() != nil) != test.ends || (violations < depth+1) != test.ends {
				t.Errorf("%d violations, error %v", violations, budget.Err())
			}
			if budget.held != 0 {
				t.Errorf("%d bytes are still held", budget.held)
			}
		})
	}
}

// TestMemoryOfUnique checks that what is held to compare the elements of an array counts until they are compared, and ends the
// check if it is too much.
func TestMemoryOfUnique(t *testing.T) {
	doc := document(t, v30, `A: {uniqueItems: true}, B: {properties: {a: {uniqueItems: true}, b: {uniqueItems: true}}}`)
	list := "[1" + strings.Repeat(",1", 1000) + "]"
	for _, test := range []struct {
		name, schema, value string
		memory              int // bytes
		violations          int // of those found before the end
		ends                bool
	}{
		{"enough", "A", list, 1001 * hashedSize, 1, false},
		{"too little", "A", list, 1001*hashedSize - 1, 0, true},
		{"enough for one after the other", "B", `{"a":` + list + `,"b":` + list + `}`, 1001*hashedSize + 1000, 2, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, budget, violations := New(doc).Checker(component(t, doc, test.schema)), NewBudget(time.Hour, test.memory), 0
			c.Check(value(t, test.value), Options{Budget: budget}, func(Error) bool { violations++; return true })
			if (budget.Err() != nil) != test.ends || violations != test.violations || budget.held != 0 {
				t.Errorf("%d violations, error %v, %d bytes are still held", violations, budget.Err(), budget.held)
			}
		})
	}
}

// TestSlowPattern checks a list of texts on each of which a match takes too long: the pattern is tried on one of them.
func TestSlowPattern(t *testing.T) {
	doc := document(t, v31, `A: {items: {pattern: '^(?=(a+)+$)(?:\1+)+$'}}`)
	c := New(doc).Checker(component(t, doc, "A"))
	at := value(t, `[`+strings.Repeat(`"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab",`, 1000)+`""]`)
	v := newVisitor(c.set, at, Options{})
	defer v.free()
	if !v.visit(c, at, nil) || len(v.Budget.SlowPatterns()) != 1 {
		t.Errorf("slow patterns: %v", v.Budget.SlowPatterns())
	}
}

// TestClock checks that a match that may take long is followed by a look at the clock, however small the value is: the next
// value of the exchange has a visitor of its own.
func TestClock(t *testing.T) {
	doc := document(t, v31, `A: {pattern: '^(?=a)'}, B: {pattern: '^a'}`)
	for name, ends := range map[string]bool{"A": true, "B": false} {
		c, budget := New(doc).Checker(component(t, doc, name)), NewBudget(0, 0)
		c.Valid(value(t, `"a"`), Options{Budget: budget})
		if (budget.Err() != nil) != ends {
			t.Errorf("%s: got %v", name, budget.Err())
		}
	}
}

// TestDeep checks the deepest value that is read, by a schema that contains itself in many ways.
func TestDeep(t *testing.T) {
	doc := document(t, v31, `A: {type: [object, array], items: {$ref: '#/components/schemas/A'}, properties: {a: {allOf: [{$ref: '#/components/schemas/A'}], unevaluatedProperties: false}}}`)
	c := New(doc).Checker(component(t, doc, "A"))
	for _, levels := range []string{`[`, `{"a":`} {
		end := map[string]string{`[`: `]`, `{"a":`: `}`}[levels]
		text := strings.Repeat(levels, 511) + `1` + strings.Repeat(end, 511)
		pointers := []string{}
		c.Check(value(t, text), Options{}, func(v Error) bool { pointers = append(pointers, v.Pointer()); return true })
		if len(pointers) != 1 || strings.Count(pointers[0], "/") != 511 {
			t.Errorf("%s: violations at %q", levels, pointers)
		}
	}
}

// TestUniqueItems compares a long array, which is hashed, with a short one.
func TestUniqueItems(t *testing.T) {
	doc := document(t, v30, `A: {uniqueItems: true}`)
	c := New(doc).Checker(component(t, doc, "A"))
	others := make([]string, 20000)
	for i := range others {
		others[i] = fmt.Sprintf(`%d, "text %d", {"a": %d}, [%d, 0], 1e%d`, i+2, i, i, i, i+400)
	}
	for _, test := range []struct {
		two  string
		want bool
	}{
		{`1, "1"`, true},
		{`1, 1.0`, false},
		{`0, -0`, false},
		{`10000000000000000000, 1e19`, false},
		{`0.5, 0.50000000000000000000000000001`, true},
		{`{"x": 1, "y": 2}, {"y": 2.0, "x": 1}`, false},
		{`{"x": 1, "y": 2}, {"x": 2, "y": 1}`, true},
		{`[true, null], [true, null]`, false},
		{`[[1], 2], [1, [2]]`, true},
		{`"é", "\u00e9"`, false},
	} {
		for _, list := range []string{`[` + test.two + `]`, `[` + strings.Join(others, ",") + `,` + test.two + `]`} {
			if got := c.Valid(value(t, list), Options{}); got != test.want {
				t.Errorf("%s in %d bytes: got %t", test.two, len(list), got)
			}
		}
	}
}

// TestConcurrent compiles and checks from several goroutines at once.
func TestConcurrent(t *testing.T) {
	doc := document(t, v31, animals)
	set, v := New(doc), value(t, `{"kind": "tom", "type": "Owl", "n": 1}`)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for s := range doc.Schemas() {
				c := set.Checker(s)
				found := false
				c.Check(v, Options{}, func(Error) bool { found = true; return true })
				if c.Valid(v, Options{}) == found {
					t.Errorf("%s: Valid and Check differ", s.Node.Pointer())
				}
				c.Observe(v, Options{}, Observer{Undocumented: func(func() string, *spec.Schema, strictjson.Value) {}})
			}
		})
	}
	all.Wait()
}
