package rule

import (
	"strconv"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
)

// Value is a part of a body, which rules see as JSON: integers are int, other numbers double. The zero Value is no value at
// all.
type Value struct {
	part strictjson.Value
	of   message
}

// message is what a Value is a part of.
type message uint8

const (
	nothing message = iota
	ofRequest
	ofResponse
)

// extent is how much there is for rules to look at.
type extent struct {
	values int
	bytes  int // of texts
}

// converted is a body as rules see it, with all its parts.
type converted struct {
	first int       // the place of the body in its text
	vals  []ref.Val // of each part, by its place behind that of the body; nil for names
}

// body converts a body. No value at all is null.
func (e *extent) body(v strictjson.Value) converted {
	c := converted{v.Index(), make([]ref.Val, max(1, v.Size()))}
	e.value(v, &c)
	return c
}

// part is what a part of the body has become.
func (c converted) part(v strictjson.Value) ref.Val { return c.vals[v.Index()-c.first] }

// value converts a part of a body.
func (e *extent) value(v strictjson.Value, to *converted) ref.Val {
	val := e.made(v, to)
	to.vals[v.Index()-to.first] = val
	return val
}

func (e *extent) made(v strictjson.Value, to *converted) ref.Val {
	e.values++
	switch v.Kind() {
	case strictjson.Bool:
		return types.Bool(v.Text() == "true")
	case strictjson.Number:
		e.bytes += len(v.Text())
		return number(v.Text())
	case strictjson.String:
		e.bytes += len(v.Text())
		return types.String(v.Text())
	case strictjson.Array:
		list := make([]ref.Val, v.Len())
		for i, element := range v.Elements() {
			list[i] = e.value(element, to)
		}
		return types.NewRefValList(types.DefaultTypeAdapter, list)
	case strictjson.Object:
		object := make(map[string]ref.Val, v.Len())
		for name, member := range v.Members() {
			e.bytes += len(name)
			object[name] = e.value(member, to)
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

// parseNumber gives an int if the number is written as an integer and fits, else a double. One too large for a double is
// infinite.
func parseNumber(text string) (n int64, f float64, isInt bool) {
	if !hasFraction(text) { // an error of ParseInt is allocated
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return n, 0, true
		}
	}
	f, _ = strconv.ParseFloat(text, 64)
	return 0, f, false
}

// hasFraction reports whether a number is written with a point or an exponent.
func hasFraction(text string) bool {
	for i := range len(text) {
		if text[i] == '.' || text[i]|0x20 == 'e' {
			return true
		}
	}
	return false
}

// lists are headers or a query: texts by name.
func (e *extent) lists(all map[string][]string, nameOf func(string) string) ref.Val {
	object := make(map[string]ref.Val, len(all))
	for name, texts := range all {
		e.values += 1 + len(texts)
		e.bytes += len(name)
		for _, text := range texts {
			e.bytes += len(text)
		}
		object[nameOf(name)] = types.NewStringList(types.DefaultTypeAdapter, texts)
	}
	return types.NewMap(types.DefaultTypeAdapter, object)
}
