package schema

import (
	"slices"
	"strconv"

	"github.com/quotaspec/quotaspec/contract/internal/pointer"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// visitor goes through one value. Within a branch, such as an alternative of anyOf, it is quiet: it reports nothing and stops
// at the first violation, as it does without report.
type visitor struct {
	Options
	set    *Set
	whole  strictjson.Value
	report func(Error) bool // nil: one violation is enough
	quiet  bool
	done   bool // report wants no more
	reported

	as      types            // as what the text at hand is taken; 0: as each that it may be
	path    []step           // from the whole value to the one at hand, if something may be reported
	inPlace []*Checker       // those that apply to a value on the path, from the outside in
	base    int              // where in inPlace those begin that apply to the value at hand
	cut     int              // see isOpen
	scope   []*spec.Node     // the resources that the visit went through, each once
	instead strictjson.Value // the part of the whole that is wrong if the value at hand is none: a name, or nothing

	effort int // since the visitor looked at the clock
	held   int // bytes of memory

	work int // visits until results are remembered
	memo map[visited]result

	Observer
	observes bool   // so far, all that the observer has to receive
	parts    []part // of Observe: at its end the schemas of the value at hand, before them those of the values around it
}

// step leads from a value to a part of it: by a name, or by an index.
type step struct {
	name  string
	index int // -1: a name
}

func newVisitor(set *Set, at strictjson.Value, o Options) *visitor {
	v, ok := set.visitors.Get().(*visitor)
	if !ok {
		v = &visitor{set: set}
	}
	v.Options, v.whole, v.work = o, at, 1000+16*at.Size()
	if o.Budget.Err() != nil {
		v.effort = maxEffort
	}
	return v
}

// free gives the visitor back, without what it refers to of the value. What it refers to of the document may stay.
func (v *visitor) free() {
	v.Budget.Release(v.held)
	*v = visitor{set: v.set, path: v.path[:0], inPlace: v.inPlace[:0], scope: v.scope[:0], parts: v.parts[:0]}
	v.set.visitors.Put(v)
}

// goesOn says whether more violations are of interest.
func (v *visitor) goesOn() bool { return v.report != nil && !v.quiet && !v.done }

// stop notes in ok that something is wrong, and says whether that is enough.
func (v *visitor) stop(ok *bool) bool {
	*ok = false
	return !v.goesOn()
}

// fail reports that the value at hand violates a keyword, notes that in ok, and says whether that is enough.
func (v *visitor) fail(c *Checker, keyword string, at strictjson.Value, ok *bool) bool {
	if v.goesOn() {
		part := at
		if v.instead.Exists() {
			part = v.instead
		}
		if found := (Error{keyword, c.schema, part, at, v}); v.isNew(c, found) {
			v.done = !v.report(found)
		}
	}
	return v.stop(ok)
}

// failPart is fail for a part of the value at hand, which may be missing.
func (v *visitor) failPart(c *Checker, keyword string, at step, part strictjson.Value, ok *bool) bool {
	v.path = append(v.path, at)
	enough := v.fail(c, keyword, part, ok)
	v.leavePart()
	return enough
}

// failMissing is failPart for a member that an object does not have.
func (v *visitor) failMissing(c *Checker, keyword, name string, object strictjson.Value, ok *bool) bool {
	v.instead = object
	enough := v.failPart(c, keyword, step{name, -1}, strictjson.Value{}, ok)
	v.instead = strictjson.Value{}
	return enough
}

// pointer writes the path as a JSON pointer.
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

// child visits a part of the value at hand.
func (v *visitor) child(c *Checker, part strictjson.Value, at step) bool {
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

// leavePart takes the last step from the path, and does not keep its name, which is a part of the value.
func (v *visitor) leavePart() {
	last := len(v.path) - 1
	v.path[last] = step{}
	v.path = v.path[:last]
}

// visit checks a value and reports whether it is right. In marks, unless they are nil, it notes the members or elements that
// the checker describes. If the budget is spent the visit ends at once, and its result says nothing.
func (v *visitor) visit(c *Checker, at strictjson.Value, m marks) bool {
	if c.alias != nil && c.alias.isSimple && m == nil && !v.Text {
		c = c.alias
	}
	switch {
	case c.takesAll:
		v.observes = v.observes && c.isSilent
		return true
	case !v.works(c):
		return false
	case c.takesNone:
		ok := true
		v.fail(c, "boolean", at, &ok)
		return false
	}
	if c.isSimple {
		if v.observes && !c.isSilent {
			v.observe(part{c, true}, at)
		}
		return v.own(c, at, m)
	}
	v.observes = false // several schemas describe the value
	if v.Text && v.as == 0 && at.Kind() == strictjson.String {
		if spelt := spelled(at.Text()); spelt != 0 && (v.taken(c, at, m, spelt) || v.taken(c, at, m, isString)) {
			return true
		}
	}
	if v.isOpen(c) {
		return true // its result is part of one that is not known yet
	}
	scoped := v.enter(c)
	if c.needsMarks && m == nil {
		m = &markSet{}
	}
	ok := v.remembered(c, at, m)
	v.leave(scoped)
	return ok
}

// taken reports whether a text of a URL is right if all that applies to it takes it as one type: of the alternatives integer
// and string, oneOf wants just one, and the text 7 is right as either.
func (v *visitor) taken(c *Checker, at strictjson.Value, m marks, as types) bool {
	quiet := v.quiet
	v.quiet, v.as = true, as
	ok := v.visit(c, at, m)
	v.quiet, v.as = quiet, 0
	return ok
}

// isOpen says whether a checker is being applied to the value at hand. A discriminator leads from a type to its subtype, which
// includes the type. The index of the checker is noted in cut: what lies between is not the whole result of any other.
func (v *visitor) isOpen(c *Checker) bool {
	i := slices.Index(v.inPlace[v.base:], c)
	if i >= 0 {
		v.cut = min(v.cut, v.base+i)
	}
	return i >= 0
}

func (v *visitor) enter(c *Checker) (scoped bool) {
	v.inPlace = append(v.inPlace, c)
	if scoped = c.resource != nil && !slices.Contains(v.scope, c.resource); scoped {
		v.scope = append(v.scope, c.resource)
	}
	return scoped
}

func (v *visitor) leave(scoped bool) {
	v.inPlace = v.inPlace[:len(v.inPlace)-1]
	if scoped {
		v.scope = v.scope[:len(v.scope)-1]
	}
}

// all checks the value by all keywords of a checker.
func (v *visitor) all(c *Checker, at strictjson.Value, m marks) bool {
	ok := true
	v.effort += at.Len() // a branch may search the members
	if !v.branches(c, at, m) && v.stop(&ok) {
		return false
	}
	if !v.own(c, at, m) && v.stop(&ok) {
		return false
	}
	if c.needsMarks && !v.unevaluated(c, at, m) && v.stop(&ok) {
		return false
	}
	return ok
}

// own checks the value by the keywords that need no other checker for it. If the value is none of an enum, or has the wrong
// type, no more is said of it.
func (v *visitor) own(c *Checker, at strictjson.Value, m marks) bool {
	ok, readings := true, v.readings(c, at)
	switch {
	case c.schema.Enum != nil && !v.listed(c, at, readings):
		v.fail(c, "enum", at, &ok)
		return false
	case c.constant.Exists() && !v.same(at, c.constant, readings):
		v.fail(c, "const", at, &ok)
		return false
	case readings == 0:
		keyword := "type"
		if at.Kind() == strictjson.Null && c.schema.Is30 {
			keyword = "nullable"
		}
		if v.fail(c, keyword, at, &ok) || at.Kind() != strictjson.Number || c.types&isInteger == 0 {
			return false
		}
		readings = isNumber // no integer, and perhaps no more than the maximum either
	}
	switch at.Kind() {
	case strictjson.Object:
		return c.object == nil || v.object(c, at, m)
	case strictjson.Array:
		return c.array == nil || v.array(c, at, m)
	}
	if (c.number != nil || c.text != nil) && !v.scalar(c, at, readings) {
		ok = false
	}
	return ok
}
