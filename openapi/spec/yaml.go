package spec

import (
	"go.yaml.in/yaml/v3"
)

// YAML is read by the library into its own nodes, and those become ours. Three things of YAML end here: an alias becomes the
// node of its anchor, which then stands in several places; a merge key becomes the members that it brings; and a scalar gets
// the JSON type that its tag says.

// yamlReader turns the nodes of one YAML file into ours.
type yamlReader struct {
	file    *file
	anchors map[*yaml.Node]*anchor
	count   int // of nodes, those that aliases repeat counted each time
	limit   int // of count
	deepest int // level that was reached
}

// anchor is what aliases lead to.
type anchor struct {
	node   *Node
	size   int // in nodes
	height int // in levels
	open   bool
}

// minNodes is how many nodes aliases may make of a small file.
const minNodes = 100_000

// readYAML reads a file of YAML. The fault is where it is no YAML, or where it cannot be JSON.
func readYAML(f *file, data []byte) *Node {
	limit := max(len(data), minNodes) // no file has more nodes than bytes
	r := &yamlReader{file: f, anchors: map[*yaml.Node]*anchor{}, limit: limit}
	return r.node(parseYAML(f, data), nil, 0, 0)
}

// fail ends the reading with a fault at a node.
func (r *yamlReader) fail(n *yaml.Node, format string, args ...any) {
	panic(r.file.syntax(n.Line, format, args...))
}

func (r *yamlReader) node(n *yaml.Node, parent *Node, index, depth int) *Node {
	r.reach(n, 1, depth)
	made := &Node{file: r.file, line: int32(max(1, n.Line)), column: int32(max(1, n.Column)), parent: parent, index: int32(index)}
	if n.Kind == yaml.AliasNode {
		return r.alias(made, n, depth)
	}
	if n.Anchor == "" {
		r.fill(made, n, depth)
		return made
	}
	a := &anchor{node: made, open: true}
	r.anchors[n] = a
	before, deepest := r.count, r.deepest
	r.deepest = depth
	r.fill(made, n, depth)
	a.open, a.size, a.height = false, r.count-before, r.deepest-depth
	r.deepest = max(deepest, r.deepest)
	return made
}

// reach counts nodes and levels.
func (r *yamlReader) reach(n *yaml.Node, nodes, depth int) {
	r.count, r.deepest = r.count+nodes, max(r.deepest, depth)
	if depth > maxDepth {
		r.fail(n, "nested deeper than %d levels", maxDepth)
	}
	if r.count > r.limit {
		r.fail(n, "aliases make more of this document than the file holds")
	}
}

// alias returns the node of the anchor. A key has none, so its text stands where the alias does. (The library has refused
// an alias before its anchor.)
func (r *yamlReader) alias(made *Node, n *yaml.Node, depth int) *Node {
	a := r.anchors[n.Alias]
	if a == nil {
		r.scalar(made, n.Alias)
		return made
	}
	if a.open {
		r.fail(n, "the alias *%s holds itself", shortened(n.Value))
	}
	r.reach(n, a.size, depth+a.height)
	return a.node
}

func (r *yamlReader) fill(made *Node, n *yaml.Node, depth int) {
	switch n.Kind {
	case yaml.MappingNode:
		r.object(made, n, depth)
	case yaml.SequenceNode:
		made.Kind, made.Items = Array, make([]*Node, 0, len(n.Content))
		for i, item := range n.Content {
			made.Items = append(made.Items, r.node(item, made, i, depth+1))
		}
	default:
		r.scalar(made, n)
	}
}

func (r *yamlReader) object(made *Node, n *yaml.Node, depth int) {
	made.Kind, made.Members = Object, make([]Member, 0, len(n.Content)/2)
	merged := []*Node{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		name := key
		if key.Kind == yaml.AliasNode {
			name = key.Alias
		}
		if name.Kind != yaml.ScalarNode {
			r.fail(key, "the name of a member is no text")
		}
		if key.ShortTag() == "!!merge" {
			merged = append(merged, r.node(value, made, 0, depth+1))
			continue
		}
		member := r.node(value, made, len(made.Members), depth+1)
		r.file.add(made, Member{name.Value, key.Line, key.Column, member})
	}
	for _, from := range merged {
		r.merge(made, from, n)
	}
}

// merge adds the members that a merge key brings. Those of the mapping itself win, then those of the first merged one.
func (r *yamlReader) merge(made, from *Node, n *yaml.Node) {
	mappings := []*Node{from}
	if from.Kind == Array {
		mappings = from.Items
	}
	for _, mapping := range mappings {
		if mapping.Kind != Object {
			r.fail(n, "a merge key takes mappings")
		}
		anchored := mapping.parent != made && mapping.parent != from
		for _, m := range mapping.Members {
			if made.add(m) && m.Value.parent == mapping && !anchored { // it stands below the merge key, and nowhere else
				m.Value.parent, m.Value.index = made, int32(len(made.Members)-1)
			}
		}
	}
}
