package spec

import "slices"

// maxSchemaParts limits the parts of one schema.
const maxSchemaParts = 64

// Parts yields the schemas that may describe the same value as s: s itself, and the parts of the targets of its references and
// of the schemas in its allOf, anyOf and oneOf. It yields each schema once, and 64 at most. For nil it yields none.
func (s *Schema) Parts(yield func(*Schema) bool) {
	if s == nil || !yield(s) || s.isSimple() {
		return
	}
	for _, part := range s.addParts(nil)[1:] {
		if !yield(part) {
			return
		}
	}
}

// isSimple reports whether s is its only part, which is the common case.
func (s *Schema) isSimple() bool {
	return s.Ref == nil && s.DynamicRef == nil && len(s.AllOf)+len(s.AnyOf)+len(s.OneOf) == 0
}

// addParts appends the parts of s to a list.
func (s *Schema) addParts(list []*Schema) []*Schema {
	if len(list) == maxSchemaParts || slices.Contains(list, s) {
		return list
	}
	list = append(list, s)
	for _, group := range [][]*Schema{{s.Ref, s.DynamicRef}, s.AllOf, s.AnyOf, s.OneOf} {
		for _, part := range group {
			if part != nil {
				list = part.addParts(list)
			}
		}
	}
	return list
}

// Property returns the schema of a property from the first part that has it, or nil.
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
