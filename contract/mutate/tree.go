package mutate

import (
	"slices"
	"strconv"

	"go.yaml.in/yaml/v3"

	"github.com/quotaspec/quotaspec/contract/internal/pointer"
)

// site is a node of a document: where it stands, and the way to it.
type site struct {
	pointer string
	path    []int // index into Content, from the root
	node    *yaml.Node
}

// at is the value of a key; ok is false if the mapping has no such key.
func (s site) at(key string) (child site, ok bool) {
	if s.node.Kind != yaml.MappingNode {
		return site{}, false
	}
	for i := 0; i+1 < len(s.node.Content); i += 2 {
		if s.node.Content[i].Value == key {
			return s.child(key, i+1), true
		}
	}
	return site{}, false
}

func (s site) child(token string, index int) site {
	return site{pointer.Join(s.pointer, token), append(slices.Clone(s.path), index), s.node.Content[index]}
}

func (s site) has(key string) bool {
	_, ok := s.at(key)
	return ok
}

// text is the value of a key that holds a scalar, else "".
func (s site) text(key string) string {
	if child, ok := s.at(key); ok && child.node.Kind == yaml.ScalarNode {
		return child.node.Value
	}
	return ""
}

// entry is a key of a mapping, or an element of a list.
type entry struct {
	key string
	site
}

func (s site) entries() []entry {
	list := []entry{}
	switch s.node.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(s.node.Content); i += 2 {
			key := s.node.Content[i].Value
			list = append(list, entry{key, s.child(key, i+1)})
		}
	case yaml.SequenceNode:
		for i := range s.node.Content {
			key := strconv.Itoa(i)
			list = append(list, entry{key, s.child(key, i)})
		}
	}
	return list
}

// texts are the scalars of a list, or the one scalar that stands for a list of one.
func (s site) texts() []string {
	if s.node.Kind == yaml.ScalarNode {
		return []string{s.node.Value}
	}
	list := []string{}
	for _, e := range s.entries() {
		list = append(list, e.node.Value)
	}
	return list
}

// edited is the document with one node changed. Only the nodes on the way to it are copied.
func edited(root *yaml.Node, path []int, change func(*yaml.Node)) *yaml.Node {
	n := *root
	n.Content = slices.Clone(root.Content)
	if len(path) == 0 {
		change(&n)
		return &n
	}
	n.Content[path[0]] = edited(n.Content[path[0]], path[1:], change)
	return &n
}

// remove takes a key out of a mapping, or an element out of a list.
func remove(n *yaml.Node, key string) {
	if n.Kind == yaml.SequenceNode {
		i, _ := strconv.Atoi(key)
		n.Content = slices.Delete(n.Content, i, i+1)
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			n.Content = slices.Delete(n.Content, i, i+2)
			return
		}
	}
}

// put sets the value of a key, which may be new.
func put(n *yaml.Node, key string, value *yaml.Node) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			n.Content[i+1] = value
			return
		}
	}
	n.Content = append(n.Content, scalar(key), value)
}

func rename(n *yaml.Node, key, name string) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			renamed := *n.Content[i]
			renamed.Value = name
			n.Content[i] = &renamed
		}
	}
}

// scalar makes a text. tagged makes what is no text.
func scalar(text string) *yaml.Node { return tagged("!!str", text) }

func tagged(tag, text string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: text}
}

func boolean(b bool) *yaml.Node { return tagged("!!bool", strconv.FormatBool(b)) }

// number writes a number as YAML reads it.
func number(n float64) *yaml.Node {
	if n == float64(int64(n)) {
		return tagged("!!int", strconv.FormatInt(int64(n), 10))
	}
	return tagged("!!float", strconv.FormatFloat(n, 'g', -1, 64))
}

func list() *yaml.Node {
	return &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
}

// mapping makes a mapping of keys and values in turn.
func mapping(content ...*yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Content: content}
}
