package rule

import (
	"cmp"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
)

// operand is a value while a rule is evaluated without CEL. It is small enough to be returned in registers, and nothing
// of the exchange is copied into it. The zero operand is none: only CEL knows what stands here, a value or an error.
type operand struct {
	kind   kind
	number int64            // integer, double (its bits), boolean (1 is true), typeName (a kind)
	text   string           // text; of texts the name in fields
	json   strictjson.Value // array, object
	fields fields           // query, headers, texts
	list   *[]operand       // made
}

type fields = map[string][]string

// kind is how an operand is kept.
type kind uint8

const (
	none kind = iota
	null
	boolean
	integer
	double
	text
	typeName
	array   // lists: of a body
	texts   // of the query or the headers, under one name
	made    // by the rule
	object  // maps: of a body
	query   // by names as they were sent
	headers // by names in lower case
)

// typeNames are the types that a rule may name.
var typeNames = map[string]kind{
	"null_type": null, "bool": boolean, "int": integer, "double": double, "string": text, "list": array, "map": object,
}

// typeOf gives the kind that stands for the type in CEL: array for each list, object for each map.
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

// fromType gives the type that a kind stands for. CEL knows the type of types.
func fromType(of kind) operand {
	if of == none || of == typeName {
		return operand{}
	}
	return operand{kind: typeName, number: int64(of)}
}

// fromJSON gives a part of a body. No value at all is null.
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

// double gives a number as CEL compares it with a double.
func (o operand) double() float64 {
	if o.kind == integer {
		return float64(o.number)
	}
	return math.Float64frombits(uint64(o.number))
}

func (o operand) isNumber() bool { return o.kind == integer || o.kind == double }

// compare orders two numbers or two texts; what else has an order is left to CEL.
func compare(a, b operand) (order int, ok bool) {
	switch {
	case a.kind == integer && b.kind == integer:
		return cmp.Compare(a.number, b.number), true
	case a.isNumber() && b.isNumber(): // JSON and CEL have no way to write what is not a number
		return cmp.Compare(a.double(), b.double()), true
	case a.kind == text && b.kind == text:
		return strings.Compare(a.text, b.text), true
	}
	return 0, false
}

// equal compares scalars, and anything with what has another type. It leaves it to CEL to compare lists and maps.
func equal(v *Variables, a, b operand) answer {
	switch {
	case a.kind == none || b.kind == none:
		return unsure
	case a.isNumber() && b.isNumber():
		order, _ := compare(a, b)
		return answerOf(order == 0)
	case a.kind.typeOf() != b.kind.typeOf():
		return no
	case a.kind >= array:
		return unsure
	case a.kind == text:
		v.steps -= min(len(a.text), len(b.text)) / bytesAStep
		return answerOf(a.text == b.text)
	}
	return answerOf(a.number == b.number)
}

// size counts the characters, elements or members of a value.
func size(v *Variables, of operand) operand {
	switch of.kind {
	case text:
		v.steps -= len(of.text) / bytesAStep
		return fromInt(int64(utf8.RuneCountInString(of.text)))
	case array, object:
		return fromInt(int64(of.json.Len()))
	case texts:
		return fromInt(int64(len(of.fields[of.text])))
	case made:
		return fromInt(int64(len(*of.list)))
	case query:
		return fromInt(int64(len(of.fields)))
	}
	return operand{}
}
