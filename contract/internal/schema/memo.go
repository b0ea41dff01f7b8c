package schema

import (
	"fmt"
	"math"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
)

// Branches may double at each level: of anyOf with two alternatives that both lead on to the same schema, a value of thirty
// levels makes a billion visits. Few values do, and most visits are cheaper than to remember them. So a visitor begins to
// remember results when it has made many more visits than the value has parts; from then on each checker visits each value
// once, within one dynamic scope.

type visited struct {
	checker *Checker
	at      strictjson.Value
	scope   string // the addresses of the resources of the dynamic scope
	// A visit with marks says more than one without, and one that reports does more than a quiet one.
	marked, quiet bool
	as            types
}

type result struct {
	ok    bool
	marks marks
}

// resultSize is about how many bytes it takes to remember a result.
const resultSize = 150

// remembered checks the value by all keywords, or returns what that had as its result.
func (v *visitor) remembered(c *Checker, at strictjson.Value, m marks) bool {
	if v.work--; v.work > 0 {
		return v.all(c, at, m)
	}
	if v.memo == nil {
		v.memo = map[visited]result{}
	}
	key := visited{c, at, fmt.Sprint(v.scope), m != nil, !v.goesOn(), v.as}
	known, ok := v.memo[key]
	if !ok {
		outer, own := v.cut, len(v.inPlace)-1
		v.cut = math.MaxInt
		known = result{v.all(c, at, m), m}
		if v.cut >= own { // else it depends on a result that is not known yet
			v.memo[key] = known
			v.hold(resultSize+len(key.scope)+known.marks.size(), c)
			v.cut = math.MaxInt
		}
		v.cut = min(v.cut, outer)
	} else if m != nil {
		m.addAll(known.marks)
	}
	return known.ok
}
