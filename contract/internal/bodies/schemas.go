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
	types := typesOf(m.Schema)
	mayBeList := len(types) == 0 || slices.Contains(types, "array")
	switch {
	case m.Schema == nil, mayBeList && (m.ItemSchema != nil || len(types) > 0):
		return m.Schema, m.ItemSchema
	case m.ItemSchema != nil:
		return nil, m.ItemSchema
	case t.Kind() == media.Events:
		return nil, nil
	}
	return nil, m.Schema
}

// typesOf lists the types that a schema or a part of it names. If there are none it takes values of all.
func typesOf(s *spec.Schema) (types []string) {
	for part := range s.Parts {
		types = append(types, part.Types...)
	}
	return types
}

// partSchema gives the schema of each part of a form that a property has: a list is one part for each item (OpenAPI, Encoding
// Object). Nil says nothing of it.
func partSchema(property *spec.Schema) *spec.Schema {
	if !allowsOnly(property, "array") {
		return property
	}
	for part := range property.Parts {
		if part.Items != nil {
			return part.Items
		}
	}
	return nil
}

// isUnreadable reports whether nothing here reads a value of a schema from a media type: what is not JSON is one text, and only of
// a plain text can a number be made.
func isUnreadable(kind media.Kind, s *spec.Schema) bool {
	if kind == media.JSON || kind == media.Text {
		return kind == media.Text && !allowsText(s)
	}
	types := typesOf(s)
	return len(types) > 0 && !slices.Contains(types, "string")
}

// isSeparable reports whether a schema says of an object nothing but which names its members have, and of each member
// something by itself.
func isSeparable(s *spec.Schema) bool {
	for part := range s.Parts {
		choices := len(part.AnyOf) + len(part.OneOf) + len(part.DependentSchemas) + len(part.Enum)
		if choices > 0 || part.Not != nil || part.If != nil || part.Const != nil || part.DynamicRef != nil ||
			part.Discriminator != nil || part.UnevaluatedProperties != nil {
			return false
		}
	}
	return true
}

// allowsOnly reports whether a schema takes no value but those of a type, and null.
func allowsOnly(s *spec.Schema, name string) bool {
	types := typesOf(s)
	isOther := func(other string) bool { return other != name && other != "null" }
	return slices.Contains(types, name) && !slices.ContainsFunc(types, isOther)
}

// allowsText reports whether a schema may take a value, other than null, that a text can be.
func allowsText(s *spec.Schema) bool {
	types := typesOf(s)
	isText := func(name string) bool { return name != "array" && name != "object" && name != "null" }
	return len(types) == 0 || slices.ContainsFunc(types, isText)
}
