package strictjson

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Any gives the value as encoding/json decodes it with UseNumber: map[string]any, []any, json.Number, string, bool or nil.
func (v Value) Any() any {
	switch v.Kind() {
	case Bool:
		return v.Text() == "true"
	case Number:
		return json.Number(v.Text())
	case String:
		return v.Text()
	case Array:
		array := make([]any, 0, v.Len())
		for _, element := range v.Elements() {
			array = append(array, element.Any())
		}
		return array
	case Object:
		object := make(map[string]any, v.Len())
		for name, member := range v.Members() {
			object[name] = member.Any()
		}
		return object
	}
	return nil
}

// FromAny makes a value of what encoding/json decodes into an any, with UseNumber or without, and of int, int64 and
// uint64. Anything else in it becomes null. Members are in the order of their names.
func FromAny(v any) Value {
	b := builder{tape: &tape{}}
	b.add(v)
	b.tape.decoded = b.texts.String()
	return Value{tape: b.tape}
}

// FromText makes a string of a text, with one allocation.
func FromText(text string) Value {
	t := &struct {
		tape
		only [1]node
	}{}
	t.text, t.nodes = text, t.only[:]
	t.only[0] = node{size: uint32(len(text)), end: 1, kind: String}
	return Value{tape: &t.tape}
}

// builder writes a tape without a text: all its strings are decoded ones.
type builder struct {
	tape  *tape
	texts strings.Builder
}

func (b *builder) add(v any) {
	switch v := v.(type) {
	case bool:
		b.scalar(Bool, strconv.FormatBool(v))
	case json.Number:
		b.scalar(Number, string(v))
	case float64, int, int64, uint64:
		b.number(v)
	case string:
		b.scalar(String, v)
	case []any:
		b.container(Array, len(v), func() {
			for _, element := range v {
				b.add(element)
			}
		})
	case map[string]any:
		b.container(Object, len(v), func() {
			for _, name := range slices.Sorted(maps.Keys(v)) {
				b.scalar(String, name)
				b.add(v[name])
			}
		})
	default:
		b.scalar(Null, "null")
	}
}

// number writes the shortest number that reads back as v. What JSON has no number for is null.
func (b *builder) number(v any) {
	if text, err := json.Marshal(v); err == nil {
		b.scalar(Number, string(text))
		return
	}
	b.scalar(Null, "null")
}

func (b *builder) scalar(kind Kind, text string) {
	at := uint32(b.texts.Len())
	b.texts.WriteString(text)
	b.tape.nodes = append(b.tape.nodes, node{at: at, size: uint32(len(text)), end: uint32(len(b.tape.nodes)) + 1, kind: kind})
}

func (b *builder) container(kind Kind, size int, parts func()) {
	index := len(b.tape.nodes)
	b.tape.nodes = append(b.tape.nodes, node{size: uint32(size), kind: kind})
	parts()
	b.tape.nodes[index].end = uint32(len(b.tape.nodes))
}
