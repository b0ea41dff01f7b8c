package spec

// These read one member of an object by the kind that OpenAPI gives it. A member of another kind is a finding and counts as
// absent.

// member returns a member of one kind, or nil.
func (d *Document) member(n *Node, name string, kind Kind) *Node {
	m := n.Member(name)
	if m == nil || m.Kind == kind {
		return m
	}
	d.find("document/kind", m, "%s: want %s, got %s; it is ignored", shortened(name), kind, m.Kind)
	return nil
}

// text returns a member that is a text, else "".
func (d *Document) text(n *Node, name string) string {
	if m := d.member(n, name, String); m != nil {
		return m.Text
	}
	return ""
}

// flag returns a member that is true or false, and otherwise for one that is not there.
func (d *Document) flag(n *Node, name string, otherwise bool) bool {
	if m := d.member(n, name, Bool); m != nil {
		return m.Text == "true"
	}
	return otherwise
}

// object returns the members of a member that is an object, without extensions: a name may begin with x- only where OpenAPI
// lets authors choose names freely.
func (d *Document) object(n *Node, name string) []Member {
	if m := d.member(n, name, Object); m != nil {
		return m.Members
	}
	return nil
}

// list returns the items of a member that is a list.
func (d *Document) list(n *Node, name string) []*Node {
	if m := d.member(n, name, Array); m != nil {
		return m.Items
	}
	return nil
}

// texts returns the items of a member that is a list of texts.
func (d *Document) texts(n *Node, name string) []string {
	texts := []string{}
	for _, item := range d.list(n, name) {
		if item.Kind == String {
			texts = append(texts, item.Text)
		} else {
			d.find("document/kind", item, "%s: want a list of texts, got %s in it; it is ignored", shortened(name), item.Kind)
		}
	}
	return texts
}
