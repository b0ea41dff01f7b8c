package kin

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// schemaError is an error of kin-openapi without its text.
type schemaError struct {
	keyword string
	pointer string // into the value
	schema  *openapi3.Schema
	value   any
}

// violations are what VisitJSON returned, in terms of the document.
func (c *Checker) violations(err error) []Violation {
	found := []Violation{}
	for _, e := range schemaErrors(err) {
		v := Violation{Keyword: e.keyword, Pointer: e.pointer, Schema: c.origin(e.schema), Value: e.value}
		switch {
		case v.Schema == nil || v.Schema.Dialect == spec.Dialect30:
		case v.Keyword == "nullable":
			v.Keyword = "type" // the only keyword of JSON Schema that speaks of null
		case v.Keyword == "enum" && v.Schema.Const != nil:
			v.Keyword = "const"
		}
		found = append(found, v)
	}
	return found
}

// schemaErrors lists what VisitJSON returned, one by one. Where an object has members that it must not have, kin-openapi says
// so once for each and names none but in its text: they are found in the object.
func schemaErrors(err error) []schemaError {
	list := flatten(err)
	type object struct {
		schema  *openapi3.Schema
		pointer string
	}
	forbidden := map[object][]string{} // names that are not in the list yet
	for i := range list {
		e := &list[i]
		members, ok := e.value.(map[string]any)
		if !ok || e.keyword != "additionalProperties" {
			continue
		}
		at := object{e.schema, e.pointer}
		names, begun := forbidden[at]
		if !begun {
			names = slices.DeleteFunc(slices.Sorted(maps.Keys(members)), func(name string) bool { return e.schema.Properties[name] != nil })
		}
		if len(names) > 0 {
			e.pointer, e.value = e.pointer+"/"+escapePointer(names[0]), members[names[0]]
			forbidden[at] = names[1:]
		}
	}
	return list
}

func flatten(err error) []schemaError {
	var multi openapi3.MultiError
	var schema *openapi3.SchemaError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &schema) && err == error(schema): //nolint:errorlint // only the error itself, not one inside of a list
		if inner := errors.Unwrap(schema.Origin); schema.SchemaField == "allOf" && errors.As(inner, &multi) {
			return flatten(multi)
		}
		pointer := ""
		for _, key := range schema.JSONPointer() {
			pointer += "/" + escapePointer(key)
		}
		return []schemaError{{keywordOf(schema), pointer, schema.Schema, schema.Value}}
	case errors.As(err, &multi):
		list := []schemaError{}
		for _, e := range multi {
			list = append(list, flatten(e)...)
		}
		return list
	}
	return []schemaError{{keyword: "value"}}
}

func keywordOf(e *openapi3.SchemaError) string {
	if e.SchemaField == "properties" {
		return "additionalProperties"
	}
	return e.SchemaField
}

var pointerEscaper = strings.NewReplacer("~", "~0", "/", "~1")

func escapePointer(name string) string { return pointerEscaper.Replace(name) }
