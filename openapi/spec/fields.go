package spec

import (
	"slices"
	"strings"
)

// fields reads the members of one object of an extension. It reports only the first error of the object; after that, its
// methods return meaningless values:
//
//	f := x.open("x-evidence", n, "grade", "source")
//	grade, sources := f.text("grade"), f.texts("source")
//	if f.failed { … }
type fields struct {
	extensions *extensions
	what       string // the name of the object in messages
	node       *Node
	failed     bool
}

// open begins to read an object. A node that is not an object, and unknown keys, are errors.
func (x *extensions) open(what string, n *Node, known ...string) *fields {
	f := &fields{x, what, n, false}
	if n.Kind != Object {
		f.fail(n, "want a mapping with %s", strings.Join(known, ", "))
		return f
	}
	for _, m := range n.Members {
		if !slices.Contains(known, m.Name) {
			f.failAtName(m.Value, "unknown key %q: it is one of %s", shortened(m.Name), strings.Join(known, ", "))
		}
	}
	return f
}

// fail adds an error at the place of the value, failAtName at the place of its key.
func (f *fields) fail(n *Node, format string, args ...any) {
	if !f.failed {
		f.failed = true
		f.extensions.fail(n, "%s: "+format, append([]any{f.what}, args...)...)
	}
}

func (f *fields) failAtName(n *Node, format string, args ...any) {
	if !f.failed {
		f.failed = true
		f.extensions.failAtName(n, "%s: "+format, append([]any{f.what}, args...)...)
	}
}

// member returns the value of a required key. It is nil after an error.
func (f *fields) member(key string) *Node {
	if f.failed {
		return nil
	}
	n := f.node.Member(key)
	if n == nil {
		f.failAtName(f.node, "%s is missing", key)
	}
	return n
}

// text reads a required string that must not be empty.
func (f *fields) text(key string) string { return f.textOf(key, f.member(key)) }

func (f *fields) textOf(key string, n *Node) string {
	if f.failed {
		return ""
	}
	if n.Kind != String || strings.TrimSpace(n.Text) == "" {
		f.fail(n, "%s: want a non-empty string", key)
	}
	return n.Text
}

// optional reads a string that may be absent.
func (f *fields) optional(key string) string {
	if f.node.Member(key) == nil {
		return ""
	}
	return f.text(key)
}

// texts reads one string or a list of strings.
func (f *fields) texts(key string) []string {
	n := f.member(key)
	if f.failed {
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

// flag reads a required boolean.
func (f *fields) flag(key string) bool {
	n := f.member(key)
	value, ok := n.Value().(bool)
	if !ok {
		f.fail(n, "%s: want true or false", key)
	}
	return value
}

// evidence reads grade and source, which every promise needs.
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
