// Package sample makes values of schemas, and writes them as parameters and bodies.
//
// Values are deterministic: examples, defaults and enum values of the document come first, then the simplest value of the type,
// moved into the bounds of the schema. The caller says what a schema takes, so that values which were made from a schema are
// judged before they are used.
//
//	{type: integer, minimum: 10}                 10
//	{type: number, exclusiveMinimum: 1.5}        2.5
//	{type: string, minLength: 6}                 textxx
//	{type: string, format: uuid}                 8c4a6b9e-2f1d-4e7a-9b3c-5d6e7f809112
//	{type: string, pattern: ^[0-9]+$}            1
//
// The package does not know who sends the values, and it does not judge them.
package sample

import (
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// maxParts is the most parts that a sample value may have. Schemas that need more have no sample: six schemas that refer to
// each other ten times describe a million parts.
const maxParts = 1000

// Maker makes values of schemas.
type Maker struct {
	// Takes reports whether a schema takes a value. It is the judge, or a stricter rule.
	Takes func(s *spec.Schema, value any) bool
	// All includes optional members.
	All bool
	// Made are the ids of things that exist, by the PlainName of the members that refer to them: {"petid": "7"}.
	Made map[string]string
	// Response makes the values of responses, which have readOnly members and no writeOnly ones. Those of requests are the
	// other way round.
	Response bool
}

// Value makes a value of a schema: an example of the document that the schema takes, else the simplest value that fits. ok is
// false if no simple value fits, such as for a pattern with a backreference. The value may still break what combines schemas,
// such as not: judge it before use.
func (m Maker) Value(s *spec.Schema) (value any, ok bool) {
	one := sampler{Maker: m}
	value, ok = one.value(s)
	return value, ok && one.parts <= maxParts
}

// leavesOut reports whether a member is only in messages of the other direction.
func (m Maker) leavesOut(s *spec.Schema) bool {
	if m.Response {
		return s.WriteOnly || Resolve(s).WriteOnly
	}
	return IsReadOnly(s)
}

// Sent copies a value without the members that only messages of the other direction have: of a request the readOnly ones.
func (m Maker) Sent(s *spec.Schema, value any) any {
	if s == nil {
		return value
	}
	s = Resolve(s)
	switch v := value.(type) {
	case map[string]any:
		properties, _ := Members(s)
		object := map[string]any{}
		for name, member := range v {
			if p := Property(properties, name); p == nil || !m.leavesOut(p) {
				object[name] = m.Sent(p, member)
			}
		}
		return object
	case []any:
		list := []any{}
		for i, member := range v {
			list = append(list, m.Sent(Element(s, i), member))
		}
		return list
	}
	return value
}

// PlainName writes a name without case and separators: pet_id and petId are petid.
func PlainName(name string) string { return ignored.Replace(strings.ToLower(name)) }

var ignored = strings.NewReplacer("_", "", "-", "", ".", "")

// sampler makes one value. A schema that contains itself has no value at the second visit, so an optional member is left out.
type sampler struct {
	Maker
	parts int            // made so far
	tried int            // made so far, with those of alternatives that did not fit
	chain []*spec.Schema // the schemas around the current one
}

// value is a named value or, if the schema does not take that, one that is made.
func (m *sampler) value(s *spec.Schema) (any, bool) {
	if s == nil {
		return nil, false
	}
	named, isNamed := Named(s)
	if isNamed && m.Takes(s, m.Sent(s, named)) {
		return named, true
	}
	if value, ok := m.invent(s); ok {
		return value, true
	}
	return named, isNamed
}

func (m *sampler) invent(s *spec.Schema) (any, bool) {
	s = Resolve(s)
	m.tried++
	if m.parts++; m.parts > maxParts || slices.Contains(m.chain, s) {
		return nil, false
	}
	m.chain = append(m.chain, s)
	defer func() { m.chain = m.chain[:len(m.chain)-1] }()
	if value, ok := m.alternative(s); ok {
		return value, true
	}
	kind := TypeOf(s)
	isOpen := len(s.AllOf) > 0 || len(s.Types) == 0
	switch isObject := has(merged(s), "object", isOfObjects); {
	case len(s.Properties) > 0, isOpen && isObject:
		kind = "object"
	case len(s.AllOf) > 0:
		return m.ofPart(s)
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

// alternative is the value of the first schema of oneOf or anyOf whose value the whole schema takes, or else of the first that
// has one.
func (m *sampler) alternative(s *spec.Schema) (value any, ok bool) {
	parts := 0
	for _, other := range slices.Concat(s.OneOf, s.AnyOf) {
		if ok && m.tried > maxParts {
			break
		}
		v, found := m.value(other)
		if !found {
			continue
		}
		if v, fits := m.fitted(s, v); fits {
			return v, true
		}
		if !ok {
			value, ok, parts = v, true, m.parts
		}
	}
	if ok {
		m.parts = parts
	}
	return value, ok
}

// fitted is the value of an alternative if the whole schema takes it, with the members that all alternatives share:
//
//	{required: [a], oneOf: [{required: [b]}, {required: [c]}]}    {"a": …, "b": …}
func (m *sampler) fitted(s *spec.Schema, value any) (any, bool) {
	if m.Takes(s, value) {
		return value, true
	}
	own, isObject := value.(map[string]any)
	if !isObject || len(s.Properties)+len(s.Required)+len(s.AllOf) == 0 {
		return nil, false
	}
	shared, _ := m.object(s)
	whole, isObject := shared.(map[string]any)
	if !isObject {
		return nil, false
	}
	maps.Copy(whole, own)
	return whole, m.Takes(s, whole)
}

// ofPart is the value of the first part of allOf that the whole schema takes, for one that is about no object.
func (m *sampler) ofPart(s *spec.Schema) (any, bool) {
	for _, part := range parts(s) {
		if value, ok := m.value(part); ok && m.Takes(s, value) {
			return value, true
		}
	}
	return nil, false
}

// object makes an object of the members of its parts, then its required members, then optional ones if All is set or as many
// as minProperties wants.
func (m *sampler) object(s *spec.Schema) (any, bool) {
	object := map[string]any{}
	for _, part := range parts(s) {
		v, ok := m.value(part)
		members, isObject := v.(map[string]any)
		isOfAny := TypeOf(Resolve(part)) == "" // such as {nullable: true}
		if ok && !isObject && isOfAny {
			continue
		}
		if !ok || !isObject {
			return nil, false
		}
		maps.Copy(object, members)
	}
	properties, required := Members(s)
	for _, isRequired := range []bool{true, false} {
		for _, p := range properties {
			there, has := object[p.Name]
			isDone := has && Property(s.Properties, p.Name) == nil && m.Takes(p.Schema, there) // by a part
			include := isRequired || m.All || uint64(len(object)) < Count(s.MinProperties)
			if slices.Contains(required, p.Name) != isRequired || isDone || !include || m.leavesOut(p.Schema) {
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
	for _, name := range required {
		if _, has := object[name]; !has && Property(properties, name) == nil {
			object[name] = "text"
		}
	}
	return object, true
}

// member makes the value of a member: the id of a thing that exists, if its name is that of such an id, or any other value.
func (m *sampler) member(p spec.Property) (any, bool) {
	id, isMade := m.Made[PlainName(p.Name)]
	if _, isNamed := Named(p.Schema); isMade && !isNamed {
		for _, value := range []any{id, json.Number(id)} {
			if _, isText := value.(string); (isText || json.Valid([]byte(id))) && m.Takes(p.Schema, value) {
				return value, true
			}
		}
	}
	return m.value(p.Schema)
}

// array makes a list of one element, or of minItems.
func (m *sampler) array(s *spec.Schema) (any, bool) {
	array := []any{}
	for i := range max(1, int(min(Count(s.MinItems), 100))) {
		v, ok := m.value(Element(s, i))
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
