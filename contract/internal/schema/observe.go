package schema

import (
	"math/bits"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Observer receives what a value shows of the document without being wrong. Nil functions are not called.
type Observer struct {
	// Undocumented receives a member that no schema describes, in an object whose other members are described. The schema s is
	// the first one of the object. The pointer leads from the whole value to the member; call it before Undocumented returns.
	Undocumented func(pointer func() string, s *spec.Schema, member strictjson.Value)
	// Enum receives, once, each element of an enum that a part of the value equals. They come last, in the order of the document.
	Enum func(element *spec.Node)
	// Described receives a value other than null, with a schema that has rules and describes the value.
	Described func(s *spec.Schema, v strictjson.Value)
}

// Observe walks the value and reports what it shows of the document. It may be called for any value, valid or not.
//
// For each part of the value, the walk keeps the list of schemas that describe it. It starts with the checker's own
// schema, adds what that refers to, its allOf, and the alternatives of its oneOf and anyOf, and takes the list
// along to each member. A member is undocumented if none of the schemas mentions it:
//
//	{allOf: [{properties: {a: {}}}, {properties: {b: {}}}]}   for {"a": 1, "c": 2}: /c is undocumented
//
// Rules are stricter than documentation: the rules of an alternative apply only if the alternative accepts the
// value.
func (c *Checker) Observe(value strictjson.Value, o Options, observer Observer) {
	if c != nil {
		c.observe(value, o, observer, false)
	}
}

// observe is Observe. It may leave out the parts that Read has found right.
func (c *Checker) observe(value strictjson.Value, o Options, observer Observer, skipsRight bool) {
	if c.isSilent {
		return
	}
	if !c.set.hasRules {
		observer.Described = nil
	}
	v := newVisitor(c.set, value, o)
	defer v.free()
	v.Observer, v.describers, v.skipsRight = observer, append(v.describers, describer{c, true}), skipsRight
	w := walk{v}
	w.value(value, 0)
	v.reportEnums()
}

// ValidAndObserve combines Valid and Observe in one walk where that is possible: the value is valid, each part has
// just one schema, and no member is undocumented. That is so for most values. If observed is false, the caller must
// call Observe, and must discard what the observer has received so far.
func (c *Checker) ValidAndObserve(value strictjson.Value, o Options, observer Observer) (valid, observed bool) {
	if c == nil {
		return true, true
	}
	v := newVisitor(c.set, value, o)
	defer v.free()
	v.Observer, v.observes = observer, true
	valid = v.visit(c, value, nil)
	v.reportEnums()
	return valid, valid && v.observes
}

// walk is a visitor that observes. It does not check: it uses the visitor's path, list of describers and comparisons.
type walk struct{ *visitor }

// describer is a schema that describes a value.
type describer struct {
	checker *Checker
	accepts bool // the schema accepts the value, so its rules apply; false if no rule needs it
}

// maxDescribers bounds how many schemas may describe one value.
const maxDescribers = 64

// add adds a describer of the value whose describers begin at first.
func (w *walk) add(first int, c *Checker, accepts bool) {
	if c == nil {
		return
	}
	for i := first; i < len(w.describers); i++ {
		if w.describers[i].checker == c {
			w.describers[i].accepts = w.describers[i].accepts || accepts
			return
		}
	}
	if len(w.describers)-first < maxDescribers {
		w.describers = append(w.describers, describer{c, accepts})
	}
}

// expand adds the schemas that the describers of a value apply to the same value.
func (w *walk) expand(value strictjson.Value, first int) {
	for i := first; i < len(w.describers); i++ {
		c, accepts := w.describers[i].checker, w.describers[i].accepts
		if c.isSimple {
			continue
		}
		for _, other := range c.all {
			w.add(first, other, accepts)
		}
		w.add(first, c.dynamicRef, accepts)
		if c.discriminator != nil {
			w.add(first, c.discriminator.named(value), accepts)
		}
		for _, alternatives := range [][]*Checker{c.anyOf, c.oneOf} {
			for _, other := range alternatives {
				w.add(first, other, accepts && w.Described != nil && other.Valid(value, w.Options))
			}
		}
		w.add(first, c.condition, false)
		w.add(first, c.then, false)
		w.add(first, c.otherwise, false)
		for _, d := range c.dependentSchemas {
			w.add(first, d.checker, false)
		}
	}
}

// value observes a value. Its describers are the last ones of the list, from first on.
func (w *walk) value(value strictjson.Value, first int) {
	if !w.startVisit(w.describers[first].checker) {
		return
	}
	w.expand(value, first)
	last := len(w.describers)
	for i := first; i < last; i++ {
		w.observe(w.describers[i], value)
	}
	switch value.Kind() {
	case strictjson.Array:
		for i, element := range value.Elements() {
			for p := first; p < last; p++ {
				w.add(last, w.describers[p].checker.element(i), w.describers[p].accepts)
			}
			w.child(element, last, step{"", i})
		}
	case strictjson.Object:
		isFree := w.allowsAnyMember(first)
		for name, member := range value.Members() {
			known := isFree
			for p := first; p < last; p++ {
				known = w.member(w.describers[p], name, last) || known
			}
			if !known && len(w.describers) == last {
				w.undocumented(name, member, first)
			}
			w.child(member, last, step{name, -1})
		}
	}
}

// undocumented reports a member of an object whose describers begin at first.
func (w *walk) undocumented(name string, member strictjson.Value, first int) {
	w.observes = false
	if w.Undocumented != nil {
		w.path = append(w.path, step{name, -1})
		w.Undocumented(w.pointer, w.describers[first].checker.schema, member)
		w.leavePart()
	}
}

// child observes a member or an element, then removes its describers. A scalar cannot contain an undocumented
// member, so it needs no path.
func (w *walk) child(value strictjson.Value, first int, s step) {
	switch {
	case len(w.describers) == first, len(w.describers) == first+1 && w.describers[first].checker.isSilent:
	case w.skipsRight && !value.IsMarked():
	case value.Kind() < strictjson.Array:
		w.value(value, first)
	default:
		w.path = append(w.path, s)
		w.value(value, first)
		w.leavePart()
	}
	w.describers = w.describers[:first]
}

// observe reports which element of an enum the value equals, and whether rules of one describer apply to it.
func (v *visitor) observe(d describer, value strictjson.Value) {
	c := d.checker
	if v.Enum != nil && len(c.enum) > 0 {
		readings := v.readings(c, value)
		for i, element := range c.enum {
			if v.equalAs(value, element, readings) {
				v.noteEnum(c.firstEnum + i)
			}
		}
	}
	if v.Described != nil && d.accepts && len(c.schema.Rules) > 0 && value.Kind() != strictjson.Null {
		v.Described(c.schema, value)
	}
}

// noteEnum notes that the value equals an element of an enum, by its number in the Set. An element may be met a million times. So
// each is one bit, and reportEnums reports it once.
func (v *visitor) noteEnum(number int) {
	if v.enums == nil {
		v.enums = make([]uint64, (len(v.set.enums)+63)/64)
	}
	v.enums[number/64] |= 1 << (number % 64)
}

// reportEnums reports the elements of enums that were noted.
func (v *visitor) reportEnums() {
	for i, word := range v.enums {
		for ; word != 0; word &= word - 1 {
			v.Enum(v.set.enums[64*i+bits.TrailingZeros64(word)])
		}
	}
}

// allowsAnyMember reports whether every member of an object counts as documented: none of its describers lists
// properties, or the list depends on the dynamic scope.
func (w *walk) allowsAnyMember(first int) bool {
	free := true
	for i := first; i < len(w.describers); i++ {
		c := w.describers[i].checker
		if c.dynamic != nil {
			return true
		}
		free = free && (c.object == nil || len(c.schema.Properties) == 0)
	}
	return free
}

// member adds the describers of a member by one describer of its object. It reports whether that describer also
// covers members that are none of its properties.
func (w *walk) member(d describer, name string, first int) (allowsOthers bool) {
	c := d.checker
	k := c.object
	if k == nil {
		return c.unevaluatedProperties != nil
	}
	if property := k.property(name); property != nil {
		w.add(first, property, d.accepts)
		return false
	}
	isAdditional := true
	for _, other := range k.patterns {
		matched, known := w.matches(other.pattern, name, other.checker.schema.Node)
		if matched {
			w.add(first, other.checker, d.accepts)
		}
		isAdditional = isAdditional && known && !matched
	}
	if isAdditional {
		w.add(first, k.additional, d.accepts)
	}
	return k.additional != nil || len(k.patterns) > 0 || c.unevaluatedProperties != nil
}
