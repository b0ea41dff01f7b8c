package rule

import (
	"strconv"
	"strings"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/quotaspec/quotaspec/contract/internal/decimal"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
)

// Value is a part of a body as rules see it. Integers are int, other numbers double. The zero Value is no value.
type Value struct {
	part strictjson.Value
	of   message
}

// message is the message that a Value belongs to.
type message uint8

const (
	noMessage message = iota
	ofRequest
	ofResponse
)

// inputSize measures what was converted for cel-go.
type inputSize struct {
	values int
	bytes  int // of texts
}

// converted is a body converted for cel-go. It also finds the CEL value of each part, so that rules about parts need no second
// conversion: the index of a part in its JSON text, minus that of the body, is its index in vals.
type converted struct {
	first int       // the index of the body in its text
	vals  []ref.Val // nil at the index of a member's name
}

// body converts a body. No value becomes null.
func (s *inputSize) body(v strictjson.Value) converted {
	c := converted{v.Index(), make([]ref.Val, max(1, v.Size()))}
	s.value(v, &c)
	return c
}

// part returns the CEL value of a part of the body.
func (c converted) part(v strictjson.Value) ref.Val { return c.vals[v.Index()-c.first] }

// value converts a part of the body with all its parts, and stores the result.
func (s *inputSize) value(v strictjson.Value, to *converted) ref.Val {
	val := s.convert(v, to)
	to.vals[v.Index()-to.first] = val
	return val
}

// convert converts a part of the body. Its parts are stored in to.
func (s *inputSize) convert(v strictjson.Value, to *converted) ref.Val {
	s.values++
	switch v.Kind() {
	case strictjson.Bool:
		return types.Bool(v.Text() == "true")
	case strictjson.Number:
		s.bytes += len(v.Text())
		return number(v.Text())
	case strictjson.String:
		s.bytes += len(v.Text())
		return types.String(v.Text())
	case strictjson.Array:
		list := make([]ref.Val, v.Len())
		for i, element := range v.Elements() {
			list[i] = s.value(element, to)
		}
		return types.NewRefValList(types.DefaultTypeAdapter, list)
	case strictjson.Object:
		object := make(map[string]ref.Val, v.Len())
		for name, member := range v.Members() {
			s.bytes += len(name)
			object[name] = s.value(member, to)
		}
		return types.NewMap(types.DefaultTypeAdapter, object)
	}
	return types.NullValue
}

// number converts a number.
func number(text string) ref.Val {
	n, f, isInt := parseNumber(text)
	if isInt {
		return types.Int(n)
	}
	return types.Double(f)
}

// parseNumber returns an int if the number is written as an integer and fits into 64 bits, otherwise a double. A
// number that is too large for a double becomes infinite.
func parseNumber(text string) (n int64, f float64, isInt bool) {
	if n, ok := decimal.SmallInteger(text); ok {
		return n, 0, true
	}
	if !strings.ContainsAny(text, ".eE") { // ParseInt would allocate an error
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return n, 0, true
		}
	}
	f, _ = strconv.ParseFloat(text, 64)
	return 0, f, false
}

// lists converts headers or query parameters, with a function that maps their names.
func (s *inputSize) lists(all map[string][]string, nameOf func(string) string) ref.Val {
	object := make(map[string]ref.Val, len(all))
	for name, texts := range all {
		s.values += 1 + len(texts)
		s.bytes += len(name)
		for _, text := range texts {
			s.bytes += len(text)
		}
		object[nameOf(name)] = types.NewStringList(types.DefaultTypeAdapter, texts)
	}
	return types.NewMap(types.DefaultTypeAdapter, object)
}
