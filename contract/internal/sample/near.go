package sample

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Near lists values at and next to each limit of a schema. Whoever compares two schemas finds among the values near either of
// them one that shows a difference. {type: integer, minimum: 1} has these, among others:
//
//	1    0    2    1.5    "7"    null
//
// A schema consists of several: $ref, allOf, anyOf and others apply further schemas to the same value. Each keyword of each of
// them gives a list of values, and Near takes one value of each list in turn, so that its bound cuts the longest lists only.

// The bounds of Near.
const (
	maxNear    = 60      // values
	maxSchemas = 40      // schemas of one value
	maxNames   = 12      // members that are left out, or added alone
	maxLength  = 300     // elements of a list, and characters of a text that matches a pattern
	longest    = 1 << 16 // characters of any other text
)

// Near lists values at and next to each limit of a schema: valid and invalid ones, at most 60, each once and always in the same
// order. Numbers near a bound are json.Number, so that they are exact and 1.0 differs from 1. Objects have their members as Value
// makes them. For values near the limits of a member or an element, call Near with its schema. Without a schema there is a value
// of each JSON type.
func (m Maker) Near(s *spec.Schema) []any {
	n := near{Maker: m}
	if s != nil {
		plain := []any{}
		for _, m.All = range []bool{false, true} {
			if value, ok := m.Value(s); ok {
				plain = append(plain, m.Sent(s, value))
			}
		}
		n.add(plain)
		n.visit(s, nil, false)
	}
	n.add([]any{nil, "text", json.Number("7"), true, []any{}, map[string]any{}, json.Number("1.5"), "7", false})
	return inTurn(n.lists)
}

// near collects the values near the limits of one schema.
type near struct {
	Maker
	lists [][]any
	seen  []*spec.Schema
}

func (n *near) add(list []any) { n.lists = append(n.lists, list) }

// visit adds the values of a schema and of those that it applies to the same value. around has the members that an object needs
// for the schemas around this one. isPart says that the schema has been merged into one that refers to it, which lists its
// members and elements.
func (n *near) visit(s *spec.Schema, around map[string]any, isPart bool) {
	if s == nil || slices.Contains(n.seen, s) || len(n.seen) == maxSchemas {
		return
	}
	n.seen = append(n.seen, s)
	n.add(besideChoices(s))
	n.add(n.numbers(s))
	n.add(n.texts(s))
	if !isPart {
		around = n.visitParts(s, around)
	}
	for _, part := range parts(s) {
		n.visit(part, around, true)
	}
	for _, other := range slices.Concat(s.OneOf, s.AnyOf, []*spec.Schema{s.Not, s.If, s.Then, s.Else}) {
		n.visit(other, around, false)
	}
	for _, p := range s.DependentSchemas {
		n.visit(p.Schema, around, false)
	}
}

// visitParts adds objects and lists, and returns the members that alternatives need beside their own.
func (n *near) visitParts(s *spec.Schema, around map[string]any) map[string]any {
	together := merged(s)
	if has(together, "array", isOfArrays) {
		n.add(n.arrays(s, together))
	}
	if !has(together, "object", isOfObjects) {
		return around
	}
	around = n.object(s, around, false)
	n.objects(s, together, around)
	return around
}

// merged are a schema and all that it applies to the same value by allOf and references.
func merged(s *spec.Schema) []*spec.Schema {
	all := []*spec.Schema{s}
	for i := 0; i < len(all); i++ {
		for _, part := range parts(all[i]) {
			if !slices.Contains(all, part) && len(all) < maxSchemas {
				all = append(all, part)
			}
		}
	}
	return all
}

// has reports whether merged schemas are about a type: one names it, or none names any and one has keywords of it.
func has(together []*spec.Schema, name string, hasKeyword func(*spec.Schema) bool) bool {
	names := []string{}
	for _, s := range together {
		names = append(names, s.Types...)
	}
	if len(names) > 0 {
		return slices.Contains(names, name)
	}
	return slices.ContainsFunc(together, hasKeyword)
}

func isOfArrays(s *spec.Schema) bool {
	return s.Items != nil || s.Contains != nil || s.MinItems != nil || s.MaxItems != nil || s.UniqueItems || len(s.PrefixItems) > 0
}

func isOfObjects(s *spec.Schema) bool {
	names := len(s.Properties) + len(s.Required) + len(s.PatternProperties) + len(s.DependentRequired)
	isLimited := s.PropertyNames != nil || s.MinProperties != nil || s.MaxProperties != nil
	return names > 0 || isLimited || s.AdditionalProperties != nil
}

// besideChoices are the values of enum or const, and some beside them.
func besideChoices(s *spec.Schema) []any {
	known := Choices(s)
	if len(known) == 0 {
		return nil
	}
	first := PlainText(known[0])
	list := append([]any{known[0], first + "s"}, known[1:]...)
	for _, other := range []string{strings.ToUpper(first), strings.ToLower(first), first} {
		list = append(list, other)
	}
	return list
}

// inTurn takes one value of each list in turn, each value once.
func inTurn(lists [][]any) []any {
	all, seen := []any{}, map[string]bool{}
	for i := 0; slices.ContainsFunc(lists, func(list []any) bool { return i < len(list) }); i++ {
		for _, list := range lists {
			if i >= len(list) {
				continue
			}
			key, err := json.Marshal(list[i])
			if err != nil || seen[string(key)] {
				continue // no JSON, such as an infinite number
			}
			seen[string(key)] = true
			if all = append(all, list[i]); len(all) == maxNear {
				return all
			}
		}
	}
	return all
}
