package probe

import (
	"maps"
	"math"
	"slices"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// maxParts is how many parts a value may have that is made of a schema. Nothing is made of a schema that needs more: a
// document with ten references in each of six schemas describes a million.
const maxParts = 1000

// sample makes a value that a schema allows: what the document gives as an example, else the plainest that fits. all says
// whether optional members come along. ok is false where nothing plain fits, such as for an unknown pattern.
func (d *deriver) sample(s *spec.Schema, all bool) (value any, ok bool) {
	m := sampler{takes: d.takes, all: all}
	value, ok = m.value(s)
	return value, ok && m.parts <= maxParts
}

// sampler makes one value. A schema that contains itself ends where it would begin again.
type sampler struct {
	takes func(s *spec.Schema, value any) bool
	all   bool
	parts int            // how many were made
	chain []*spec.Schema // those that the value is a part of
}

func (m *sampler) value(s *spec.Schema) (value any, ok bool) {
	if s == nil {
		return nil, false
	}
	if value, ok := given(s); ok {
		return value, true
	}
	s = target(s)
	if m.parts++; m.parts > maxParts || slices.Contains(m.chain, s) {
		return nil, false
	}
	m.chain = append(m.chain, s)
	defer func() { m.chain = m.chain[:len(m.chain)-1] }()
	for _, alternative := range slices.Concat(s.OneOf, s.AnyOf) {
		if value, ok := m.value(alternative); ok {
			return value, true
		}
	}
	kind := typeOf(s)
	if len(s.Properties)+len(s.AllOf) > 0 {
		kind = "object"
	}
	switch kind {
	case "object":
		return m.object(s)
	case "array":
		return m.array(s)
	case "boolean":
		return true, true
	case "integer":
		return sampleNumber(s, 1), true
	case "number":
		return sampleNumber(s, 1.5), true
	}
	return m.text(s)
}

func (m *sampler) object(s *spec.Schema) (any, bool) {
	object := map[string]any{}
	for _, part := range parts(s) {
		v, ok := m.value(part)
		members, isObject := v.(map[string]any)
		if !ok || !isObject {
			return nil, false
		}
		maps.Copy(object, members)
	}
	for _, isRequired := range []bool{true, false} {
		for _, p := range s.Properties {
			isWanted := isRequired || m.all || uint64(len(object)) < count(s.MinProperties)
			if slices.Contains(s.Required, p.Name) != isRequired || !isWanted || isReadOnly(p.Schema) {
				continue
			}
			v, ok := m.value(p.Schema)
			switch {
			case ok:
				object[p.Name] = v
			case isRequired:
				return nil, false
			}
		}
	}
	return object, true
}

// array makes a list of one element, or of as many as there must be.
func (m *sampler) array(s *spec.Schema) (any, bool) {
	array := []any{}
	for i := range max(1, int(min(count(s.MinItems), 100))) {
		v, ok := m.value(element(s, i))
		if !ok {
			return array, count(s.MinItems) == 0
		}
		array = append(array, v)
	}
	return array, !s.UniqueItems || len(array) == 1
}

// sampleNumber is the number that a schema allows and that is next to the plain one.
func sampleNumber(s *spec.Schema, plain float64) float64 {
	n := plain
	if low := lowest(s); low != nil {
		n = max(n, low.at)
		if low.exclusive && n == low.at {
			n++
		}
	}
	if high := highest(s); high != nil && n > high.at {
		n = high.at
		if high.exclusive {
			n--
		}
	}
	if step := number(s.MultipleOf); step != nil && *step > 0 {
		n = math.Ceil(n / *step) * *step
	}
	if typeOf(s) == "integer" {
		n = math.Ceil(n)
	}
	return n
}

// formatSamples are values of the formats that few texts are of.
var formatSamples = map[string]string{
	"date": "2024-02-29", "date-time": "2024-02-29T12:00:00Z", "time": "12:00:00Z", "duration": "P1D", "uuid": "8c4a6b9e-2f1d-4e7a-9b3c-5d6e7f809112",
	"email": "somebody@example.com", "idn-email": "somebody@example.com", "uri": "https://example.com/", "iri": "https://example.com/",
	"ipv4": "192.0.2.1", "ipv6": "2001:db8::1", "byte": "cXVvdGFzcGVj", "json-pointer": "/text", "relative-json-pointer": "0/text",
}

func (m *sampler) text(s *spec.Schema) (any, bool) {
	text := "text"
	if known, ok := formatSamples[s.Format]; ok {
		text = known
	}
	for uint64(len(text)) < min(count(s.MinLength), 10_000) {
		text += "x"
	}
	if s.MaxLength != nil && uint64(len(text)) > *s.MaxLength {
		text = text[:*s.MaxLength]
	}
	return text, m.takes(s, text)
}
