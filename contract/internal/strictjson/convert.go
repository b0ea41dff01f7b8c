package strictjson

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Any returns the value as encoding/json decodes it with UseNumber: map[string]any, []any, json.Number, string, bool or nil.
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

// FromAny is the inverse of [Value.Any]. It accepts what encoding/json decodes into an any, with UseNumber or without, and
// int, int64 and uint64. Anything else becomes null. Members are in the order of their names.
func FromAny(v any) Value {
	b := builder{list: &nodeList{}}
	b.add(v)
	b.list.decoded = b.texts.String()
	return Value{list: b.list}
}

// FromText returns a JSON string with this text, at the cost of one allocation.
func FromText(text string) Value {
	l := &struct {
		nodeList
		only [1]node
	}{}
	l.text, l.nodes = text, l.only[:]
	l.only[0] = node{size: uint32(len(text)), end: 1, nodeTraits: nodeTraits{kind: String}}
	return Value{list: &l.nodeList}
}

// builder makes a list of nodes from a value that was not parsed, such as a form or an example of a document. A checker sees no
// difference. As there is no text that the nodes could refer to, all characters are decoded ones. For {"a": true}:
//
//	decoded  atrue
//	nodes    object with 1 member; string at 0, 1 byte; boolean at 1, 4 bytes
type builder struct {
	list  *nodeList
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

// number adds the shortest number that reads back as v, or null for NaN and infinity.
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
	b.list.nodes = append(b.list.nodes, node{at, uint32(len(text)), uint32(len(b.list.nodes)) + 1, nodeTraits{kind: kind}})
}

func (b *builder) container(kind Kind, size int, parts func()) {
	index := len(b.list.nodes)
	b.list.nodes = append(b.list.nodes, node{size: uint32(size), nodeTraits: nodeTraits{kind: kind}})
	parts()
	b.list.nodes[index].end = uint32(len(b.list.nodes))
}
