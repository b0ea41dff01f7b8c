package probe

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
// A body is broken in depth: invalidCopies copies a valid body and replaces one value in it, down to maxNesting. The names of
// the members on the way become the name of the copy, so that {"box": {"size": 1}} gives box-size-no-number.

// invalidValue is a value that breaks one keyword of a schema.
type invalidValue struct {
	name  string // such as below-minimum
	value any
	about *spec.Node // the schema of the value in a body that is wrong; nil: that of the whole body
}

// invalidValues makes values that each break one keyword of a scalar schema. The judge checks each: what the schema takes all
// the same, such as a text that happens to match the pattern, is left out.
func (d *deriver) invalidValues(schema *spec.Schema) []invalidValue {
	list := []invalidValue{}
	add := func(name string, value any) {
		if !d.takes(schema, value) {
			list = append(list, invalidValue{name: name, value: value})
		}
	}
	s := resolve(schema)
	if known := choices(s); len(known) > 0 {
		first := plainText(known[0])
		add("unknown", first+"s")
		if upper := strings.ToUpper(first); upper != first {
			add("other-case", upper)
		}
	}
	switch typeOf(s) {
	case "integer", "number":
		add("no-number", "many")
		if typeOf(s) == "integer" {
			add("no-integer", 1.5)
		}
		if low := lowest(s); low != nil {
			add("below-minimum", low.at-1)
		}
		if high := highest(s); high != nil {
			add("above-maximum", high.at+1)
		}
		if step := number(s.MultipleOf); step != nil {
			add("no-multiple", sampleNumber(s, 1)+*step/2)
		}
	case "boolean":
		add("no-boolean", "maybe")
	case "string":
		if n := count(s.MinLength); n > 0 && n < 10_000 {
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

// wrongLengths makes lists with too few, too many and equal elements.
func wrongLengths(s *spec.Schema, element any) []invalidValue {
	list := []invalidValue{}
	if n := count(s.MinItems); n > 0 && n <= maxCount {
		list = append(list, invalidValue{"too-few", slices.Repeat([]any{element}, int(n)-1), s.Node})
	}
	if s.MaxItems != nil && *s.MaxItems < maxCount {
		list = append(list, invalidValue{"too-many", slices.Repeat([]any{element}, int(*s.MaxItems)+1), s.Node})
	}
	if s.UniqueItems {
		list = append(list, invalidValue{"doubled", []any{element, element}, s.Node})
	}
	return list
}

// maxNesting is the deepest level of a body at which something is broken.
const maxNesting = 4

// invalidCopies makes copies of a value with one thing wrong in each: a keyword of a scalar's schema, a member of an object, or
// an element of a list or their number. Some may be valid all the same, if the schema is one of several alternatives.
func (d *deriver) invalidCopies(s *spec.Schema, value any, depth int) []invalidValue {
	if s == nil || depth > maxNesting {
		return nil
	}
	switch v := value.(type) {
	case map[string]any:
		return d.invalidObjects(resolve(s), v, depth)
	case []any:
		list := []invalidValue{}
		s = resolve(s)
		if len(v) == 0 || element(s, 0) == nil {
			return list
		}
		for _, b := range d.invalidMembers(element(s, 0), v[0], depth) {
			list = append(list, invalidValue{"element-" + b.name, append([]any{b.value}, v[1:]...), b.about})
		}
		return append(list, wrongLengths(s, v[0])...)
	}
	return d.invalidValues(s)
}

// invalidMembers breaks the value of a member or element: by its schema, by another type and by null.
func (d *deriver) invalidMembers(s *spec.Schema, value any, depth int) []invalidValue {
	list := append(d.invalidCopies(s, value, depth+1),
		invalidValue{name: "other-type", value: otherType(resolve(s))}, invalidValue{name: "null"})
	for i := range list {
		list[i].about = cmp.Or(list[i].about, s.Node)
	}
	return list
}

func (d *deriver) invalidObjects(s *spec.Schema, object map[string]any, depth int) []invalidValue {
	list := []invalidValue{}
	add := func(name string, about *spec.Node, change func(map[string]any)) {
		changed := maps.Clone(object)
		change(changed)
		list = append(list, invalidValue{name, changed, about})
	}
	properties, required := members(s)
	for _, name := range required {
		about := s.Node
		if p := property(properties, name); p != nil {
			about = p.Node
		}
		add(name+"-missing", about, func(o map[string]any) { delete(o, name) })
	}
	for _, p := range properties {
		if isReadOnly(p.Schema) {
			continue
		}
		value, ok := object[p.Name]
		if !ok {
			if value, ok = d.sample(p.Schema, true); !ok {
				value = nil
			}
		}
		for _, b := range d.invalidMembers(p.Schema, value, depth) {
			add(p.Name+"-"+b.name, b.about, func(o map[string]any) { o[p.Name] = b.value })
		}
	}
	add("further-member", s.Node, func(o map[string]any) { o["quotaspecProbe"] = true })
	if count(s.MinProperties) > 0 && len(required) == 0 {
		add("no-member", s.Node, func(o map[string]any) { clear(o) })
	}
	return list
}

// otherType makes a value of another type.
func otherType(s *spec.Schema) any {
	if typeOf(s) == "string" {
		return 7.0
	}
	return "text"
}
