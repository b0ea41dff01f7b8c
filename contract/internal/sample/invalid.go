package sample

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Invalid values are derived from the keywords of a schema, one for each keyword. For {type: integer, maximum: 10}:
//
//	no-number: "many"    no-integer: 1.5    above-maximum: 11
//
// An object or list is broken in depth: invalidCopies copies a valid value and replaces one value in it, down to maxNesting.
// The names of the members on the way become the name of the copy, so that {"box": {"size": 1}} gives box-size-no-number.

// Invalid is a value that breaks one keyword of a schema.
type Invalid struct {
	Name  string // such as below-minimum
	Value any
	About *spec.Node // the schema of the value in a body that is wrong; nil: that of the whole body
}

// invalidValues makes values that each break one keyword of a scalar schema. The judge checks each: what the schema takes all
// the same, such as a text that happens to match the pattern, is left out.
func (m Maker) invalidValues(schema *spec.Schema) []Invalid {
	list := []Invalid{}
	add := func(name string, value any) {
		if !m.Takes(schema, value) {
			list = append(list, Invalid{Name: name, Value: value})
		}
	}
	s := Resolve(schema)
	if known := Choices(s); len(known) > 0 {
		first := PlainText(known[0])
		add("unknown", first+"s")
		if upper := strings.ToUpper(first); upper != first {
			add("other-case", upper)
		}
	}
	switch TypeOf(s) {
	case "integer", "number":
		add("no-number", "many")
		if TypeOf(s) == "integer" {
			add("no-integer", 1.5)
		}
		if low := Lowest(s); low != nil {
			add("below-minimum", low.At-1)
		}
		if high := Highest(s); high != nil {
			add("above-maximum", high.At+1)
		}
		if step := number(s.MultipleOf); step != nil {
			add("no-multiple", sampleNumber(s, 1)+*step/2)
		}
	case "boolean":
		add("no-boolean", "maybe")
	case "string":
		if n := Count(s.MinLength); n > 0 && n < 10_000 {
			add("too-short", strings.Repeat("x", int(n)-1))
		}
		if s.MaxLength != nil && *s.MaxLength < 10_000 {
			add("too-long", strings.Repeat("x", int(*s.MaxLength)+1))
		}
		if s.Pattern != nil {
			add("no-match", "~ no match ~")
		}
		if s.Format != "" {
			add("not-of-format", "no-"+s.Format)
		}
	}
	return list
}

// maxCount is the most elements of a list that is made to break a bound.
const maxCount = 1000

// WrongLengths makes lists with too few, too many and equal elements.
func WrongLengths(s *spec.Schema, element any) []Invalid {
	list := []Invalid{}
	if n := Count(s.MinItems); n > 0 && n <= maxCount {
		list = append(list, Invalid{"too-few", slices.Repeat([]any{element}, int(n)-1), s.Node})
	}
	if s.MaxItems != nil && *s.MaxItems < maxCount {
		list = append(list, Invalid{"too-many", slices.Repeat([]any{element}, int(*s.MaxItems)+1), s.Node})
	}
	if s.UniqueItems {
		list = append(list, Invalid{"doubled", []any{element, element}, s.Node})
	}
	return list
}

// maxNesting is the deepest level of a body at which something is broken.
const maxNesting = 4

// Invalid makes copies of a valid value with one thing wrong in each: see invalidCopies. If the value is nil, it makes values
// that each break one keyword of a scalar schema.
func (m Maker) Invalid(s *spec.Schema, value any) []Invalid { return m.invalidCopies(s, value, 0) }

// invalidCopies makes copies of a value with one thing wrong in each: a keyword of a scalar's schema, a member of an object, or
// an element of a list or their number. Some may be valid all the same, if the schema is one of several alternatives.
func (m Maker) invalidCopies(s *spec.Schema, value any, depth int) []Invalid {
	if s == nil || depth > maxNesting {
		return nil
	}
	switch v := value.(type) {
	case map[string]any:
		return m.invalidObjects(Resolve(s), v, depth)
	case []any:
		list := []Invalid{}
		s = Resolve(s)
		if len(v) == 0 || Element(s, 0) == nil {
			return list
		}
		for _, b := range m.invalidMembers(Element(s, 0), v[0], depth) {
			list = append(list, Invalid{"element-" + b.Name, append([]any{b.Value}, v[1:]...), b.About})
		}
		return append(list, WrongLengths(s, v[0])...)
	}
	return m.invalidValues(s)
}

// invalidMembers breaks the value of a member or element: by its schema, by another type and by null.
func (m Maker) invalidMembers(s *spec.Schema, value any, depth int) []Invalid {
	list := append(m.invalidCopies(s, value, depth+1),
		Invalid{Name: "other-type", Value: otherType(Resolve(s))}, Invalid{Name: "null"})
	for i := range list {
		list[i].About = cmp.Or(list[i].About, s.Node)
	}
	return list
}

func (m Maker) invalidObjects(s *spec.Schema, object map[string]any, depth int) []Invalid {
	list := []Invalid{}
	add := func(name string, about *spec.Node, change func(map[string]any)) {
		changed := maps.Clone(object)
		change(changed)
		list = append(list, Invalid{name, changed, about})
	}
	properties, required := Members(s)
	whole := m
	whole.All = true
	for _, name := range required {
		about := s.Node
		if p := Property(properties, name); p != nil {
			about = p.Node
		}
		add(name+"-missing", about, func(o map[string]any) { delete(o, name) })
	}
	for _, p := range properties {
		if m.leavesOut(p.Schema) {
			continue
		}
		value, ok := object[p.Name]
		if !ok {
			if value, ok = whole.Value(p.Schema); !ok {
				value = nil
			}
		}
		for _, b := range m.invalidMembers(p.Schema, value, depth) {
			add(p.Name+"-"+b.Name, b.About, func(o map[string]any) { o[p.Name] = b.Value })
		}
	}
	add("further-member", s.Node, func(o map[string]any) { o["quotaspecProbe"] = true })
	if Count(s.MinProperties) > 0 && len(required) == 0 {
		add("no-member", s.Node, func(o map[string]any) { clear(o) })
	}
	return list
}

// otherType makes a value of another type. The schema may be nil, for any value.
func otherType(s *spec.Schema) any {
	if s != nil && TypeOf(s) == "string" {
		return 7.0
	}
	return "text"
}
