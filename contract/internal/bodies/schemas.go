package bodies

import (
	"slices"

	"github.com/quotaspec/quotaspec/contract/internal/media"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Schemas gives what describes a body of items: the schema of the list, and that of each item; nil: nothing. OpenAPI 3.2 has
// itemSchema for an item, and schema for all of them as an array. Before it, schema was written for either: one that allows
// no array is for each line of JSON. For events it was written for their data or for the bytes, which nobody can tell
// apart: then nothing describes them.
func Schemas(t media.Type, m *spec.MediaType) (whole, item *spec.Schema) {
	switch {
	case m.Schema == nil || m.ItemSchema != nil && allows(m.Schema, "array"):
		return m.Schema, m.ItemSchema
	case isTyped(m.Schema) && allows(m.Schema, "array"):
		return m.Schema, nil
	case m.ItemSchema != nil:
		return nil, m.ItemSchema
	case t.Kind() == media.Events:
		return nil, nil
	}
	return nil, m.Schema
}

// maxParts bounds how many schemas may describe one value at once.
const maxParts = 64

// parts adds to a list the schemas that a schema applies to the same value.
func parts(list []*spec.Schema, s *spec.Schema) []*spec.Schema {
	if s == nil || len(list) == maxParts || slices.Contains(list, s) {
		return list
	}
	list = parts(parts(append(list, s), s.Ref), s.DynamicRef)
	for _, some := range [][]*spec.Schema{s.AllOf, s.AnyOf, s.OneOf} {
		for _, part := range some {
			list = parts(list, part)
		}
	}
	return list
}

// isTyped reports whether a schema or a part of it has a type.
func isTyped(s *spec.Schema) bool {
	return slices.ContainsFunc(parts(nil, s), func(part *spec.Schema) bool { return len(part.Types) > 0 })
}

// allows reports whether a schema may take a value of one of the types: a part of it names one, or none names any.
func allows(s *spec.Schema, types ...string) bool {
	list := parts(nil, s)
	return !isTyped(s) || slices.ContainsFunc(list, func(part *spec.Schema) bool {
		return slices.ContainsFunc(part.Types, func(name string) bool { return slices.Contains(types, name) })
	})
}

// propertyOf finds the schema of a property; nil: none describes it.
func propertyOf(s *spec.Schema, name string) *spec.Schema {
	for _, part := range parts(nil, s) {
		for _, p := range part.Properties {
			if p.Name == name {
				return p.Schema
			}
		}
	}
	return nil
}
