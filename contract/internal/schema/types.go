package schema

import (
	"github.com/quotaspec/quotaspec/contract/internal/decimal"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// types is a set of the types that JSON Schema has.
type types uint8

const (
	isNull types = 1 << iota
	isBool
	isNumber
	isString
	isArray
	isObject
	isInteger // takes the numbers that are integers
)

// typeOf is the type of each kind of value.
var typeOf = [...]types{
	strictjson.Null: isNull, strictjson.Bool: isBool, strictjson.Number: isNumber,
	strictjson.String: isString, strictjson.Array: isArray, strictjson.Object: isObject,
}

var typeNamed = map[string]types{
	"null": isNull, "boolean": isBool, "number": isNumber, "string": isString, "array": isArray, "object": isObject, "integer": isInteger,
}

// typesOf returns the types that a schema takes. In OpenAPI 3.0, nullable adds null to the type beside it and to nothing else.
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

// readings returns as what types a checker may take a value, none if its type is wrong. A text of a URL may be taken as a
// string and as what it spells.
func (v *visitor) readings(c *Checker, at strictjson.Value) types {
	could := typeOf[at.Kind()]
	if v.Text && could == isString {
		if could = v.as; could == 0 {
			could = isString | spelled(at.Text())
		}
	}
	switch {
	case c.types == 0:
		return could
	case c.types&isInteger != 0 && could&isNumber != 0 && c.types&isNumber == 0 && decimal.IsInteger(at.Text()):
		return could & (c.types | isNumber)
	}
	return could & c.types
}

// spelled is the type of what a text spells in JSON besides a string; 0: nothing.
func spelled(text string) types {
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
