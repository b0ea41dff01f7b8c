package probe

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// maxDepth ends a schema that contains itself.
const maxDepth = 12

// sample makes a value that a schema allows: what the document gives as an example, else the plainest that fits. all says
// whether optional members come along. ok is false where nothing plain fits, such as an unknown pattern.
func sample(ref *openapi3.SchemaRef, all bool, depth int) (value any, ok bool) {
	if ref == nil || ref.Value == nil || depth > maxDepth {
		return nil, false
	}
	s := ref.Value
	switch {
	case s.Example != nil:
		return s.Example, true
	case s.Default != nil:
		return s.Default, true
	case len(s.Enum) > 0:
		return s.Enum[0], true
	case len(s.OneOf) > 0:
		return sample(s.OneOf[0], all, depth+1)
	case len(s.AnyOf) > 0:
		return sample(s.AnyOf[0], all, depth+1)
	case s.Type.Is(openapi3.TypeObject) || len(s.Properties) > 0 || len(s.AllOf) > 0:
		return sampleObject(s, all, depth)
	}
	switch {
	case s.Type.Is(openapi3.TypeArray):
		return sampleArray(s, all, depth)
	case s.Type.Is(openapi3.TypeBoolean):
		return true, true
	case s.Type.Is(openapi3.TypeInteger):
		return sampleNumber(s, 1), true
	case s.Type.Is(openapi3.TypeNumber):
		return sampleNumber(s, 1.5), true
	}
	return sampleString(s)
}

func sampleObject(s *openapi3.Schema, all bool, depth int) (any, bool) {
	object := map[string]any{}
	for _, part := range s.AllOf {
		v, ok := sample(part, all, depth+1)
		members, isObject := v.(map[string]any)
		if !ok || !isObject {
			return nil, false
		}
		maps.Copy(object, members)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		property := s.Properties[name]
		required := slices.Contains(s.Required, name)
		if !required && !all || property.Value != nil && property.Value.ReadOnly {
			continue
		}
		v, ok := sample(property, all, depth+1)
		if !ok && required {
			return nil, false
		}
		if ok {
			object[name] = v
		}
	}
	return object, true
}

func sampleArray(s *openapi3.Schema, all bool, depth int) (any, bool) {
	array := []any{}
	for range max(1, int(min(s.MinItems, 100))) {
		v, ok := sample(s.Items, all, depth+1)
		if !ok {
			return nil, false
		}
		array = append(array, v)
	}
	return array, !s.UniqueItems || len(array) == 1
}

func sampleNumber(s *openapi3.Schema, plain float64) any {
	n := plain
	if s.Min != nil {
		n = max(n, *s.Min)
		if s.ExclusiveMin.IsTrue() && n == *s.Min {
			n++
		}
	}
	if s.Max != nil && n > *s.Max {
		n = *s.Max
		if s.ExclusiveMax.IsTrue() {
			n--
		}
	}
	if s.MultipleOf != nil && *s.MultipleOf > 0 {
		n = math.Ceil(n / *s.MultipleOf) * *s.MultipleOf
	}
	if s.Type.Is(openapi3.TypeInteger) {
		return int64(math.Ceil(n))
	}
	return n
}

// formatSamples are values of the formats that the judge checks.
var formatSamples = map[string]string{
	"date": "2024-02-29", "date-time": "2024-02-29T12:00:00Z", "uuid": "8c4a6b9e-2f1d-4e7a-9b3c-5d6e7f809112",
	"email": "somebody@example.com", "uri": "https://example.com/", "ipv4": "192.0.2.1", "ipv6": "2001:db8::1",
	"byte": "cXVvdGFzcGVj",
}

func sampleString(s *openapi3.Schema) (any, bool) {
	text := "text"
	if known, ok := formatSamples[s.Format]; ok {
		text = known
	}
	for uint64(len(text)) < min(s.MinLength, 10_000) {
		text += "x"
	}
	if s.MaxLength != nil && uint64(len(text)) > *s.MaxLength {
		text = text[:*s.MaxLength]
	}
	return text, s.VisitJSON(text, openapi3.EnableFormatValidation()) == nil
}

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
		if s.VisitJSON(value, openapi3.EnableFormatValidation()) != nil || s.Format != "" && name == "not-of-format" {
			list = append(list, broken{name, value})
		}
	}
	if len(s.Enum) > 0 {
		first := fmt.Sprint(s.Enum[0])
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
