package parameter

import "github.com/quotaspec/quotaspec/openapi/spec"

// shapes is a set of ways to read a text. 1,2 may be the array ["1", "2"], the object {"1": "2"} or the plain text "1,2". The
// types of the schema decide which of them are tried: type string only plain, type [array, "null"] array and plain.
type shapes uint8

const (
	array shapes = 1 << iota
	object
	plain
)

// shapesOf returns the shapes that a schema and its parts allow. Without a schema, or with one that has no types, that is
// plain text.
func shapesOf(schema *spec.Schema) (found shapes) {
	isTyped := false
	for s := range schema.Parts {
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

// memberOf returns the schema of a member: that of the property, else that of additional properties, else nil.
func memberOf(schema *spec.Schema, name string) *spec.Schema {
	if p := schema.Property(name); p != nil {
		return p
	}
	for s := range schema.Parts {
		if s.AdditionalProperties != nil {
			return s.AdditionalProperties
		}
	}
	return nil
}

// elementOf returns the schema of the elements of a list, or nil.
func elementOf(schema *spec.Schema) *spec.Schema {
	for s := range schema.Parts {
		if s.Items != nil {
			return s.Items
		}
	}
	return nil
}

// allowsAnyName reports whether an object may have members of any name, because the schema allows more members or names none.
func allowsAnyName(schema *spec.Schema) bool {
	namesNone := true
	for s := range schema.Parts {
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
