package probe

import (
	"encoding/json"
	"maps"
	"math"
	"slices"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Sample values are deterministic: examples, defaults and enum values of the document come first, then the simplest value
// of the type, moved into the bounds of the schema. The judge checks values that were made from a schema, before a valid
// request uses them.
//
//	{type: integer, minimum: 10}                 10
//	{type: number, exclusiveMinimum: 1.5}        2.5
//	{type: string, minLength: 6}                 textxx
//	{type: string, format: uuid}                 8c4a6b9e-2f1d-4e7a-9b3c-5d6e7f809112
//	{type: string, pattern: ^[0-9]+$}            none: the document has to give an example

// maxParts is the most parts that a sample value may have. Schemas that need more have no sample: six schemas that refer to
// each other ten times describe a million parts.
const maxParts = 1000

// sample makes a value for a schema: an example of the document, else the simplest value that fits. all includes optional
// members. ok is false if no simple value fits, such as for a pattern.
func (d *deriver) sample(s *spec.Schema, all bool) (value any, ok bool) {
	m := sampler{takes: d.takes, all: all, made: d.madeOthers()}
	value, ok = m.value(s)
	return value, ok && m.parts <= maxParts
}

// madeOthers are the ids of things that exist, but for those of what the operation creates: a new flow wants a new flow_id.
func (d *deriver) madeOthers() Values {
	path := segments(pathOf(d.op))
	if len(d.known.Made) == 0 || len(path) == 0 {
		return nil
	}
	others, own := maps.Clone(d.known.Made), singular(plain(path[len(path)-1]))
	delete(others, own+"id")
	delete(others, own+"uuid")
	return others
}

// sampler makes one value. A schema that contains itself has no value at the second visit, so an optional member is left out.
type sampler struct {
	takes func(s *spec.Schema, value any) bool
	all   bool
	made  Values         // Known.Made
	parts int            // made so far
	chain []*spec.Schema // the schemas around the current one
}

func (m *sampler) value(s *spec.Schema) (value any, ok bool) {
	if s == nil {
		return nil, false
	}
	if value, ok := namedValue(s); ok {
		return value, true
	}
	s = resolve(s)
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

// object makes an object of the members of its parts, then its required members, then optional ones if all is set or as many
// as minProperties wants.
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
			include := isRequired || m.all || uint64(len(object)) < count(s.MinProperties)
			if slices.Contains(s.Required, p.Name) != isRequired || !include || isReadOnly(p.Schema) {
				continue
			}
			v, ok := m.member(p)
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

// member makes the value of a member: the id of a thing that exists, if its name is that of such an id, or any other value.
func (m *sampler) member(p spec.Property) (any, bool) {
	id, isMade := m.made[plain(p.Name)]
	if _, isNamed := namedValue(p.Schema); isMade && !isNamed {
		for _, value := range []any{id, json.Number(id)} {
			if _, isText := value.(string); (isText || json.Valid([]byte(id))) && m.takes(p.Schema, value) {
				return value, true
			}
		}
	}
	return m.value(p.Schema)
}

// array makes a list of one element, or of minItems.
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

// sampleNumber is the number nearest to the preferred one that a schema allows. If the bounds exclude all, the number
// breaks one.
func sampleNumber(s *spec.Schema, preferred float64) float64 {
	low, high := lowest(s), highest(s)
	n := preferred
	if low != nil {
		n = max(n, low.at)
	}
	if high != nil {
		n = min(n, high.at)
	}
	// If n is an exclusive bound, the numbers next to it may be beyond the other bound. The middle never is.
	candidates := []float64{n, n + 1, n - 1}
	if low != nil && high != nil {
		candidates = append(candidates, low.at/2+high.at/2)
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
	if typeOf(s) == "integer" {
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

// text makes a text of the right format and length. ok is false if the schema has a pattern that it does not match.
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
