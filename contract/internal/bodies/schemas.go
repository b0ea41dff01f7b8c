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

// takesOnly reports whether a schema takes no value but those of a type.
func takesOnly(s *spec.Schema, name string) bool {
	types := slices.Compact(typesOf(s))
	return len(types) == 1 && types[0] == name
}

// takesText reports whether a schema may take a value that a text can be.
func takesText(s *spec.Schema) bool {
	types := typesOf(s)
	return len(types) == 0 || slices.ContainsFunc(types, func(name string) bool { return name != "array" && name != "object" })
}
