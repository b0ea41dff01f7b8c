package mutate

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"

	"github.com/quotaspec/quotaspec/contract/internal/pointer"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Documents and bodies are edited as trees of spec.Node, which preserve the order of members and the spelling of numbers.
// A site is a node together with its path from the root. edited copies the nodes on that path and changes the last one; all
// other nodes are shared with the original tree. To change c in {"a": {"b": 1, "c": 2}, "d": {…}}, the path [0 1] is copied:
// the root, a and c. The nodes b and d belong to both trees.

// site is a node and its place in the tree.
type site struct {
	key     string // in the parent object, or index in the parent array
	pointer string
	path    []int // indexes into members or items, from the root
	node    *spec.Node
}

// at returns the value of a key. ok is false if the site is no object with that key.
func (s site) at(key string) (child site, ok bool) {
	if i := index(s.node, key); i >= 0 {
		return s.child(key, i, s.node.Members[i].Value), true
	}
	return site{}, false
}

func (s site) child(key string, index int, node *spec.Node) site {
	return site{key, pointer.Join(s.pointer, key), append(slices.Clone(s.path), index), node}
}

func (s site) has(key string) bool { return s.node.Member(key) != nil }

// text is the text of a scalar member, else "".
func (s site) text(key string) string {
	if child := s.node.Member(key); child != nil {
		return child.Text
	}
	return ""
}

// entries returns the values of an object, or the elements of an array.
func (s site) entries() []site {
	all := []site{}
	for i, m := range s.node.Members {
		all = append(all, s.child(m.Name, i, m.Value))
	}
	for i, item := range s.node.Items {
		all = append(all, s.child(strconv.Itoa(i), i, item))
	}
	return all
}

// keys returns the keys of an object.
func (s site) keys() []string {
	names := []string{}
	for _, m := range s.node.Members {
		names = append(names, m.Name)
	}
	return names
}

// texts returns the texts of the entries. A scalar counts as a list of one.
func (s site) texts() []string {
	if isScalar(s.node) {
		return []string{s.node.Text}
	}
	texts := []string{}
	for _, e := range s.entries() {
		texts = append(texts, e.node.Text)
	}
	return texts
}

func isScalar(n *spec.Node) bool { return n.Kind != spec.Array && n.Kind != spec.Object }

// edited returns a tree in which the node at a path is changed. Only the nodes on the path are copied.
func edited(root *spec.Node, path []int, change func(*spec.Node)) *spec.Node {
	n := &spec.Node{Kind: root.Kind, Text: root.Text, Members: slices.Clone(root.Members), Items: slices.Clone(root.Items)}
	switch {
	case len(path) == 0:
		change(n)
	case n.Kind == spec.Array:
		n.Items[path[0]] = edited(n.Items[path[0]], path[1:], change)
	default:
		m := &n.Members[path[0]]
		m.Value = edited(m.Value, path[1:], change)
	}
	return n
}

// index is the position of a key in an object, or -1.
func index(n *spec.Node, key string) int {
	return slices.IndexFunc(n.Members, func(m spec.Member) bool { return m.Name == key })
}

// remove deletes a key of an object, or an element of an array.
func remove(n *spec.Node, key string) {
	if i, err := strconv.Atoi(key); err == nil && n.Kind == spec.Array {
		n.Items = slices.Delete(n.Items, i, i+1)
	}
	n.Members = slices.DeleteFunc(n.Members, func(m spec.Member) bool { return m.Name == key })
}

// put sets the value of a key, and appends the key if it is new.
func put(n *spec.Node, key string, value *spec.Node) {
	if i := index(n, key); i >= 0 {
		n.Members[i].Value = value
		return
	}
	n.Members = append(n.Members, spec.Member{Name: key, Value: value})
}

func rename(n *spec.Node, key, name string) {
	if i := index(n, key); i >= 0 {
		n.Members[i].Name = name
	}
}

// scalar makes a string.
func scalar(text string) *spec.Node { return &spec.Node{Kind: spec.String, Text: text} }

// raw makes a scalar that write copies as it is, even if it is not JSON.
func raw(text string) *spec.Node { return &spec.Node{Kind: spec.Number, Text: text} }

func boolean(b bool) *spec.Node { return &spec.Node{Kind: spec.Bool, Text: strconv.FormatBool(b)} }

func number(n float64) *spec.Node { return raw(strconv.FormatFloat(n, 'f', -1, 64)) }

// parsed makes the tree of valid JSON.
func parsed(text string) *spec.Node {
	v, _, _ := strictjson.Parse([]byte(text))
	return tree(v)
}

func tree(v strictjson.Value) *spec.Node {
	n := &spec.Node{Kind: spec.Kind(v.Kind()), Text: v.Text()} // both enumerate the types of JSON in the same order
	for name, member := range v.Members() {
		n.Members = append(n.Members, spec.Member{Name: name, Value: tree(member)})
	}
	for _, element := range v.Elements() {
		n.Items = append(n.Items, tree(element))
	}
	return n
}

// write writes a tree as JSON, with raw scalars as they are. encoding/json would refuse those that are not JSON.
func write(n *spec.Node) []byte {
	var b bytes.Buffer
	writeTo(&b, n)
	return b.Bytes()
}

func writeTo(b *bytes.Buffer, n *spec.Node) {
	switch n.Kind {
	case spec.Object:
		b.WriteByte('{')
		for i, m := range n.Members {
			if i > 0 {
				b.WriteByte(',')
			}
			writeTo(b, scalar(m.Name))
			b.WriteByte(':')
			writeTo(b, m.Value)
		}
		b.WriteByte('}')
	case spec.Array:
		b.WriteByte('[')
		for i, item := range n.Items {
			if i > 0 {
				b.WriteByte(',')
			}
			writeTo(b, item)
		}
		b.WriteByte(']')
	case spec.String:
		e := json.NewEncoder(b)
		e.SetEscapeHTML(false)
		_ = e.Encode(n.Text)    // a string is always encoded
		b.Truncate(b.Len() - 1) // the line feed of Encode
	default:
		b.WriteString(n.Text)
	}
}
