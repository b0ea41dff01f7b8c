package spec

// The methods below read one member of an object, which must have the kind that OpenAPI requires. A member of another kind is a
// finding and counts as absent.

// member returns a member of the kind, or nil.
func (d *Document) member(n *Node, name string, kind Kind) *Node {
	m := n.Member(name)
	if m == nil || m.Kind == kind {
		return m
	}
	d.find("document/kind", m, "%s: want %s, got %s; it is ignored", shortened(name), kind, m.Kind)
	return nil
}

// text returns the text of a string member, or "".
func (d *Document) text(n *Node, name string) string {
	if m := d.member(n, name, String); m != nil {
		return m.Text
	}
	return ""
}

// flag returns the value of a boolean member, or the default value.
func (d *Document) flag(n *Node, name string, byDefault bool) bool {
	if m := d.member(n, name, Bool); m != nil {
		return m.Text == "true"
	}
	return byDefault
}

// object returns the members of an object member. They may include extensions (x-…) if OpenAPI allows any name there.
func (d *Document) object(n *Node, name string) []Member {
	if m := d.member(n, name, Object); m != nil {
		return m.Members
	}
	return nil
}

// list returns the items of an array member.
func (d *Document) list(n *Node, name string) []*Node {
	if m := d.member(n, name, Array); m != nil {
		return m.Items
	}
	return nil
}

// texts returns the strings of an array member. Each item of another kind is a finding.
func (d *Document) texts(n *Node, name string) []string {
	texts := []string{}
	for _, item := range d.list(n, name) {
		if item.Kind == String {
			texts = append(texts, item.Text)
		} else {
			d.find("document/kind", item,
				"%s: want a list of strings, got one with %s; it is ignored", shortened(name), item.Kind)
		}
	}
	return texts
}
