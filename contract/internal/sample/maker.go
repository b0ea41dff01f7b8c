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
