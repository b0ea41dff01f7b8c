// Package strictjson reads JSON strictly (RFC 8259, RFC 7493) and reports what lenient readers let through: a member
// twice, text that is not UTF-8, bytes after the value.
//
// A text becomes one flat list of nodes in the order of the text, without a pointer between them, and a [Value] is a
// place in that list. So a body costs a handful of allocations, however many values it has. The text {"a":[1,true]} is
//
//	0 object  1 member   ends at 5
//	1 string  "a"        ends at 2    the name of the member, its value follows
//	2 array   2 elements ends at 5
//	3 number  "1"        ends at 4
//	4 boolean "true"     ends at 5
//
// The end of a node is the index of the first node that is not part of it, which is how a value is skipped.
package strictjson

import (
	"iter"

	"github.com/quotaspec/quotaspec/contract/internal/pointer"
)

// Kind is the type of a value.
type Kind uint8

// The types of JSON.
const (
	Null Kind = iota
	Bool
	Number
	String
	Array
	Object
)

var kindNames = [...]string{"null", "boolean", "number", "string", "array", "object"}

// String gives the name that JSON Schema has for the type: null, boolean, number, string, array or object.
func (k Kind) String() string { return kindNames[k] }

// Value is a value of JSON, or a part of one. It is small and passed by value. The zero Value is no value: its kind is
// Null, and it has no text and no parts. A Value never changes, and several goroutines may use it at once.
type Value struct {
	tape  *tape
	index uint32
}

// tape holds the nodes of a text and the characters that they refer to.
type tape struct {
	text    string // as it was written
	decoded string // strings that are not as they were written, one after the other
	nodes   []node
}

// node is a value or the name of a member. The fields at and size locate the text of a scalar, first in the text, and
// behind its end in the decoded strings. The size of a container is how many members or elements it has.
type node struct {
	at, size uint32
	end      uint32 // the index of the first node after it
	kind     Kind
	shadowed bool // the name of a member that comes again later
}

// textOf gives the text of a scalar or a name.
func (t *tape) textOf(n *node) string {
	if at := int(n.at) - len(t.text); at >= 0 {
		return t.decoded[at : at+int(n.size)]
	}
	return t.text[n.at : n.at+n.size]
}

func (v Value) node() *node { return &v.tape.nodes[v.index] }

// isA reports whether v exists and is of the kind.
func (v Value) isA(kind Kind) bool { return v.Exists() && v.node().kind == kind }

// Exists reports whether there is a value; null is one.
func (v Value) Exists() bool { return v.tape != nil }

// Kind gives the type of the value.
func (v Value) Kind() Kind {
	if !v.Exists() {
		return Null
	}
	return v.node().kind
}

// Text gives a string decoded, a number as it was written, and "true", "false" or "null"; nothing for a container.
func (v Value) Text() string {
	if !v.Exists() || v.node().kind >= Array {
		return ""
	}
	return v.tape.textOf(v.node())
}

// Len gives the number of members or elements; 0 if the value has none. A member that occurs twice counts once.
func (v Value) Len() int {
	if v.Kind() < Array {
		return 0
	}
	return int(v.node().size)
}

// Size gives the number of values in v, itself and the names of members included.
func (v Value) Size() int {
	if !v.Exists() {
		return 0
	}
	return int(v.node().end - v.index)
}

// Members yields the members of an object in the order of the text. Of members with the same name it yields the last.
func (v Value) Members() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		if !v.isA(Object) {
			return
		}
		for name := v.index + 1; name < v.node().end; name = v.tape.nodes[name+1].end {
			n := &v.tape.nodes[name]
			if !n.shadowed && !yield(v.tape.textOf(n), Value{v.tape, name + 1}) {
				return
			}
		}
	}
}

// Elements yields the elements of an array with their indices.
func (v Value) Elements() iter.Seq2[int, Value] {
	return func(yield func(int, Value) bool) {
		if !v.isA(Array) {
			return
		}
		i := 0
		for at := v.index + 1; at < v.node().end; at = v.tape.nodes[at].end {
			if !yield(i, Value{v.tape, at}) {
				return
			}
			i++
		}
	}
}

// Member gives the member of an object; no value if there is none. It goes through the names from the first.
func (v Value) Member(name string) Value {
	if !v.isA(Object) {
		return Value{}
	}
	t := v.tape
	for at, end := v.index+1, v.node().end; at < end; at = t.nodes[at+1].end {
		if n := &t.nodes[at]; int(n.size) == len(name) && !n.shadowed && t.textOf(n) == name {
			return Value{t, at + 1}
		}
	}
	return Value{}
}

// At gives the part that a JSON pointer names; no value if there is none.
func (v Value) At(p string) Value {
	for name := range pointer.Names(p) {
		if v.Kind() == Object {
			v = v.Member(name)
			continue
		}
		v = v.element(name)
	}
	return v
}

// element gives the element whose index a token of a pointer is.
func (v Value) element(token string) Value {
	if want, ok := pointer.Index(token); ok {
		for i, element := range v.Elements() {
			if i == want {
				return element
			}
		}
	}
	return Value{}
}
