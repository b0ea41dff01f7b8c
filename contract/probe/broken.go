package probe

import (
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// broken is a value that breaks one keyword of a schema.
type broken struct {
	name  string // such as below-minimum
	value any
}

// breaking makes values that each break one keyword of a schema of one plain value. Only what the schema really refuses
// is kept.
func breaking(s *openapi3.Schema) []broken {
	list := []broken{}
	add := func(name string, value any) {
		if !takes(s, value) {
			list = append(list, broken{name, value})
		}
	}
	if len(s.Enum) > 0 {
		first := plainText(s.Enum[0])
		add("unknown", first+"s")
		if upper := strings.ToUpper(first); upper != first {
			add("other-case", upper)
		}
	}
	switch {
	case s.Type.Is(openapi3.TypeInteger), s.Type.Is(openapi3.TypeNumber):
		add("no-number", "many")
		if s.Type.Is(openapi3.TypeInteger) {
			add("no-integer", 1.5)
		}
		if s.Min != nil {
			add("below-minimum", *s.Min-1)
		}
		if s.Max != nil {
			add("above-maximum", *s.Max+1)
		}
		if s.MultipleOf != nil {
			add("no-multiple", sampleOf(s, 1)+*s.MultipleOf/2)
		}
	case s.Type.Is(openapi3.TypeBoolean):
		add("no-boolean", "maybe")
	case s.Type.Is(openapi3.TypeString):
		if s.MinLength > 0 && s.MinLength < 10_000 {
			add("too-short", strings.Repeat("x", int(s.MinLength)-1))
		}
		if s.MaxLength != nil && *s.MaxLength < 10_000 {
			add("too-long", strings.Repeat("x", int(*s.MaxLength)+1))
		}
		if s.Pattern != "" {
			add("no-match", "~ no match ~")
		}
		if _, known := formatSamples[s.Format]; known && s.Format != "byte" {
			add("not-of-format", "no-"+s.Format)
		}
	}
	return list
}

func sampleOf(s *openapi3.Schema, plain float64) float64 {
	switch n := sampleNumber(s, plain).(type) {
	case int64:
		return float64(n)
	case float64:
		return n
	}
	return plain
}

// maxCount bounds how long a list or an object is made to break a bound.
const maxCount = 1000

// wrongLengths are lists with too few and too many elements.
func wrongLengths(s *openapi3.Schema, element any) []broken {
	list := []broken{}
	if n := s.MinItems; n > 0 && n <= maxCount {
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
func breakingIn(s *openapi3.Schema, value any, depth int) []broken {
	if s == nil || depth > maxNesting {
		return nil
	}
	switch v := value.(type) {
	case map[string]any:
		return breakingObject(s, v, depth)
	case []any:
		list := []broken{}
		if s.Items != nil && len(v) > 0 {
			for _, b := range breakingMember(s.Items.Value, v[0], depth) {
				list = append(list, broken{"element-" + b.name, append([]any{b.value}, v[1:]...)})
			}
			list = append(list, wrongLengths(s, v[0])...)
		}
		return list
	}
	return breaking(s)
}

// breakingMember breaks a value within another: as above, and by another type and by null.
func breakingMember(s *openapi3.Schema, value any, depth int) []broken {
	if s == nil {
		return nil
	}
	return append(breakingIn(s, value, depth+1), broken{"other-type", otherType(s)}, broken{"null", nil})
}

func breakingObject(s *openapi3.Schema, object map[string]any, depth int) []broken {
	list := []broken{}
	add := func(name string, change func(map[string]any)) {
		changed := maps.Clone(object)
		change(changed)
		list = append(list, broken{name, changed})
	}
	properties, required := members(s, 0)
	for _, name := range required {
		add(name+"-missing", func(o map[string]any) { delete(o, name) })
	}
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		property := properties[name]
		if property.Value == nil || property.Value.ReadOnly {
			continue
		}
		value, ok := object[name]
		if !ok {
			value, _ = sample(property, true, depth+1)
		}
		for _, b := range breakingMember(property.Value, value, depth) {
			add(name+"-"+b.name, func(o map[string]any) { o[name] = b.value })
		}
	}
	add("further-member", func(o map[string]any) { o["quotaspecProbe"] = true })
	if s.MinProps > 0 && len(required) == 0 {
		add("no-member", func(o map[string]any) { clear(o) })
	}
	return list
}

// members are the properties of an object and the names of those that must be there, with those of its parts.
func members(s *openapi3.Schema, depth int) (openapi3.Schemas, []string) {
	properties, required := maps.Clone(s.Properties), slices.Clone(s.Required)
	if properties == nil {
		properties = openapi3.Schemas{}
	}
	for _, part := range s.AllOf {
		if part.Value == nil || depth > maxDepth {
			continue
		}
		more, names := members(part.Value, depth+1)
		maps.Copy(properties, more)
		required = append(required, names...)
	}
	slices.Sort(required)
	return properties, slices.Compact(required)
}

// otherType is a value of a type that the schema does not have.
func otherType(s *openapi3.Schema) any {
	if s.Type.Is(openapi3.TypeString) {
		return 7
	}
	return "text"
}
