package spec

import "slices"

// maxSchemaParts bounds how many schemas may describe one value at once.
const maxSchemaParts = 64

// Parts yields the schemas that may describe the same value as s: itself, what it refers to, and its allOf, anyOf and oneOf,
// with what these consist of, each once and 64 at most. Of nil it yields none.
func (s *Schema) Parts(yield func(*Schema) bool) {
	if s == nil || !yield(s) || s.Ref == nil && s.DynamicRef == nil && len(s.AllOf)+len(s.AnyOf)+len(s.OneOf) == 0 {
		return
	}
	for _, part := range s.addParts(nil)[1:] {
		if !yield(part) {
			return
		}
	}
}

// addParts adds the parts of s to a list.
func (s *Schema) addParts(list []*Schema) []*Schema {
	if len(list) == maxSchemaParts || slices.Contains(list, s) {
		return list
	}
	list = append(list, s)
	for _, some := range [][]*Schema{{s.Ref, s.DynamicRef}, s.AllOf, s.AnyOf, s.OneOf} {
		for _, part := range some {
			if part != nil {
				list = part.addParts(list)
			}
		}
	}
	return list
}

// Property returns the schema of a property in the first part that names it, or nil.
func (s *Schema) Property(name string) *Schema {
	for part := range s.Parts {
		for _, p := range part.Properties {
			if p.Name == name {
				return p.Schema
			}
		}
	}
	return nil
}
