package schema

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// TestBudgetTime checks that time counts, except in a function that runs untimed.
func TestBudgetTime(t *testing.T) {
	doc, err := spec.Read("a.yaml", []byte("openapi: 3.0.3\ninfo: {title: A, version: '1'}\npaths: {}\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	place := doc.Root
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget(time.Second, 0)
		b.Untimed(func() { time.Sleep(time.Minute) })
		time.Sleep(time.Second)
		if !b.InTime(place) {
			t.Errorf("within the limit: %v", b.Err())
		}
		time.Sleep(time.Millisecond)
		if b.InTime(place) || b.Err() == nil {
			t.Error("beyond the limit: no error")
		}
	})
}

// TestBudgetMemory checks that remembered results count as memory until the check ends, and that the check ends
// early if they need too much. Each level of the value has two ways to the next, and many schemas are remembered at
// each.
func TestBudgetMemory(t *testing.T) {
	const depth = 60
	doc := document(t, v30, `A: {allOf: [{properties: {a: {$ref: A}}}, {properties: {a: {$ref: A}}}], required: [b]}`)
	c := New(doc).Checker(component(t, doc, "A"))
	at := value(t, strings.Repeat(`{"a":`, depth)+"{}"+strings.Repeat("}", depth))
	for _, test := range []struct {
		name   string
		memory int // bytes
		ends   bool
	}{
		{name: "enough", memory: 1 << 20},
		{name: "too little", memory: 1 << 10, ends: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			budget, found := NewBudget(time.Hour, test.memory), 0
			c.Check(at, Options{Budget: budget}, func(Error) bool { found++; return true })
			if (budget.Err() != nil) != test.ends || (found < depth+1) != test.ends {
				t.Errorf("%d errors, error %v", found, budget.Err())
			}
			if budget.used != 0 {
				t.Errorf("%d bytes are still in use", budget.used)
			}
		})
	}
}

// TestBudgetMemoryOfUniqueItems checks that the memory for comparing array elements counts until they are compared,
// and that the check ends early if they need too much.
func TestBudgetMemoryOfUniqueItems(t *testing.T) {
	doc := document(t, v30, `A: {uniqueItems: true}, B: {properties: {a: {uniqueItems: true}, b: {uniqueItems: true}}}`)
	list := "[1" + strings.Repeat(",1", 1000) + "]"
	for _, test := range []struct {
		name, schema, value string
		memory              int // bytes
		found               int // of those found before the end
		ends                bool
	}{
		{name: "enough", schema: "A", value: list, memory: 1001 * hashedSize, found: 1},
		{name: "too little", schema: "A", value: list, memory: 1001*hashedSize - 1, ends: true},
		{
			name: "enough for one after the other", schema: "B", value: `{"a":` + list + `,"b":` + list + `}`,
			memory: 1001*hashedSize + 1000, found: 2,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, budget, found := New(doc).Checker(component(t, doc, test.schema)), NewBudget(time.Hour, test.memory), 0
			c.Check(value(t, test.value), Options{Budget: budget}, func(Error) bool { found++; return true })
			if (budget.Err() != nil) != test.ends || found != test.found || budget.used != 0 {
				t.Errorf("%d errors, error %v, %d bytes are still in use", found, budget.Err(), budget.used)
			}
		})
	}
}

// TestSlowPattern checks a list of strings that each take a pattern too long. The pattern is tried on the first one
// only.
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

// TestBudgetClock checks that a visitor looks at the clock after a match that may be slow, however small the value
// is: the next value of the exchange has a visitor of its own.
func TestBudgetClock(t *testing.T) {
	doc := document(t, v31, `A: {pattern: '^(?=a)'}, B: {pattern: '^a'}`)
	for name, ends := range map[string]bool{"A": true, "B": false} {
		c, budget := New(doc).Checker(component(t, doc, name)), NewBudget(0, 0)
		c.Valid(value(t, `"a"`), Options{Budget: budget})
		if (budget.Err() != nil) != ends {
			t.Errorf("%s: got %v", name, budget.Err())
		}
	}
}
