package bodies

import (
	"slices"

	"github.com/quotaspec/quotaspec/contract/internal/media"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Schemas returns the schemas of a sequence of items: of the whole array, and of each item; nil where there is none.
//
// OpenAPI 3.2 has itemSchema for an item, and schema for the array of all items. Older documents use schema for either.
// So a schema that allows no array is taken as that of each JSON line. For events, such a schema may mean the data or the
// raw bytes. As the document does not say which, it is not used.
func Schemas(t media.Type, m *spec.MediaType) (whole, item *spec.Schema) {
	types := typesOf(m.Schema)
	mayBeList := len(types) == 0 || slices.Contains(types, "array")
	saysList := m.ItemSchema != nil || len(types) > 0 // no type and no itemSchema: the schema may be that of an item
	switch {
	case m.Schema == nil, mayBeList && saysList:
		return m.Schema, m.ItemSchema
	case m.ItemSchema != nil:
		return nil, m.ItemSchema
	case t.Kind() == media.Events:
		return nil, nil
	}
	return nil, m.Schema
}

// typesOf lists the types that a schema and its parts name. None means that values of any type are allowed.
func typesOf(s *spec.Schema) (types []string) {
	for part := range s.Parts {
		types = append(types, part.Types...)
	}
	return types
}

// partSchema returns the schema of one part of a form, where a list has one part for each item (OpenAPI, Encoding
// Object). Nil allows anything.
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

// isUnreadable reports whether a part of a media type gives no value that the schema could judge. A part that is not JSON
// is read as one string, and only the string of a plain text may stand for a number.
func isUnreadable(kind media.Kind, s *spec.Schema) bool {
	if kind == media.JSON || kind == media.Text {
		return kind == media.Text && !allowsText(s)
	}
	types := typesOf(s)
	return len(types) > 0 && !slices.Contains(types, "string")
}

// isSeparable reports whether a schema judges each member of an object on its own. A choice such as oneOf does not: a
// member that was not read may decide what the others have to be.
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

// allowsOnly reports whether a schema allows only values of a type, and null.
func allowsOnly(s *spec.Schema, name string) bool {
	types := typesOf(s)
	isOther := func(other string) bool { return other != name && other != "null" }
	return slices.Contains(types, name) && !slices.ContainsFunc(types, isOther)
}

// allowsText reports whether a schema allows a value other than null that a text can stand for.
func allowsText(s *spec.Schema) bool {
	types := typesOf(s)
	isText := func(name string) bool { return name != "array" && name != "object" && name != "null" }
	return len(types) == 0 || slices.ContainsFunc(types, isText)
}
