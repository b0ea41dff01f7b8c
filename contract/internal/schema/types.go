package schema

import (
	"github.com/quotaspec/quotaspec/contract/internal/decimal"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// types is a set of JSON Schema types, one bit each.
type types uint8

const (
	isNull types = 1 << iota
	isBool
	isNumber
	isString
	isArray
	isObject
	isInteger // in a schema: numbers with an integer value; no value has this type
)

// typeOf maps the kind of a value to its type.
var typeOf = [...]types{
	strictjson.Null: isNull, strictjson.Bool: isBool, strictjson.Number: isNumber,
	strictjson.String: isString, strictjson.Array: isArray, strictjson.Object: isObject,
}

// typeNamed maps the names of types in a document.
var typeNamed = map[string]types{
	"null": isNull, "boolean": isBool, "number": isNumber, "integer": isInteger,
	"string": isString, "array": isArray, "object": isObject,
}

// typesOf returns the types that a schema accepts. In OpenAPI 3.0, nullable adds null only if the same schema has a
// type.
func typesOf(s *spec.Schema) types {
	var all types
	for _, name := range s.Types {
		all |= typeNamed[name]
	}
	if s.Nullable && all != 0 {
		all |= isNull
	}
	return all
}

// readings returns the types under which the schema can accept the value, 0 if its type is wrong. A JSON value has
// one reading. A string of a URL also reads as the type that it spells: "7" is a string and a number.
func (v *visitor) readings(c *Checker, value strictjson.Value) types {
	could := typeOf[value.Kind()]
	if v.Text && could == isString {
		if could = v.as; could == 0 {
			could = isString | spelledType(value.Text())
		}
	}
	switch {
	case c.types == 0:
		return could
	case c.types&isInteger != 0 && could&isNumber != 0 && c.types&isNumber == 0 && decimal.IsInteger(value.Text()):
		return could & (c.types | isNumber)
	}
	return could & c.types
}

// spelledType returns the type other than string that a text spells in JSON, or 0.
func spelledType(text string) types {
	switch {
	case text == "null":
		return isNull
	case text == "true", text == "false":
		return isBool
	case strictjson.IsNumber(text):
		return isNumber
	}
	return 0
}
