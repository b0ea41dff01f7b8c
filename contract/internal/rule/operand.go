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
// has kind none: only cel-go knows the value or the error. The kind says which other field has a meaning.
//
// An operand stays where it is, in a register (registers.go), and closures pass its address. Setting one writes only what its kind
// needs.
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
func (v *Variables) fields(of *operand) map[string][]string {
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

// nothing is the operand that only cel-go knows.
var nothing = &operand{}

func (o *operand) setBool(b bool) *operand {
	o.kind, o.number = boolean, 0
	if b {
		o.number = 1
	}
	return o
}

func (o *operand) setInt(n int64) *operand {
	o.kind, o.number = integer, n
	return o
}

// setDouble sets a number. What is not a number is left to cel-go, since it has an order of its own.
func (o *operand) setDouble(f float64) *operand {
	if f != f {
		return nothing
	}
	o.kind, o.number = double, int64(math.Float64bits(f))
	return o
}

func (o *operand) setText(s string) *operand {
	o.kind, o.text = text, s
	return o
}

// setType sets the CEL type for a kind. The type of a type is left to cel-go.
func (o *operand) setType(of kind) *operand {
	if of == none || of == typeName {
		return nothing
	}
	o.kind, o.number = typeName, int64(of)
	return o
}

// setFields sets headers or query parameters.
func (o *operand) setFields(of kind, which int64) *operand {
	o.kind, o.number = of, which
	return o
}

// setTexts sets the values of a header or query parameter.
func (o *operand) setTexts(which int64, name string) *operand {
	o.kind, o.number, o.text = texts, which, name
	return o
}

// setJSON sets a part of a body. No value at all is null, as for a missing body.
func (o *operand) setJSON(v strictjson.Value) *operand {
	switch v.Kind() {
	case strictjson.Bool:
		return o.setBool(v.Text() == "true")
	case strictjson.Number:
		n, f, isInt := parseNumber(v.Text())
		if isInt {
			return o.setInt(n)
		}
		return o.setDouble(f)
	case strictjson.String:
		return o.setText(v.Text())
	case strictjson.Array:
		o.kind, o.json = array, v
	case strictjson.Object:
		o.kind, o.json = object, v
	default:
		o.kind = null
	}
	return o
}

// double returns a number as CEL compares it with a double.
func (o *operand) double() float64 {
	if o.kind == integer {
		return float64(o.number)
	}
	return math.Float64frombits(uint64(o.number))
}

func (o *operand) isNumber() bool { return o.kind == integer || o.kind == double }

// compare orders two numbers or two texts. Other types are left to cel-go.
func compare(a, b *operand) (order int, ok bool) {
	switch {
	case a.kind == integer && b.kind == integer:
		return cmp.Compare(a.number, b.number), true
	case a.isNumber() && b.isNumber():
		return cmp.Compare(a.double(), b.double()), true
	case a.kind == text && b.kind == text:
		return strings.Compare(a.text, b.text), true
	}
	return 0, false
}

// equal compares two operands.
func equal(v *Variables, a, b *operand) truth {
	switch {
	case a.kind == text && b.kind == text:
		v.steps -= min(len(a.text), len(b.text)) / bytesAStep
		return truthOf(a.text == b.text)
	case a.kind == none || b.kind == none:
		return unknown
	case a.isNumber() && b.isNumber():
		order, _ := compare(a, b)
		return truthOf(order == 0)
	case a.kind.typeOf() != b.kind.typeOf():
		return no
	case a.kind.typeOf() == array:
		return equalLists(v, a, b)
	case a.kind == object && b.kind == object:
		return equalObjects(v, a.json, b.json)
	case a.kind >= array:
		return unknown
	}
	return truthOf(a.number == b.number || a.kind == null)
}

// equalLists compares the elements of two lists.
func equalLists(v *Variables, a, b *operand) truth {
	length := v.length(a)
	if length != v.length(b) {
		return no
	}
	if v.steps -= elementSteps * length; v.steps < 0 {
		return unknown
	}
	var element operand
	others := make([]operand, 0, length)
	v.each(b, &element, func() bool {
		others = append(others, element)
		return true
	})
	at, result := 0, yes
	isVisited := v.each(a, &element, func() bool {
		result = equal(v, &element, &others[at])
		at++
		return result == yes
	})
	if !isVisited {
		return unknown
	}
	return result
}

// equalObjects compares the members of two objects.
func equalObjects(v *Variables, a, b strictjson.Value) truth {
	if a.Len() != b.Len() {
		return no
	}
	var left, right operand
	for name, member := range a.Members() {
		if v.steps -= b.Len(); v.steps < 0 {
			return unknown
		}
		other := b.Member(name)
		if !other.Exists() {
			return no
		}
		if result := equal(v, left.setJSON(member), right.setJSON(other)); result != yes {
			return result
		}
	}
	return yes
}

// length returns the number of elements or members; -1 of what has none.
func (v *Variables) length(of *operand) int {
	switch of.kind {
	case array, object:
		return of.json.Len()
	case texts:
		return len(v.fields(of)[of.text])
	case computed:
		return len(*of.list)
	case query:
		return len(v.Request.Query)
	}
	return -1
}

// size sets the number of characters, elements or members.
func (o *operand) size(v *Variables, of *operand) *operand {
	if of.kind == text {
		v.steps -= len(of.text) / bytesAStep
		return o.setInt(int64(utf8.RuneCountInString(of.text)))
	}
	if n := v.length(of); n >= 0 {
		return o.setInt(int64(n))
	}
	return nothing
}

// isSameList reports whether two operands are the same list.
func (o *operand) isSameList(as *operand) bool {
	return o.kind == as.kind && (o.kind == array && o.json == as.json || o.kind == computed && o.list == as.list)
}
