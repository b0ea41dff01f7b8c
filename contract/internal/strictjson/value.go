// Package strictjson reads JSON strictly (RFC 8259, RFC 7493) and reports what lenient readers accept: duplicate members,
// invalid UTF-8, bytes after the value.
//
// A text becomes one flat list of nodes in the order of the text, with no pointers between them. A [Value] is the list and an
// index into it. So a body costs a few allocations, however many values it has. The text {"a":[1,true]} becomes
//
//	index  kind     text or size  end
//	0      object   1 member      5
//	1      string   "a"           2    the member's name; its value is the next node
//	2      array    2 elements    5
//	3      number   "1"           4
//	4      boolean  "true"        5
//
// The end of a node is the index of the first node after all its parts. To skip a value, go to its end: the elements of the
// array are node 3 and, at the end of node 3, node 4. Node 5 would be the end of the array.
//
// The package does not know schemas or documents. It has no opinion on which values are right.
package strictjson

import "iter"

// Kind is the type of a value.
type Kind uint8

// The kinds of JSON values.
const (
	Null Kind = iota
	Bool
	Number
	String
	Array
	Object
)

var kindNames = [...]string{"null", "boolean", "number", "string", "array", "object"}

// String returns the name of the type in JSON Schema: null, boolean, number, string, array or object.
func (k Kind) String() string { return kindNames[k] }

// Value is a JSON value or a part of one. It is small and passed by value. The zero Value stands for "no value": its kind is
// Null, and it has neither text nor parts. A Value is immutable and safe for concurrent use.
type Value struct {
	list       *nodeList
	index      uint32
	generation uint32 // of the list when the value was read
}

// nodeList holds the nodes of a text and the characters that they refer to.
type nodeList struct {
	text    string // as written
	decoded string // the strings whose text differs from what was written, such as "\u0061", one after the other
	nodes   []node

	generation uint32 // how often the list was freed before: see Free
}

// node is a value or a member name. Of a scalar, start and size locate its characters: an offset up to the length of text
// is one in text, and a larger one continues in decoded. Of a container, size is the number of its members or elements.
type node struct {
	start, size uint32
	end         uint32 // the index of the first node after it
	nodeTraits
}

// nodeTraits are a field of their own since the compiler keeps structs of up to four fields in registers.
type nodeTraits struct {
	kind     Kind
	shadowed bool // a member name that appears again later, so that this member does not count
	marked   bool // see Reader.Mark
}

// textOf returns the characters of a scalar or a name.
func (l *nodeList) textOf(n *node) string {
	if at := int(n.start) - len(l.text); at >= 0 {
		return l.decoded[at : at+int(n.size)]
	}
	return l.text[n.start : n.start+n.size]
}

// withIndex returns the value at another index of the same list.
func (v Value) withIndex(index uint32) Value { return Value{v.list, index, v.generation} }

func (v Value) node() *node { return &v.list.nodes[v.index] }

// Exists reports whether there is a value. The JSON value null exists.
func (v Value) Exists() bool { return v.list != nil }

// Kind returns the kind of the value; Null if there is none.
func (v Value) Kind() Kind {
	if !v.Exists() {
		return Null
	}
	return v.node().kind
}

// Text returns a string decoded, a number as written, or "true", "false" or "null". It returns "" for a container.
func (v Value) Text() string {
	if !v.Exists() || v.node().kind >= Array {
		return ""
	}
	return v.list.textOf(v.node())
}

// Len returns the number of members or elements; 0 for a scalar. A duplicate member counts once.
func (v Value) Len() int {
	if v.Kind() < Array {
		return 0
	}
	return int(v.node().size)
}

// Size returns the number of nodes of v: its values, itself included, and its member names.
func (v Value) Size() int {
	if !v.Exists() {
		return 0
	}
	return int(v.node().end - v.index)
}

// Members yields the members of an object in the order of the text. Of duplicate members it yields the last.
func (v Value) Members() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		if v.Kind() != Object {
			return
		}
		for name := v.index + 1; name < v.node().end; name = v.list.nodes[name+1].end {
			n := &v.list.nodes[name]
			if !n.shadowed && !yield(v.list.textOf(n), v.withIndex(name+1)) {
				return
			}
		}
	}
}

// Elements yields the elements of an array with their indices.
func (v Value) Elements() iter.Seq2[int, Value] {
	return func(yield func(int, Value) bool) {
		if v.Kind() != Array {
			return
		}
		i := 0
		for at := v.index + 1; at < v.node().end; at = v.list.nodes[at].end {
			if !yield(i, v.withIndex(at)) {
				return
			}
			i++
		}
	}
}

// Member returns a member of an object; no value if there is none. It searches the names in order.
func (v Value) Member(name string) Value {
	if v.Kind() != Object {
		return Value{}
	}
	l := v.list
	for at, end := v.index+1, v.node().end; at < end; at = l.nodes[at+1].end {
		if n := &l.nodes[at]; int(n.size) == len(name) && !n.shadowed && l.textOf(n) == name {
			return v.withIndex(at + 1)
		}
	}
	return Value{}
}
