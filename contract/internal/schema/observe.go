package schema

import (
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Observer receives what a value shows of a document without violating it. A func that is nil is not called.
type Observer struct {
	// Undocumented is a member that no schema describes, of an object of which schemas describe other members; s is the first
	// of them. The pointer leads to it from the whole value and can be had until Undocumented returns.
	Undocumented func(pointer func() string, s *spec.Schema, member strictjson.Value)
	// Enum is an element of an enum that the value has.
	Enum func(element *spec.Node)
	// Described is a value other than null and a schema with rules that describes it.
	Described func(s *spec.Schema, v strictjson.Value)
}

// Observe goes through a value beside the schemas that describe it: the one at hand, what it refers to, all of its allOf, and
// the alternatives of its oneOf and anyOf. Each of them may describe a member, whether the value is right or not. Rules
// concern the value only by those alternatives that take it.
func (c *Checker) Observe(at strictjson.Value, o Options, observer Observer) {
	if c == nil || c.isSilent {
		return
	}
	if !c.set.hasRules {
		observer.Described = nil
	}
	v := newVisitor(c.set, at, o)
	defer v.free()
	v.Observer, v.parts = observer, append(v.parts, part{c, true})
	w := walk{v}
	w.value(at, 0)
}

// ValidAndObserve is Valid, and Observe in the same walk if that can be: if the value is valid, one schema alone describes each
// of its parts, and no member is undocumented. So it is with most values. If observed is false, Observe has to go through the
// value as if the observer had received nothing.
func (c *Checker) ValidAndObserve(at strictjson.Value, o Options, observer Observer) (valid, observed bool) {
	if c == nil {
		return true, true
	}
	v := newVisitor(c.set, at, o)
	defer v.free()
	v.Observer, v.observes = observer, true
	valid = v.visit(c, at, nil)
	return valid, valid && v.observes
}

// walk goes through one value.
type walk struct {
	*visitor // keeps the path and the schemas, and compares with enums
}

// part is one of the schemas of a value.
type part struct {
	checker *Checker
	takes   bool // it takes the value; not known and false if nobody wants to know
}

// maxParts bounds how many schemas may describe one value at once.
const maxParts = 64

// add adds a schema of the value whose schemas begin at first.
func (w *walk) add(first int, c *Checker, takes bool) {
	if c == nil {
		return
	}
	for i := first; i < len(w.parts); i++ {
		if w.parts[i].checker == c {
			w.parts[i].takes = w.parts[i].takes || takes
			return
		}
	}
	if len(w.parts)-first < maxParts {
		w.parts = append(w.parts, part{c, takes})
	}
}

// expand adds the schemas that those of a value consist of.
func (w *walk) expand(at strictjson.Value, first int) {
	for i := first; i < len(w.parts); i++ {
		c, takes := w.parts[i].checker, w.parts[i].takes
		if c.isSimple {
			continue
		}
		for _, other := range c.all {
			w.add(first, other, takes)
		}
		w.add(first, c.dynamicRef, takes)
		if c.choice != nil {
			w.add(first, c.choice.named(at), takes)
		}
		for _, alternatives := range [][]*Checker{c.anyOf, c.oneOf} {
			for _, other := range alternatives {
				w.add(first, other, takes && w.Described != nil && other.Valid(at, w.Options))
			}
		}
		w.add(first, c.when, false)
		w.add(first, c.then, false)
		w.add(first, c.els, false)
		for _, d := range c.dependentSchemas {
			w.add(first, d.checker, false)
		}
	}
}

// value observes a value whose schemas are the last of parts, from first on.
func (w *walk) value(at strictjson.Value, first int) {
	if !w.works(w.parts[first].checker) {
		return
	}
	w.expand(at, first)
	last := len(w.parts)
	for i := first; i < last; i++ {
		w.observe(w.parts[i], at)
	}
	switch at.Kind() {
	case strictjson.Array:
		for i, element := range at.Elements() {
			for p := first; p < last; p++ {
				w.add(last, w.parts[p].checker.element(i), w.parts[p].takes)
			}
			w.child(element, last, step{"", i})
		}
	case strictjson.Object:
		isFree := w.isFree(first)
		for name, member := range at.Members() {
			known := isFree
			for p := first; p < last; p++ {
				known = w.member(w.parts[p], name, last) || known
			}
			if !known && len(w.parts) == last && w.Undocumented != nil {
				w.path = append(w.path, step{name, -1})
				w.Undocumented(w.pointer, w.parts[first].checker.schema, member)
				w.leavePart()
			}
			w.child(member, last, step{name, -1})
		}
	}
}

// child observes a part of a value, and takes away its schemas. Only in a part that has parts itself a pointer is needed.
func (w *walk) child(at strictjson.Value, first int, s step) {
	switch {
	case len(w.parts) == first, len(w.parts) == first+1 && w.parts[first].checker.isSilent:
	case at.Kind() < strictjson.Array:
		w.value(at, first)
	default:
		w.path = append(w.path, s)
		w.value(at, first)
		w.leavePart()
	}
	w.parts = w.parts[:first]
}

// observe observes a value beside one of its schemas.
func (v *visitor) observe(p part, at strictjson.Value) {
	c := p.checker
	if v.Enum != nil && len(c.enum) > 0 {
		readings := v.readings(c, at)
		for i, element := range c.enum {
			if v.same(at, element, readings) {
				v.Enum(c.schema.Enum[i])
			}
		}
	}
	if v.Described != nil && p.takes && len(c.schema.Rules) > 0 && at.Kind() != strictjson.Null {
		v.Described(c.schema, at)
	}
}

// isFree says whether the schemas from first on leave an object free to have other members: none describes any, or what
// describes them is decided by the dynamic scope.
func (w *walk) isFree(first int) bool {
	free := true
	for i := first; i < len(w.parts); i++ {
		c := w.parts[i].checker
		if c.dynamic != nil {
			return true
		}
		free = free && (c.object == nil || len(c.schema.Properties) == 0)
	}
	return free
}

// member adds the schemas that one of the schemas of an object has for a member. It says whether that schema speaks of members
// that are none of its properties.
func (w *walk) member(p part, name string, first int) (speaks bool) {
	c := p.checker
	k := c.object
	if k == nil {
		return c.unevaluatedProperties != nil
	}
	if property := k.property(name); property != nil {
		w.add(first, property, p.takes)
		return false
	}
	isAdditional := true
	for _, other := range k.patterns {
		matched, known := w.matches(other.pattern, name, other.checker.schema.Node)
		if matched {
			w.add(first, other.checker, p.takes)
		}
		isAdditional = isAdditional && known && !matched
	}
	if isAdditional {
		w.add(first, k.additional, p.takes)
	}
	return k.additional != nil || len(k.patterns) > 0 || c.unevaluatedProperties != nil
}

// element returns the checker of an element, or nil.
func (c *Checker) element(index int) *Checker {
	switch k := c.array; {
	case k == nil:
		return nil
	case index < len(k.prefix):
		return k.prefix[index]
	default:
		return k.items
	}
}
