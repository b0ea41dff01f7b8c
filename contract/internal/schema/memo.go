package schema

import (
	"fmt"
	"math"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
)

// Branches can multiply the visits at each level of a value. The schema
//
//	A: {anyOf: [{properties: {a: {$ref: A}}}, {properties: {a: {$ref: A}}}]}
//
// has two ways from each level to the next, so a value of 30 levels would take a billion visits. The remedy is to remember
// results: each checker then visits each part once. But remembering a result costs more than most visits, and few values need
// it. So a visitor starts to remember when it has made many more visits than the value has parts (visitor.untilMemo).
//
// A result may be reused only where a new visit would do the same. So the key has everything that a visit depends on.
// One kind of result must not be stored at all: that of a visit which was cut short because the checker is already
// being applied to the value further out (visitor.inProgress). It is only part of a larger result that is not known
// yet.

// memoKey identifies a visit.
type memoKey struct {
	checker *Checker
	value   strictjson.Value
	scope   string // the addresses of the resources in the dynamic scope
	marked  bool   // the visit also collects marks
	quiet   bool   // the visit reports no errors
	as      types
}

// memoResult is the outcome of a visit.
type memoResult struct {
	ok    bool
	marks *marks
}

// resultSize estimates the bytes of memory for one remembered result.
const resultSize = 150

// memoized checks the value by all keywords of a checker, or returns the remembered result.
func (v *visitor) memoized(c *Checker, value strictjson.Value, m *marks) bool {
	if v.untilMemo--; v.untilMemo > 0 {
		return v.all(c, value, m)
	}
	if v.memo == nil {
		v.memo = map[memoKey]memoResult{}
	}
	key := memoKey{c, value, fmt.Sprint(v.scope), m != nil, !v.wantsMore(), v.as}
	known, ok := v.memo[key]
	if !ok {
		outer, own := v.cycle, len(v.inPlace)-1
		v.cycle = math.MaxInt
		known = memoResult{v.all(c, value, m), m}
		if v.cycle >= own { // no cycle leads further out than this visit, so its result is complete
			v.memo[key] = known
			v.hold(resultSize+len(key.scope)+known.marks.size(), c)
			v.cycle = math.MaxInt
		}
		v.cycle = min(v.cycle, outer)
	} else if m != nil {
		m.addAll(known.marks)
	}
	return known.ok
}
