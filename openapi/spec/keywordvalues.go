package spec

import (
	"slices"
	"strconv"
)

// of says whether the value of a keyword is of a kind.
func (d *Document) of(n *Node, keyword string, kind Kind) bool {
	if n.Kind == kind {
		return true
	}
	d.find("schema/keyword", n, "%s: want %s, got %s; it is ignored", keyword, kind, n.Kind)
	return false
}

// count reads a number of characters, items or properties. 3.0 and 3e2 are whole numbers too.
func (d *Document) count(n *Node, keyword string) *uint64 {
	if !d.of(n, keyword, Number) {
		return nil
	}
	if count, err := strconv.ParseUint(n.Text, 10, 64); err == nil {
		return &count
	}
	if f, err := strconv.ParseFloat(n.Text, 64); err == nil && f >= 0 && f < 1<<63 && f == float64(uint64(f)) {
		count := uint64(f)
		return &count
	}
	d.find("schema/keyword", n, "%s: want a whole number from 0 on, got %s; it is ignored", keyword, shortened(n.Text))
	return nil
}

var typeNames = []string{"null", "boolean", "object", "array", "number", "string", "integer"}

// types reads type: one name, or from OpenAPI 3.1 on a list. A name that does not exist is left out.
func (d *Document) types(s *Schema, n *Node) {
	names := []*Node{n}
	if n.Kind == Array {
		names = n.Items
		if s.Is30 {
			d.find("schema/keyword", n, "type: OpenAPI 3.0 has one type, got a list")
		}
	}
	for _, name := range names {
		if name.Kind != String || !slices.Contains(typeNames, name.Text) {
			d.find("schema/type", name, "unknown type %q: it is ignored", shortened(name.Text))
			s.Types = nil // any value may be meant
			return
		}
		s.Types = append(s.Types, name.Text)
	}
}
