package rule_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract/internal/rule"
)

// joins are rules that search a list for each element of another list or of the same one.
var joins = []string{
	`self.a.all(r, self.a.exists_one(o, o.k == r.k))`,
	`self.a.all(r, self.a.exists(o, r.k == o.k && o.n == r.n))`,
	`self.a.exists(r, !self.b.exists(o, o.n > 1 && o.k == r.k))`,
	`self.a.all(r, self.b.all(o, o.k != r.k || o.n <= r.n))`,
	`self.a.all(r, self.b.all(o, !(o["k"] == r.k)))`,
	`self.a.exists(r, self.b.exists_one(o, o.k == r.k && o.n == 1))`,
	`self.a.all(r, size(self.b.filter(o, o.k == r.k)) < 3)`,
	`self.a.all(r, self.b.map(o, o.k == r.k, o.n) != [1, 2])`,
	`self.a.all(r, self.b.map(o, o.k == r.k, o.n) == self.b.filter(o, o.k == r.k).map(o, o.n))`,
	`self.a.all(r, r.k in self.b.map(o, o.k))`,
	`self.a.exists(r, r.k in self.l)`,
	`self.l.all(r, self.l.exists_one(o, o == r))`,
	`self.l.exists(r, r in self.b.map(o, o.k) && !(r in self.a.map(o, o.k)))`,
	`[1, 2.0, "a", "b", 0].all(t, self.a.exists(o, o.k == t))`,
	`[1, 2.0, "a", "b", 0].exists(self, self.a.exists(o, o.k == self))`,
	`self.a.all(self, self.l.exists_one(o, o == self.k))`,
	`self.l.all(r, self.a.all(r, r.k != r.n))`,
	`self.a.all(x, self.a.all(y, self.a.exists(z, z.k == x.k && z.n == y.n) || x.k != y.k))`,
	`self.a == self.b || self.l == self.l.map(x, x) && self.l != self.a`,
}

// TestJoinsAgreeWithCEL compares both evaluators for joins, over lists of a few keys of each type, with and without elements that
// have no key.
func TestJoinsAgreeWithCEL(t *testing.T) {
	pairs := []evaluators{}
	programs := []*rule.Program{}
	for _, expr := range joins {
		programs = append(programs, compile(t, expr, rule.OfValue), compile(t, "!("+expr+")", rule.OfValue))
	}
	group := rule.NewGroup(programs...)
	for i, p := range programs {
		pairs = append(pairs, evaluators{joins[i/2], inGroup{group, i}, p.ByCEL()})
	}
	random := rand.New(rand.NewPCG(1, 2))
	one := func(of ...string) string { return of[random.IntN(len(of))] }
	keys := [][]string{
		{`1`, `1.0`, `2`, `2.0`, `3`}, {`"a"`, `"b"`, `"\u0061"`, `"c"`, `""`}, {`0`, `-0`, `0.0`, `-0.0`, `false`, `null`, `""`},
		{`1e400`, `2e400`, `-1e400`, `1e308`}, {`9007199254740993`, `9007199254740992`, `9007199254740992.0`},
		{`9223372036854775807`, `9223372036854775808`, `9223372036854775806`}, {`[]`, `[1]`, `[1.0]`, `{}`, `{"x":1}`, `{"x":1.0}`, `{"y":1}`},
		{`true`, `false`, `null`, `1`, `"a"`, `[1]`},
	}
	native := 0
	for range 1500 {
		set := keys[random.IntN(len(keys))]
		list := func(element func() string) string {
			elements := []string{}
			for range random.IntN(2) * random.IntN(14) {
				elements = append(elements, element())
			}
			return "[" + strings.Join(elements, ",") + "]"
		}
		hasGaps := random.IntN(4) == 0
		object := func() string {
			if hasGaps && random.IntN(8) == 0 {
				return one(`{"n":1}`, `1`, `{"k":2}`, `null`)
			}
			return fmt.Sprintf(`{"k":%s,"n":%s}`, one(set...), one("1", "2", "1.0"))
		}
		v := rule.Variables{}
		v.Response.Body = body(t, fmt.Sprintf(`{"a":%s,"b":%s,"l":%s}`, list(object), list(object), list(func() string { return one(set...) })))
		v.Self = v.ResponsePart(v.Response.Body)
		b := &both{native: v, cel: v}
		for i, p := range pairs {
			b.agree(t, p, v.Response.Body.Compact())
			if programs[i].IsNative(&v) {
				native++
			}
		}
	}
	if evaluated := 1500 * len(pairs); native < evaluated*8/10 {
		t.Errorf("the closures decided only %d of %d evaluations", native, evaluated)
	}
}

// TestLargeJoin checks that a join over a large list is linear: otherwise it takes too many steps, and fails.
func TestLargeJoin(t *testing.T) {
	items := []string{}
	for i := range 100_000 {
		items = append(items, fmt.Sprintf(`{"max":10,"min":0,"quota":5,"type":"type%d","used":null}`, i))
	}
	v := &rule.Variables{Response: rule.Response{Status: 200, Body: body(t, "["+strings.Join(items, ",")+"]")}}
	v.Previous = &rule.Response{Status: 200, Body: v.Response.Body}
	v.Self = v.ResponsePart(v.Response.Body)
	for _, test := range []struct {
		expr string
		of   rule.Scope
	}{
		{expr: `self.all(r, self.exists_one(o, o.type == r.type))`, of: rule.OfValue},
		{expr: `response.body.all(r, r.type in previous.body.map(p, p.type))`},
		{
			expr: `response.body.all(r, previous.body.exists(p, p.type == r.type && p.quota == r.quota && p.min == r.min && p.max == r.max))`,
		},
	} {
		program := compile(t, test.expr, test.of)
		if _, holds, err := program.Evaluate(v); !holds || err != nil || !program.IsNative(v) {
			t.Errorf("%s: holds %v, error %v, native %v", test.expr, holds, err, program.IsNative(v))
		}
	}
}
