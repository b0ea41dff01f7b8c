package schema

import (
	"slices"
	"strconv"

	"github.com/quotaspec/quotaspec/contract/internal/pointer"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// visitor checks one value. It walks the value from the outside in: visit checks a value by one schema, child descends to a
// member or element. Functions that check return whether the value is right, and follow one pattern:
//
//	if !v.size(…) && v.stop(&ok) {
//		return false
//	}
//
// If the part is wrong, stop records that in ok. It also reports whether the function can return: when no further
// errors are wanted, one is enough. There are three modes. Without report, the first error ends the walk. With
// report, the walk goes on through all of the value. Within a branch, such as an alternative of anyOf, the visitor is
// quiet: it reports nothing, and the first error ends the branch.
type visitor struct {
	Options
	set    *Set
	whole  strictjson.Value
	report func(Error) bool // nil: the caller only needs to know whether there is an error
	quiet  bool             // within a branch
	done   bool             // report has returned false, or the budget is spent
	reported

	// The position in the value.
	path  []step           // from the whole value to the current one; only kept if errors are reported
	owner strictjson.Value // the part to report in place of a name or a missing member
	as    types            // the reading of the current string of a URL; 0: all readings

	// The position in the schemas.
	inPlace []*Checker   // the checkers applied to each value on the path, from the outside in
	base    int          // the index in inPlace of the first checker of the current value
	cycle   int          // the lowest index in inPlace that a cycle has led back to: see inProgress
	scope   []*spec.Node // the dynamic scope: the resources on the way, each once

	effort   int // since the last look at the clock: see Budget
	reserved int // bytes of memory counted in the budget

	untilMemo int // visits until results are remembered: see memo.go
	memo      map[memoKey]memoResult

	// The observations: see Checker.Observe.
	Observer
	observes   bool        // every observation so far could be made in this walk
	describers []describer // at its end those of the current value, before them those of the values around it
	enums      []uint64    // bit n: the element n of Set.enums was met
	skipsRight bool        // parts that Read has found right are left out: see Reading
}

// step leads from a value to a member or to an element.
type step struct {
	name  string
	index int // -1: the step leads to the member with the name
}

// newVisitor returns a visitor of a value, from the pool if possible.
func newVisitor(set *Set, value strictjson.Value, o Options) *visitor {
	v, ok := set.visitors.Get().(*visitor)
	if !ok {
		v = &visitor{set: set}
	}
	v.Options, v.whole, v.untilMemo = o, value, 1000+16*value.Size()
	if o.Budget.Err() != nil {
		v.effort = maxEffort
	}
	return v
}

// free returns the visitor to the pool. It keeps the memory of slices but nothing of the value.
func (v *visitor) free() {
	v.Budget.Release(v.reserved)
	clear(v.enums)
	*v = visitor{
		set: v.set, path: v.path[:0], inPlace: v.inPlace[:0], scope: v.scope[:0], describers: v.describers[:0], enums: v.enums,
	}
	v.set.visitors.Put(v)
}

// wantsMore reports whether errors are being reported, and further ones are wanted.
func (v *visitor) wantsMore() bool { return v.report != nil && !v.quiet && !v.done }

// stop records in ok that something is wrong, and reports whether the caller can return.
func (v *visitor) stop(ok *bool) bool {
	*ok = false
	return !v.wantsMore()
}

// fail reports that the current value does not satisfy a keyword. Otherwise it is like stop.
func (v *visitor) fail(c *Checker, keyword string, value strictjson.Value, ok *bool) bool {
	if v.wantsMore() {
		part := value
		if v.owner.Exists() {
			part = v.owner
		}
		if found := (Error{keyword, c.schema, part, value, v}); v.isFirst(c, found) {
			v.done = !v.report(found)
		}
	}
	return v.stop(ok)
}

// failPart is fail for a member or element of the current value.
func (v *visitor) failPart(c *Checker, keyword string, at step, part strictjson.Value, ok *bool) bool {
	v.path = append(v.path, at)
	enough := v.fail(c, keyword, part, ok)
	v.leavePart()
	return enough
}

// failMissing is fail for a member that an object lacks.
func (v *visitor) failMissing(c *Checker, keyword, name string, object strictjson.Value, ok *bool) bool {
	v.owner = object
	enough := v.failPart(c, keyword, step{name, -1}, strictjson.Value{}, ok)
	v.owner = strictjson.Value{}
	return enough
}

// pointer returns the path as a JSON Pointer.
func (v *visitor) pointer() string {
	var at []byte
	for _, s := range v.path {
		at = append(at, '/')
		if s.index >= 0 {
			at = strconv.AppendInt(at, int64(s.index), 10)
		} else {
			at = append(at, pointer.Escape(s.name)...)
		}
	}
	return string(at)
}

// child visits a member or element of the current value.
func (v *visitor) child(c *Checker, part strictjson.Value, at step) bool {
	if v.skipsRight && !part.IsMarked() {
		return true
	}
	outer, as := v.base, v.as
	v.base, v.as = len(v.inPlace), 0
	if v.report != nil {
		v.path = append(v.path, at)
	}
	ok := v.visit(c, part, nil)
	if v.report != nil {
		v.leavePart()
	}
	v.base, v.as = outer, as
	return ok
}

// leavePart removes the last step from the path. It clears the step, since a name would keep the text of the value
// in memory.
func (v *visitor) leavePart() {
	last := len(v.path) - 1
	v.path[last] = step{}
	v.path = v.path[:last]
}

// visit checks a value and reports whether it is right. Unless the marks are nil, it adds the members or elements
// that the schema evaluates. If the budget is spent, the visit ends at once and its result has no meaning.
func (v *visitor) visit(c *Checker, value strictjson.Value, m *marks) bool {
	if c.delegate != nil && c.delegate.isSimple && m == nil && !v.Text {
		c = c.delegate
	}
	switch {
	case c.acceptsAll:
		v.observes = v.observes && c.isSilent
		return true
	case !v.startVisit(c):
		return false
	case c.acceptsNone:
		ok := true
		v.fail(c, "boolean", value, &ok)
		return false
	}
	if c.isSimple {
		if v.observes && !c.isSilent {
			v.observe(describer{c, true}, value)
		}
		return v.own(c, value, m)
	}
	v.observes = false // several schemas describe the value: only Observe can tell which
	if v.Text && v.as == 0 && value.Kind() == strictjson.String {
		if spelled := spelledType(value.Text()); spelled != 0 && v.validAsEither(c, value, m, spelled, isString) {
			return true
		}
	}
	if v.inProgress(c) {
		return true // the visit further out decides
	}
	scoped := v.enter(c)
	if c.needsMarks && m == nil {
		m = &marks{}
	}
	ok := v.memoized(c, value, m)
	v.leave(scoped)
	return ok
}

// validAsEither reports whether a string of a URL is right by validAs in one of two readings.
func (v *visitor) validAsEither(c *Checker, value strictjson.Value, m *marks, first, second types) bool {
	return v.validAs(c, value, m, first) || v.validAs(c, value, m, second)
}

// validAs reports whether a string of a URL is right if every schema reads it as the same type. That matters for
//
//	{oneOf: [{type: integer}, {type: string}]}
//
// Under both readings at once, the text 7 matches both alternatives. Under each single reading, it matches exactly one.
func (v *visitor) validAs(c *Checker, value strictjson.Value, m *marks, as types) bool {
	quiet := v.quiet
	v.quiet, v.as = true, as
	ok := v.visit(c, value, m)
	v.quiet, v.as = quiet, 0
	return ok
}

// inProgress reports whether a checker is already being applied to the current value. A discriminator causes such
// cycles: it leads from a type to its subtype, which includes the type. A cycle ends there and counts as valid. Its
// index goes to v.cycle, because the results of all checkers further in now depend on that checker.
func (v *visitor) inProgress(c *Checker) bool {
	i := slices.Index(v.inPlace[v.base:], c)
	if i >= 0 {
		v.cycle = min(v.cycle, v.base+i)
	}
	return i >= 0
}

// enter notes that a checker applies to the current value, and reports whether it added to the dynamic scope.
func (v *visitor) enter(c *Checker) (scoped bool) {
	v.inPlace = append(v.inPlace, c)
	if scoped = c.resource != nil && !slices.Contains(v.scope, c.resource); scoped {
		v.scope = append(v.scope, c.resource)
	}
	return scoped
}

// leave undoes enter.
func (v *visitor) leave(scoped bool) {
	v.inPlace = v.inPlace[:len(v.inPlace)-1]
	if scoped {
		v.scope = v.scope[:len(v.scope)-1]
	}
}

// all checks the value by every keyword of a checker.
func (v *visitor) all(c *Checker, value strictjson.Value, m *marks) bool {
	ok := true
	v.effort += value.Len() // a branch may search all members
	if !v.branches(c, value, m) && v.stop(&ok) {
		return false
	}
	if !v.own(c, value, m) && v.stop(&ok) {
		return false
	}
	if c.needsMarks && !v.unevaluated(c, value, m) && v.stop(&ok) {
		return false
	}
	return ok
}

// own checks the value by the keywords that apply no other schema to it. If the value has the wrong type or is not
// in the enum, that is the only error: the other keywords were not meant for such a value.
func (v *visitor) own(c *Checker, value strictjson.Value, m *marks) bool {
	ok, readings := true, v.readings(c, value)
	switch {
	case c.schema.Enum != nil && !v.inEnum(c, value, readings):
		v.fail(c, "enum", value, &ok)
		return false
	case c.constant.Exists() && !v.equalAs(value, c.constant, readings):
		v.fail(c, "const", value, &ok)
		return false
	case readings == 0:
		keyword := "type"
		if value.Kind() == strictjson.Null && c.schema.Is30 {
			keyword = "nullable"
		}
		isFraction := value.Kind() == strictjson.Number && c.types&isInteger != 0
		if v.fail(c, keyword, value, &ok) || !isFraction {
			return false
		}
		readings = isNumber // not an integer, but limits such as maximum still apply
	}
	switch value.Kind() {
	case strictjson.Object:
		return c.object == nil || v.object(c, value, m)
	case strictjson.Array:
		return c.array == nil || v.array(c, value, m)
	}
	if hasKeywords := c.number != nil || c.text != nil; hasKeywords && !v.scalar(c, value, readings) {
		return false
	}
	return ok
}
