package spec

import (
	"slices"
	"strconv"
)

// of reports whether the value of a keyword has the kind. Another kind is a finding.
func (d *Document) of(n *Node, keyword string, kind Kind) bool {
	if n.Kind == kind {
		return true
	}
	d.find("schema/keyword", n, "%s: want %s, got %s; it is ignored", keyword, kind, n.Kind)
	return false
}

// count reads a limit such as maxLength. 3.0 and 3e2 are integers too. It is nil for any other value, which is a finding.
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
	d.find("schema/keyword", n, "%s: want a non-negative integer, got %s; it is ignored", keyword, shortened(n.Text))
	return nil
}

var typeNames = []string{"null", "boolean", "object", "array", "number", "string", "integer"}

// types reads the keyword type: one name, or a list from OpenAPI 3.1 on. With an unknown name the whole keyword is ignored.
func (d *Document) types(s *Schema, n *Node) {
	names := []*Node{n}
	if n.Kind == Array {
		names = n.Items
		if s.Is30 {
			d.find("schema/keyword", n, "type: OpenAPI 3.0 allows one type, got a list")
		}
	}
	for _, name := range names {
		if name.Kind != String || !slices.Contains(typeNames, name.Text) {
			d.find("schema/type", name, "unknown type %q: it is ignored", shortened(name.Text))
			s.Types = nil // the unknown type may allow any value
			return
		}
		s.Types = append(s.Types, name.Text)
	}
}
