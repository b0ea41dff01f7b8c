package schema

import (
	"math"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Branches may double at each level: of anyOf with two alternatives that both lead on to the same schema, a value of thirty
// levels makes a billion visits. Few values do, and most visits are cheaper than to remember them. So a visitor begins to
// remember results when it has made many more visits than the value has parts; from then on each checker visits each value
// once, within one dynamic scope.

type memo struct {
	results map[visited]result
	scopes  map[scope]int
}

type visited struct {
	checker *Checker
	at      strictjson.Value
	scope   int
	// A visit with marks says more than one without, and one that reports does more than a quiet one.
	marked, quiet bool
	as            types
}

type result struct {
	ok    bool
	marks marks
}

// scope is a dynamic scope: one resource more than another.
type scope struct {
	outer    int
	resource *spec.Node
}

// scopeNumber returns a number of the dynamic scope at hand.
func (v *visitor) scopeNumber() int {
	number := 0
	for _, resource := range v.scope {
		s := scope{number, resource}
		if v.memo.scopes[s] == 0 {
			v.memo.scopes[s] = len(v.memo.scopes) + 1
		}
		number = v.memo.scopes[s]
	}
	return number
}

// remembered checks the value by all keywords, or returns what that had as its result.
func (v *visitor) remembered(c *Checker, at strictjson.Value, m *marks) bool {
	if v.work--; v.work > 0 {
		return v.all(c, at, m)
	}
	if v.memo.results == nil {
		v.memo.results, v.memo.scopes = map[visited]result{}, map[scope]int{}
	}
	key := visited{c, at, v.scopeNumber(), m != nil, !v.goesOn(), v.as}
	known, ok := v.memo.results[key]
	if !ok {
		outer, own := v.cut, len(v.inPlace)-1
		v.cut = math.MaxInt
		known.ok = v.all(c, at, m)
		if m != nil {
			known.marks = *m
		}
		if v.cut >= own { // else it depends on a result that is not known yet
			v.memo.results[key] = known
			v.cut = math.MaxInt
		}
		v.cut = min(v.cut, outer)
	} else if m != nil {
		m.merge(&known.marks)
	}
	return known.ok
}
