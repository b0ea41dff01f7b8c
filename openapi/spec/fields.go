package spec

import (
	"slices"
	"strings"
)

// fields reads one object of an extension. Only its first fault counts; after it, what it returns has no meaning.
type fields struct {
	extensions *extensions
	what       string // how messages call the object
	node       *Node
	faulty     bool
}

// open takes an object apart and refuses keys that are not known.
func (x *extensions) open(what string, n *Node, known ...string) *fields {
	f := &fields{x, what, n, false}
	if n.Kind != Object {
		f.fail(n, "want a mapping with %s", strings.Join(known, ", "))
		return f
	}
	for _, m := range n.Members {
		if !slices.Contains(known, m.Name) {
			f.failAtName(m.Value, "unknown key %q, it takes %s", shortened(m.Name), strings.Join(known, ", "))
		}
	}
	return f
}

// fail adds a fault at the value itself, failAtName one at the key that leads to it.
func (f *fields) fail(n *Node, format string, args ...any) {
	if !f.faulty {
		f.faulty = true
		f.extensions.fail(n, "%s: "+format, append([]any{f.what}, args...)...)
	}
}

func (f *fields) failAtName(n *Node, format string, args ...any) {
	if !f.faulty {
		f.faulty = true
		f.extensions.failAtName(n, "%s: "+format, append([]any{f.what}, args...)...)
	}
}

// member returns the value of a key that must be there. It is nil after a fault.
func (f *fields) member(key string) *Node {
	if f.faulty {
		return nil
	}
	n := f.node.Member(key)
	if n == nil {
		f.failAtName(f.node, "%s is missing", key)
	}
	return n
}

// text reads a text that must not be empty.
func (f *fields) text(key string) string { return f.textOf(key, f.member(key)) }

func (f *fields) textOf(key string, n *Node) string {
	if f.faulty {
		return ""
	}
	if n.Kind != String || strings.TrimSpace(n.Text) == "" {
		f.fail(n, "%s: want a text", key)
	}
	return n.Text
}

// optional reads a text that need not be there.
func (f *fields) optional(key string) string {
	if f.node.Member(key) == nil {
		return ""
	}
	return f.text(key)
}

// texts reads one text or a list of them.
func (f *fields) texts(key string) []string {
	n := f.member(key)
	if f.faulty {
		return nil
	}
	items := []*Node{n}
	if n.Kind == Array {
		items = n.Items
	}
	if len(items) == 0 {
		f.fail(n, "%s: the list is empty", key)
	}
	list := []string{}
	for _, item := range items {
		list = append(list, f.textOf(key, item))
	}
	return list
}

func (f *fields) flag(key string) bool {
	n := f.member(key)
	value, ok := n.Value().(bool)
	if !ok {
		f.fail(n, "%s: want true or false", key)
	}
	return value
}

// evidence reads grade and source, which neither evidence nor a promise can be without.
func (f *fields) evidence() (e Evidence) {
	var err error
	if e.Grade, err = ParseGrade(f.text("grade")); err != nil {
		f.fail(f.node.Member("grade"), "%v", err)
	}
	if e.Grade == Undocumented {
		f.fail(f.node.Member("grade"), "a promise cannot be undocumented")
	}
	e.Source = f.texts("source")
	sources := f.extensions.sources
	for _, source := range e.Source {
		if name, _, _ := strings.Cut(source, "/"); sources != nil && !sources[name] {
			f.fail(f.node.Member("source"), "x-sources has no %q", name)
		}
	}
	return e
}
