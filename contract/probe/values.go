package probe

import (
	"maps"
	"math"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/quotaspec/quotaspec/contract"
)

// asRequest are the options under which the judge holds a value in a request against its schema.
var asRequest = append(contract.FilterOptions().SchemaValidationOptions, openapi3.VisitAsRequest())

// takes says whether a schema takes a value in a request.
func takes(s *openapi3.Schema, value any) bool { return s.VisitJSON(value, asRequest...) == nil }

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
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		if uint64(len(object)) >= s.MinProps {
			break
		}
		if property := s.Properties[name]; property.Value == nil || !property.Value.ReadOnly {
			if v, ok := sample(property, all, depth+1); ok {
				object[name] = v
			}
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
	return text, takes(s, text)
}
