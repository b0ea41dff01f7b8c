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

// Node is one value of a document, with its place. YAML and JSON produce the same nodes: the YAML reader resolves aliases and
// merge keys.
//
// A node stores its parent, and builds its pointer on demand. With stored pointers, a document with a key of 200 KB above
// 20,000 numbers would take 4 GB.
type Node struct {
	Kind    Kind
	Text    string   // of a String; the JSON literal of a Number; "true" or "false" of a Bool
	Members []Member // of an Object, in the order of the file
	Items   []*Node  // of an Array

	file         *file
	line, column int32            // of the value itself
	index        int32            // in the Members or Items of the parent
	parent       *Node            // nil: the root of its file
	byName       map[string]*Node // the members, if there are more than fewMembers
}

// Member is one member of an object: its name, the line and column of the name, and its value.
type Member struct {
	Name         string
	Line, Column int
	Value        *Node
}

// fewMembers is the largest number of members that Member searches one by one.
const fewMembers = 8

// Member returns the value of a member, or nil if there is none. The node may be nil, or not an object.
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

// word returns the text of a string member, or "". Unlike Document.text it adds no finding.
func (n *Node) word(name string) string {
	if m := n.Member(name); m != nil && m.Kind == String {
		return m.Text
	}
	return ""
}

// add appends a member, and reports false without adding it if the object has the name already.
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

// At returns the node at a JSON pointer (RFC 6901) from this node, or nil.
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

// child returns the node at one token of a pointer, or nil.
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

// token returns the name or the index of the node in its parent.
func (n *Node) token() string {
	if n.parent.Kind == Array {
		return strconv.Itoa(int(n.index))
	}
	return n.parent.Members[n.index].Name
}

// Pointer returns the JSON pointer of the node in its own file: "" for the root, /paths/~1pets/get for an operation. The node
// of an alias has the pointer of its anchor.
func (n *Node) Pointer() string {
	tokens := []string{}
	for ; n.parent != nil; n = n.parent {
		tokens = append(tokens, escape(n.token()))
	}
	tokens = append(tokens, "")
	slices.Reverse(tokens)
	return strings.Join(tokens, "/")
}

// Place returns the place of the key for the value of a member, and of the first character for any other node. People look for
// the key: in YAML, a nested mapping begins one line below it.
func (n *Node) Place() Place {
	if n.parent != nil && n.parent.Kind == Object {
		m := &n.parent.Members[n.index]
		return Place{n.file.name, m.Line, m.Column}
	}
	return n.ownPlace()
}

// ownPlace returns the place of the value itself, even if it has a key.
func (n *Node) ownPlace() Place { return Place{n.file.name, int(n.line), int(n.column)} }

// Place is a position in a file.
type Place struct {
	File         string
	Line, Column int // from 1; the column counts bytes in JSON, characters in YAML, and is 0 if only the line is known
}

// String returns the file and the line, for people: openapi.yaml:12. In the first line it adds the column, since frameworks serve
// documents that have one line: openapi.json:1:5321
func (p Place) String() string {
	if p.Line == 1 && p.Column > 1 {
		return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
	}
	return fmt.Sprintf("%s:%d", p.File, p.Line)
}

// Parent returns the object or array that has the node; of the root of a file it is nil.
func (n *Node) Parent() *Node { return n.parent }

// Within reports whether the node is top or below it. The node of an alias is at the place of its anchor.
func (n *Node) Within(top *Node) bool {
	for ; n != nil; n = n.parent {
		if n == top {
			return true
		}
	}
	return false
}

// Value returns the node as encoding/json with UseNumber decodes it: map[string]any, []any, string, json.Number, bool or nil.
// The value of a nil node is nil.
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

// escape encodes a name as a token of a JSON pointer; unescape decodes one.
func escape(name string) string    { return escaper.Replace(name) }
func unescape(token string) string { return unescaper.Replace(token) }
