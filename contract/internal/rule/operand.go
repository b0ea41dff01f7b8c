package rule

import (
	"cmp"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
)

// operand is the value of an expression in the native evaluation. It refers to the exchange and copies nothing. It is
// a plain struct instead of an interface, because converting a value to an interface would allocate. The zero operand
// has kind none: only cel-go knows the value or the error.
type operand struct {
	kind   kind
	number int64            // of an integer; the bits of a double; 1 for true; the kind for a typeName; for fields which ones
	text   string           // of a text; for texts the name in the fields
	json   strictjson.Value // of an array or object
	list   *[]operand       // of computed
}

// The fields are headers and query parameters by name. For query, headers and texts, number says which ones.
const (
	requestQuery = iota
	requestHeaders
	responseHeaders
	previousHeaders
)

// fields returns the fields that an operand refers to.
func (v *Variables) fields(of operand) map[string][]string {
	switch of.number {
	case requestQuery:
		return v.Request.Query
	case requestHeaders:
		return v.Request.Headers
	case responseHeaders:
		return v.Response.Headers
	}
	return v.Previous.Headers
}

// kind is the representation of an operand. CEL has one type for all lists, and one for all maps.
type kind uint8

const (
	none kind = iota
	null
	boolean
	integer
	double
	text
	typeName
	array    // a list in a body
	texts    // a list: the values of one header or query parameter
	computed // a list computed by the rule
	object   // a map in a body
	query    // a map: query parameters, by the names that were sent
	headers  // a map: headers, by names in lower case
)

// typeNames are the types that the native evaluation supports by name.
var typeNames = map[string]kind{
	"null_type": null, "bool": boolean, "int": integer, "double": double, "string": text, "list": array, "map": object,
}

// typeOf returns the kind that stands for the CEL type: array for every list, object for every map.
func (k kind) typeOf() kind {
	switch {
	case k >= object:
		return object
	case k >= array:
		return array
	}
	return k
}

func fromBool(b bool) operand {
	if b {
		return operand{kind: boolean, number: 1}
	}
	return operand{kind: boolean}
}

func fromInt(n int64) operand { return operand{kind: integer, number: n} }

func fromDouble(f float64) operand { return operand{kind: double, number: int64(math.Float64bits(f))} }

func fromText(s string) operand { return operand{kind: text, text: s} }

// fromType returns the CEL type for a kind. The type of a type is left to cel-go.
func fromType(of kind) operand {
	if of == none || of == typeName {
		return operand{}
	}
	return operand{kind: typeName, number: int64(of)}
}

// fromJSON returns a part of a body as an operand. No value at all is null, as for a missing body.
func fromJSON(v strictjson.Value) operand {
	switch v.Kind() {
	case strictjson.Bool:
		return fromBool(v.Text() == "true")
	case strictjson.Number:
		n, f, isInt := parseNumber(v.Text())
		if isInt {
			return fromInt(n)
		}
		return fromDouble(f)
	case strictjson.String:
		return fromText(v.Text())
	case strictjson.Array:
		return operand{kind: array, json: v}
	case strictjson.Object:
		return operand{kind: object, json: v}
	}
	return operand{kind: null}
}

// double returns a number as CEL compares it with a double.
func (o operand) double() float64 {
	if o.kind == integer {
		return float64(o.number)
	}
	return math.Float64frombits(uint64(o.number))
}

func (o operand) isNumber() bool { return o.kind == integer || o.kind == double }

// compare orders two numbers or two texts. Other types are left to cel-go.
func compare(a, b operand) (order int, ok bool) {
	switch {
	case a.kind == integer && b.kind == integer:
		return cmp.Compare(a.number, b.number), true
	case a.isNumber() && b.isNumber(): // neither JSON nor CEL can write NaN
		return cmp.Compare(a.double(), b.double()), true
	case a.kind == text && b.kind == text:
		return strings.Compare(a.text, b.text), true
	}
	return 0, false
}

// equal compares two scalars, or operands of different types. Two lists or two maps are left to cel-go.
func equal(v *Variables, a, b operand) truth {
	switch {
	case a.kind == none || b.kind == none:
		return unknown
	case a.isNumber() && b.isNumber():
		order, _ := compare(a, b)
		return truthOf(order == 0)
	case a.kind.typeOf() != b.kind.typeOf():
		return no
	case a.kind >= array:
		return unknown
	case a.kind == text:
		v.steps -= min(len(a.text), len(b.text)) / bytesAStep
		return truthOf(a.text == b.text)
	}
	return truthOf(a.number == b.number)
}

// size returns the number of characters, elements or members.
func size(v *Variables, of operand) operand {
	switch of.kind {
	case text:
		v.steps -= len(of.text) / bytesAStep
		return fromInt(int64(utf8.RuneCountInString(of.text)))
	case array, object:
		return fromInt(int64(of.json.Len()))
	case texts:
		return fromInt(int64(len(v.fields(of)[of.text])))
	case computed:
		return fromInt(int64(len(*of.list)))
	case query:
		return fromInt(int64(len(v.fields(of))))
	}
	return operand{}
}
