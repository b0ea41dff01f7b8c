package probe

import (
	"maps"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// broken is a value that breaks one keyword of a schema.
type broken struct {
	name  string // such as below-minimum
	value any
}

// breaking makes values that each break one keyword of a schema of one plain value. Only what the schema really refuses
// is kept.
func (d *deriver) breaking(schema *spec.Schema) []broken {
	list := []broken{}
	add := func(name string, value any) {
		if !d.takes(schema, value) {
			list = append(list, broken{name, value})
		}
	}
	s := target(schema)
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

// maxCount bounds how long a list or an object is made to break a bound.
const maxCount = 1000

// wrongLengths are lists with too few and too many elements.
func wrongLengths(s *spec.Schema, element any) []broken {
	list := []broken{}
	if n := count(s.MinItems); n > 0 && n <= maxCount {
		list = append(list, broken{"too-few", slices.Repeat([]any{element}, int(n)-1)})
	}
	if s.MaxItems != nil && *s.MaxItems < maxCount {
		list = append(list, broken{"too-many", slices.Repeat([]any{element}, int(*s.MaxItems)+1)})
	}
	if s.UniqueItems {
		list = append(list, broken{"doubled", []any{element, element}})
	}
	return list
}

// maxNesting is how deep within a body something is broken.
const maxNesting = 4

// breakingIn makes copies of a value with one thing wrong in each: in a plain value a keyword of its schema, in an object
// a member, in a list an element or how many there are. Some may be right after all, where the schema is one of several.
func (d *deriver) breakingIn(s *spec.Schema, value any, depth int) []broken {
	if s == nil || depth > maxNesting {
		return nil
	}
	switch v := value.(type) {
	case map[string]any:
		return d.breakingObject(target(s), v, depth)
	case []any:
		list := []broken{}
		s = target(s)
		if len(v) == 0 || element(s, 0) == nil {
			return list
		}
		for _, b := range d.breakingMember(element(s, 0), v[0], depth) {
			list = append(list, broken{"element-" + b.name, append([]any{b.value}, v[1:]...)})
		}
		return append(list, wrongLengths(s, v[0])...)
	}
	return d.breaking(s)
}

// breakingMember breaks a value within another: as above, and by another type and by null.
func (d *deriver) breakingMember(s *spec.Schema, value any, depth int) []broken {
	return append(d.breakingIn(s, value, depth+1), broken{"other-type", otherType(target(s))}, broken{"null", nil})
}

func (d *deriver) breakingObject(s *spec.Schema, object map[string]any, depth int) []broken {
	list := []broken{}
	add := func(name string, change func(map[string]any)) {
		changed := maps.Clone(object)
		change(changed)
		list = append(list, broken{name, changed})
	}
	properties, required := members(s)
	for _, name := range required {
		add(name+"-missing", func(o map[string]any) { delete(o, name) })
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
		for _, b := range d.breakingMember(p.Schema, value, depth) {
			add(p.Name+"-"+b.name, func(o map[string]any) { o[p.Name] = b.value })
		}
	}
	add("further-member", func(o map[string]any) { o["quotaspecProbe"] = true })
	if count(s.MinProperties) > 0 && len(required) == 0 {
		add("no-member", func(o map[string]any) { clear(o) })
	}
	return list
}

// otherType is a value of a type that the schema does not have.
func otherType(s *spec.Schema) any {
	if typeOf(s) == "string" {
		return 7.0
	}
	return "text"
}
