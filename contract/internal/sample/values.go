package sample

import (
	"math"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// array makes a list of one element, or of minItems or minContains.
func (m *sampler) array(s *spec.Schema) (any, bool) {
	array := []any{}
	for i := range max(1, int(min(max(Count(s.MinItems), Count(s.MinContains)), 100))) {
		element := Element(s, i)
		if isContained := s.Contains != nil && uint64(i) < max(1, Count(s.MinContains)); isContained && element == nil {
			element = s.Contains
		}
		v, ok := m.value(element)
		if !ok {
			return array, Count(s.MinItems) == 0
		}
		array = append(array, v)
	}
	return array, !s.UniqueItems || len(array) == 1
}

// sampleNumber is the number nearest to the preferred one that a schema allows. If the bounds exclude all, the number
// breaks one.
func sampleNumber(s *spec.Schema, preferred float64) float64 {
	low, high := Lowest(s), Highest(s)
	n := preferred
	if low != nil {
		n = max(n, low.At)
	}
	if high != nil {
		n = min(n, high.At)
	}
	// If n is an exclusive bound, the numbers next to it may be beyond the other bound. The middle never is.
	candidates := []float64{n, n + 1, n - 1}
	if low != nil && high != nil {
		candidates = append(candidates, low.At/2+high.At/2)
	}
	if step := stepOf(s); step > 0 {
		k := math.Ceil(n / step)
		candidates = []float64{multiple(k, step), multiple(k+1, step), multiple(k-1, step)}
	}
	for _, candidate := range candidates {
		if low.allows(candidate, 1) && high.allows(candidate, -1) {
			return candidate
		}
	}
	return n
}

// stepOf is the step between the numbers that a schema allows, 0 for any number.
func stepOf(s *spec.Schema) float64 {
	step := 0.0
	if n := number(s.MultipleOf); n != nil {
		step = *n
	}
	if TypeOf(s) == "integer" {
		step = max(step, 1) // 1 is a multiple of a step such as 0.25
	}
	return step
}

// multiple is k times a step. 0.1 is not exact in float64, so that 7*0.1 is 0.7000000000000001; 7/10 is 0.7.
func multiple(k, step float64) float64 {
	if parts := math.Round(1 / step); 1/parts == step {
		return k / parts
	}
	return k * step
}

// formatSamples are values of formats that the text "text" does not match.
var formatSamples = map[string]string{
	"date": "2024-02-29", "date-time": "2024-02-29T12:00:00Z", "time": "12:00:00Z", "duration": "P1D",
	"uuid":  "8c4a6b9e-2f1d-4e7a-9b3c-5d6e7f809112",
	"email": "somebody@example.com", "idn-email": "somebody@example.com",
	"uri": "https://example.com/", "iri": "https://example.com/",
	"ipv4": "192.0.2.1", "ipv6": "2001:db8::1", "byte": "cXVvdGFzcGVj", "json-pointer": "/text", "relative-json-pointer": "0/text",
}

// text makes a text of the right format and length, or else one that matches the pattern. ok is false if the schema does not
// take it.
func (m *sampler) text(s *spec.Schema) (any, bool) {
	text := "text"
	if known, ok := formatSamples[s.Format]; ok {
		text = known
	}
	for uint64(len(text)) < min(Count(s.MinLength), maxText) {
		text += "x"
	}
	if s.MaxLength != nil && uint64(len(text)) > *s.MaxLength {
		text = text[:*s.MaxLength]
	}
	isTaken := m.Takes(s, text)
	if s.Pattern == nil || isTaken {
		return text, isTaken
	}
	text, ok := Matching(s.Pattern.Text, int(min(Count(s.MinLength), maxText)))
	return text, ok && m.Takes(s, text)
}
