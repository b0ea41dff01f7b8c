package breaking

import (
	"slices"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Alternatives that only list values, or types that exclude each other, say the same as enum and type do:
//
//	oneOf: [{const: a, title: first}, {const: b}]    enum: [a, b]
//	anyOf: [{type: string}, {type: integer}]         type: [string, integer]

// valuesOf are the values of enum or const; nil: the schema has none.
func valuesOf(s *spec.Schema) []*spec.Node {
	if s.Const != nil {
		return []*spec.Node{s.Const}
	}
	return s.Enum
}

// isPlain reports whether a group of alternatives is no more than a list of values or types.
func isPlain(group []*spec.Schema) bool {
	values, types := ofGroup(group)
	return values != nil || types != nil
}

// plainValues are the values of each group of alternatives that only lists values.
func plainValues(s *spec.Schema) (lists [][]*spec.Node) {
	for _, group := range alternativesOf(s) {
		if values, _ := ofGroup(group); values != nil && onlyAlternative(group) == nil {
			lists = append(lists, values)
		}
	}
	return lists
}

// plainTypes are the types of each group of alternatives that only lists types.
func plainTypes(s *spec.Schema) (lists [][]string) {
	for _, group := range alternativesOf(s) {
		if _, types := ofGroup(group); types != nil && onlyAlternative(group) == nil {
			lists = append(lists, types)
		}
	}
	return lists
}

// ofGroup returns the values or the types of alternatives that have nothing else, each once; nil for any other group.
func ofGroup(group []*spec.Schema) (values []*spec.Node, types []string) {
	seen := []string{}
	for _, s := range group {
		one := &value{schemas: []*spec.Schema{s}}
		own := valuesOf(s)
		switch {
		case own != nil && one.saysOnly("const", "enum"):
			values = append(values, own...)
			for _, item := range own {
				seen = append(seen, jsonOf(item))
			}
		case len(s.Types) > 0 && one.saysOnly("type"):
			types, seen = append(types, s.Types...), append(seen, s.Types...)
		default:
			return nil, nil
		}
	}
	slices.Sort(seen)
	isNumber := slices.Contains(types, "number") && slices.Contains(types, "integer")
	isMixed := len(values) > 0 && len(types) > 0
	if isMixed || isNumber || len(slices.Compact(slices.Clone(seen))) < len(seen) {
		return nil, nil
	}
	return values, types
}
