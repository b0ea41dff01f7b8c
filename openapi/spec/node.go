package spec

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Kind is the JSON type of a node.
type Kind uint8

// The kinds of nodes.
const (
	Null Kind = iota
	Bool
	Number
	String
	Array
	Object
)

var kindNames = [...]string{"null", "boolean", "number", "string", "array", "object"}

// String names the kind as JSON Schema does: null, boolean, number, string, array or object.
func (k Kind) String() string { return kindNames[k] }

// Node is one value of a document, with its place. YAML and JSON give the same nodes: what differs, such as an alias or a
// merge key, is resolved when the file is read.
//
// A node knows the node that holds it, so its pointer is made on demand. In a document with one key of 200 KB over 20,000
// numbers, a pointer in each node would take 4 GB.
type Node struct {
	Kind    Kind
	Text    string   // of a String; the literal of a Number, as JSON writes it; "true" or "false" of a Bool
	Members []Member // of an Object, in the order of the file
	Items   []*Node  // of an Array

	file         *file
	line, column int32            // of the value itself
	index        int32            // in the Members or Items of the parent
	parent       *Node            // nil: the root of its file
	byName       map[string]*Node // of many members; nil: they are few
}

// Member is one member of an object: its name, the place of the name, and the value.
type Member struct {
	Name         string
	Line, Column int
	Value        *Node
}

// fewMembers is how many members are searched one by one.
const fewMembers = 8

// Member returns the value of a member. It is nil for any other name, and for a node that is nil or no object.
func (n *Node) Member(name string) *Node {
	if n == nil {
		return nil
	}
	if n.byName != nil {
		return n.byName[name]
	}
	for i := range n.Members {
		if n.Members[i].Name == name {
			return n.Members[i].Value
		}
	}
	return nil
}

// word returns the text of a member that is one, else "".
func (n *Node) word(name string) string {
	if m := n.Member(name); m != nil && m.Kind == String {
		return m.Text
	}
	return ""
}

// add appends a member. It is false, and adds nothing, if the name is there already.
func (n *Node) add(m Member) bool {
	if n.Member(m.Name) != nil {
		return false
	}
	n.Members = append(n.Members, m)
	switch {
	case n.byName != nil:
		n.byName[m.Name] = m.Value
	case len(n.Members) > fewMembers:
		n.byName = map[string]*Node{}
		for _, m := range n.Members {
			n.byName[m.Name] = m.Value
		}
	}
	return true
}

// At follows a JSON pointer (RFC 6901) from the node. It is nil where the pointer leads nowhere.
func (n *Node) At(pointer string) *Node {
	if pointer == "" {
		return n
	}
	tokens, ok := strings.CutPrefix(pointer, "/")
	if !ok {
		return nil
	}
	for token := range strings.SplitSeq(tokens, "/") {
		n = n.child(unescape(token))
	}
	return n
}

// child is the value under one token of a pointer, or nil.
func (n *Node) child(token string) *Node {
	if n == nil || n.Kind != Array {
		return n.Member(token)
	}
	i, err := strconv.Atoi(token)
	if err != nil || i < 0 || i >= len(n.Items) || strconv.Itoa(i) != token {
		return nil
	}
	return n.Items[i]
}

// token is the name or the index under which the parent holds the node.
func (n *Node) token() string {
	if n.parent.Kind == Array {
		return strconv.Itoa(int(n.index))
	}
	return n.parent.Members[n.index].Name
}

// Pointer is the JSON pointer of the node in its own file: "" of the root, /paths/~1pets/get of an operation. A node that an
// alias repeats has the pointer of its anchor.
func (n *Node) Pointer() string {
	tokens := []string{}
	for ; n.parent != nil; n = n.parent {
		tokens = append(tokens, escape(n.token()))
	}
	tokens = append(tokens, "")
	slices.Reverse(tokens)
	return strings.Join(tokens, "/")
}

// Place is where the node stands: its own first character, or for the value of a member the member's name.
func (n *Node) Place() Place {
	if n.parent != nil && n.parent.Kind == Object {
		m := &n.parent.Members[n.index]
		return Place{n.file.name, m.Line, m.Column}
	}
	return n.ownPlace()
}

// ownPlace is the place of the value itself, also of the value of a member.
func (n *Node) ownPlace() Place { return Place{n.file.name, int(n.line), int(n.column)} }

// Place is where something begins in a file.
type Place struct {
	File         string
	Line, Column int // from 1; the column counts bytes in JSON, characters in YAML, and is 0 where only the line is known
}

// String is the file and the line, for people: openapi.yaml:12.
func (p Place) String() string { return fmt.Sprintf("%s:%d", p.File, p.Line) }

// Within says whether the node is top or stands below it. An alias stands where its anchor does.
func (n *Node) Within(top *Node) bool {
	for ; n != nil; n = n.parent {
		if n == top {
			return true
		}
	}
	return false
}

// Value is the node as encoding/json decodes it with UseNumber: map[string]any, []any, string, json.Number, bool or nil. A
// node that is nil has the value nil.
func (n *Node) Value() any {
	if n == nil {
		return nil
	}
	switch n.Kind {
	case Bool:
		return n.Text == "true"
	case Number:
		return json.Number(n.Text)
	case String:
		return n.Text
	case Array:
		list := make([]any, len(n.Items))
		for i, item := range n.Items {
			list[i] = item.Value()
		}
		return list
	case Object:
		object := make(map[string]any, len(n.Members))
		for _, m := range n.Members {
			object[m.Name] = m.Value.Value()
		}
		return object
	}
	return nil
}

var (
	escaper   = strings.NewReplacer("~", "~0", "/", "~1")
	unescaper = strings.NewReplacer("~1", "/", "~0", "~")
)

// escape writes a name as a token of a JSON pointer, and unescape reads one.
func escape(name string) string    { return escaper.Replace(name) }
func unescape(token string) string { return unescaper.Replace(token) }
