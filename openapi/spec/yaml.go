package spec

import (
	"go.yaml.in/yaml/v3"
)

// The YAML library parses a file into its own nodes, and this reader converts them. It removes three features of YAML: an alias
// becomes the node of its anchor, which then occurs in several places; a merge key becomes the members that it adds; and a
// scalar gets the JSON type of its tag. Aliases can multiply a small file, so the reader counts the nodes as if they were
// copied, and stops at a limit.

// yamlReader converts the nodes of one YAML file.
type yamlReader struct {
	file    *file
	anchors map[*yaml.Node]*anchor
	count   int // of nodes; the nodes of an alias count each time
	limit   int // of count
	deepest int // the deepest level so far
}

// anchor is the target of aliases.
type anchor struct {
	node   *Node
	size   int  // in nodes
	height int  // in levels
	open   bool // being read: an alias now would contain itself
}

// minNodes is the limit of nodes for a small file with aliases.
const minNodes = 100_000

// readYAML reads a YAML file. It panics with the finding of the first syntax error, or of the first part that JSON cannot
// express.
func readYAML(f *file, data []byte) *Node {
	limit := max(len(data), minNodes) // without aliases, a file has fewer nodes than bytes
	r := &yamlReader{file: f, anchors: map[*yaml.Node]*anchor{}, limit: limit}
	return r.node(parseYAML(f, data), nil, 0, 0)
}

// fail stops reading with a syntax error at a node.
func (r *yamlReader) fail(n *yaml.Node, format string, args ...any) {
	panic(r.file.syntax(n.Line, format, args...))
}

// node converts a node and all nodes below it.
func (r *yamlReader) node(n *yaml.Node, parent *Node, index, depth int) *Node {
	r.reach(n, 1, depth)
	made := &Node{
		file: r.file, line: int32(max(1, n.Line)), column: int32(max(1, n.Column)), parent: parent, index: int32(index),
	}
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

// reach counts nodes and levels, and checks their limits.
func (r *yamlReader) reach(n *yaml.Node, nodes, depth int) {
	r.count, r.deepest = r.count+nodes, max(r.deepest, depth)
	if depth > maxDepth {
		r.fail(n, "nested deeper than %d levels", maxDepth)
	}
	if r.count > r.limit {
		r.fail(n, "the aliases expand to more than %d nodes", r.limit)
	}
}

// alias returns the node of the anchor. An anchor on a key has no node, so its text becomes a node at the place of the alias.
// (The library has rejected an alias before its anchor.)
func (r *yamlReader) alias(made *Node, n *yaml.Node, depth int) *Node {
	a := r.anchors[n.Alias]
	if a == nil {
		r.scalar(made, n.Alias)
		return made
	}
	if a.open {
		r.fail(n, "the alias *%s contains itself", shortened(n.Value))
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
			r.fail(key, "a key must be a scalar")
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

// merge adds the members of a merge key. Members of the mapping itself win, then those of the first merged mapping.
func (r *yamlReader) merge(made, from *Node, n *yaml.Node) {
	mappings := []*Node{from}
	if from.Kind == Array {
		mappings = from.Items
	}
	for _, mapping := range mappings {
		if mapping.Kind != Object {
			r.fail(n, "a merge key needs a mapping")
		}
		anchored := mapping.parent != made && mapping.parent != from
		for _, m := range mapping.Members {
			if made.add(m) && m.Value.parent == mapping && !anchored { // it occurs only below the merge key
				m.Value.parent, m.Value.index = made, int32(len(made.Members)-1)
			}
		}
	}
}
