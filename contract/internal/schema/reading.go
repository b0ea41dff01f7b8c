package schema

import "github.com/quotaspec/quotaspec/contract/internal/strictjson"

// Reading is a value with the result of its first check. That check only decides. If something is wrong or may be undocumented,
// Check and Observe walk the value again to explain. After [Checker.Read], which marks what it does not find right
// (strictjson.Value.IsMarked), these walks leave out the parts without a mark. So a large value with one error costs little
// more than a right one.
//
// A part lacks a mark only if one checker alone decides about it, and all checkers around it do too. So the walks, which come
// from the same checker on the same way, would find nothing there. Marks mean nothing to any other walk, such as
// [Checker.Valid] of a part.
type Reading struct {
	Value strictjson.Value
	// Valid reports whether the value satisfies the schema. It has no meaning if the budget has run out.
	Valid bool
	// Observed reports whether the observer has received everything. Otherwise the caller must discard the values that Described
	// received, and call Observe.
	Observed bool

	checker  *Checker
	options  Options
	isMarked bool // the parts of the value that are not right have marks
}

// First checks a value that was read before.
func (c *Checker) First(value strictjson.Value, o Options, observer Observer) Reading {
	r := Reading{Value: value, checker: c, options: o}
	r.Valid, r.Observed = c.ValidAndObserve(value, o, observer)
	return r
}

// Check reports each error, as [Checker.Check] does.
func (r *Reading) Check(report func(Error) bool) {
	if r.Valid {
		return
	}
	v := newVisitor(r.checker.set, r.Value, r.options)
	defer v.free()
	v.report, v.skipsRight = report, r.isMarked
	v.visit(r.checker, r.Value, nil)
}

// Observe reports what the value shows of the document, as [Checker.Observe] does. It may leave out elements of enums that the first
// check has reported.
func (r *Reading) Observe(observer Observer) {
	if r.checker == nil {
		return
	}
	// The right parts that have rules are needed again, in the order of the document.
	r.checker.observe(r.Value, r.options, observer, r.isMarked && (observer.Described == nil || !r.checker.set.hasRules))
}
