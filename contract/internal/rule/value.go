package rule

import (
	"encoding/json"
	"strconv"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// Value is a JSON value as rules see it: integers are int, other numbers double. The zero Value is no value at all.
type Value struct{ val ref.Val }

// Element is an element of a list; the zero Value if there is none.
func (v Value) Element(i int) Value {
	list, ok := v.val.(traits.Lister)
	if !ok || i < 0 || types.Int(i) >= list.Size().(types.Int) {
		return Value{}
	}
	return Value{list.Get(types.Int(i))}
}

// Member is a member of an object; the zero Value if there is none.
func (v Value) Member(name string) Value {
	object, ok := v.val.(traits.Mapper)
	if !ok {
		return Value{}
	}
	member, _ := object.Find(types.String(name))
	return Value{member}
}

// extent is how much there is for rules to look at.
type extent struct {
	values int
	bytes  int // of texts
}

// value converts decoded JSON: numbers may be json.Number, int64 or float64.
func (e *extent) value(v any) ref.Val {
	e.values++
	switch v := v.(type) {
	case json.Number:
		e.bytes += len(v)
		return number(string(v))
	case string:
		e.bytes += len(v)
		return types.String(v)
	case []any:
		list := make([]ref.Val, len(v))
		for i, element := range v {
			list[i] = e.value(element)
		}
		return types.NewRefValList(types.DefaultTypeAdapter, list)
	case map[string]any:
		object := make(map[string]ref.Val, len(v))
		for name, member := range v {
			e.bytes += len(name)
			object[name] = e.value(member)
		}
		return types.NewMap(types.DefaultTypeAdapter, object)
	}
	return types.DefaultTypeAdapter.NativeToValue(v)
}

// number is an int if it is written as an integer and fits, else a double. One too large for a double is infinite.
func number(text string) ref.Val {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return types.Int(n)
	}
	f, _ := strconv.ParseFloat(text, 64)
	return types.Double(f)
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
