package parameter

import (
	"slices"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// shapes are ways in which a text may be read.
type shapes uint8

const (
	array shapes = 1 << iota
	object
	plain
)

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

// isWhole reports whether a schema is made of no others.
func isWhole(s *spec.Schema) bool {
	return s.Ref == nil && s.DynamicRef == nil && len(s.AllOf)+len(s.AnyOf)+len(s.OneOf) == 0
}

// shapesOf are the shapes that a schema and its parts allow; nil, and a schema that says nothing, allow a plain text.
func shapesOf(s *spec.Schema) shapes {
	switch {
	case s == nil:
		return plain
	case isWhole(s):
		return shapesOfAll([]*spec.Schema{s})
	}
	return shapesOfAll(parts(nil, s))
}

func shapesOfAll(list []*spec.Schema) (found shapes) {
	isTyped := false
	for _, s := range list {
		for _, name := range s.Types {
			isTyped = true
			switch name {
			case "array":
				found |= array
			case "object":
				found |= object
			default:
				found |= plain
			}
		}
		if len(s.Types) > 0 {
			continue
		}
		if s.Items != nil || len(s.PrefixItems) > 0 || s.Contains != nil {
			found |= array
		}
		if len(s.Properties) > 0 || s.AdditionalProperties != nil || len(s.Required) > 0 {
			found |= object
		}
	}
	if !isTyped {
		found |= plain
	}
	return found
}

// hasProperty reports whether a schema or a part of it names a property.
func hasProperty(s *spec.Schema, name string) bool { return propertyOf(parts(nil, s), name) != nil }

// propertyOf finds the schema of a property in the first schema that names it, or nil.
func propertyOf(list []*spec.Schema, name string) *spec.Schema {
	for _, s := range list {
		for _, p := range s.Properties {
			if p.Name == name {
				return p.Schema
			}
		}
	}
	return nil
}

// memberOf finds the schema of a member: that of the property, else the one for all other members, else nil.
func memberOf(schema *spec.Schema, name string) *spec.Schema {
	list := parts(nil, schema)
	if p := propertyOf(list, name); p != nil {
		return p
	}
	for _, s := range list {
		if s.AdditionalProperties != nil {
			return s.AdditionalProperties
		}
	}
	return nil
}

// elementOf finds the schema of the elements of a list, or nil.
func elementOf(schema *spec.Schema) *spec.Schema {
	for _, s := range parts(nil, schema) {
		if s.Items != nil {
			return s.Items
		}
	}
	return nil
}

// isFree reports whether an object may have members of any name: the schema says so, or names no member.
func isFree(schema *spec.Schema) bool {
	namesNone := true
	for _, s := range parts(nil, schema) {
		for _, others := range []*spec.Schema{s.AdditionalProperties, s.UnevaluatedProperties} {
			if others != nil {
				if !others.Never {
					return true
				}
				namesNone = false
			}
		}
		if len(s.PatternProperties) > 0 {
			return true
		}
		namesNone = namesNone && len(s.Properties) == 0
	}
	return namesNone
}
