package mutate

import (
	"path"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/pointer"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// DocumentMutant is a document that is wrong in one place.
type DocumentMutant struct {
	Mutant
	root func() *spec.Node
}

// JSON is the mutant as JSON, without the prose and the named examples of the document: not every judge compares examples
// with their schemas.
func (m DocumentMutant) JSON() []byte { return write(withoutExamples(m.root())) }

// Documents are all mutants of a contract's document, for judges other than ours.
func Documents(c Contract) ([]DocumentMutant, error) {
	s, err := prepare(c)
	if err != nil {
		return nil, err
	}
	return documentMutants(s.doc), nil
}

// maker makes the mutants of a document, in the order of the file.
type maker struct {
	doc     *spec.Document
	root    site // of the document, without its prose
	mutants []DocumentMutant
}

// documentMutants makes every mutant of a document.
func documentMutants(doc *spec.Document) []DocumentMutant {
	m := &maker{doc: doc, root: site{node: withoutProse(doc.Root)}}
	m.walk(m.root, "document")
	return m.mutants
}

func (m *maker) walk(s site, k kind) {
	if k == "data" {
		return
	}
	if s.has("$ref") && !k.named() {
		m.reference(s)
		return
	}
	if mutate := kinds[k].mutate; mutate != nil {
		mutate(m, s)
	}
	for _, e := range s.entries() {
		below := k.below(e.key)
		if below == "evidence" {
			m.drop("evidence dropped", s, e.key)
		}
		m.walk(e, below)
	}
}

// change adds a mutant: s is the node that is edited, pointer what the mutant is about.
func (m *maker) change(operator string, s site, pointer, into string, edit func(*spec.Node)) {
	m.mutants = append(m.mutants, DocumentMutant{
		Mutant: Mutant{Of: "document " + m.doc.Name, Operator: operator, Pointer: pointer, Change: into, Place: m.place(pointer)},
		root:   func() *spec.Node { return edited(m.root.node, s.path, edit) },
	})
}

// place is the file and the line of a node, or of the nearest node above it where a mutant adds something.
func (m *maker) place(pointer string) string {
	for {
		if n := m.doc.Root.At(pointer); n != nil {
			return n.Place().String()
		}
		pointer = pointer[:strings.LastIndexByte(pointer, '/')]
	}
}

// drop takes a key out, if it is there, or an element.
func (m *maker) drop(operator string, s site, key string) {
	if s.node.Kind == spec.Array || s.has(key) {
		m.change(operator, s, pointer.Join(s.pointer, key), "", func(n *spec.Node) { remove(n, key) })
	}
}

// dropEach takes out each key or element, one at a time.
func dropEach(operator string) func(*maker, site) {
	return func(m *maker, s site) {
		for _, e := range s.entries() {
			m.drop(operator, s, e.key)
		}
	}
}

// set gives a key another value, or a new key one.
func (m *maker) set(operator string, s site, key string, value *spec.Node) {
	m.change(operator, s, pointer.Join(s.pointer, key), value.Text, func(n *spec.Node) { put(n, key, value) })
}

// turn changes a text, if it is there and changes.
func (m *maker) turn(operator string, s site, key string, into func(string) string) {
	child, ok := s.at(key)
	if !ok || !isScalar(child.node) {
		return
	}
	if changed := into(child.node.Text); changed != child.node.Text {
		m.set(operator, s, key, scalar(changed))
	}
}

// flip changes a flag; where it is not there it counts as false.
func (m *maker) flip(operator string, s site, key string) {
	m.set(operator, s, key, boolean(s.text(key) != "true"))
}

// rename gives a key another name.
func (m *maker) rename(operator string, s site, key, name string) {
	if s.has(name) {
		return
	}
	m.change(operator, s, pointer.Join(s.pointer, key), name, func(n *spec.Node) { rename(n, key, name) })
}

// add puts an element at the end of a list.
func (m *maker) add(operator string, s site, value *spec.Node) {
	m.change(operator, s, s.pointer, value.Text, func(n *spec.Node) { n.Items = append(n.Items, value) })
}

// replace puts a text in the place of an element.
func (m *maker) replace(operator string, e site, text string) {
	m.change(operator, e, e.pointer, text, func(n *spec.Node) { *n = *scalar(text) })
}

// unknown drops the keys that an operator does not know, so that nothing is left out in silence.
func (m *maker) unknown(s site, known ...string) {
	for _, e := range s.entries() {
		if _, prose := unmutated[e.key]; !prose && !slices.Contains(known, e.key) {
			m.drop("other keyword dropped", s, e.key)
		}
	}
}

// reference leads to another component of the same kind.
func (m *maker) reference(s site) {
	components, name := path.Split(strings.TrimPrefix(s.text("$ref"), "#"))
	components, name = strings.TrimSuffix(components, "/"), pointer.Unescape(name)
	if other := following(m.root.node.At(components), name); other != name {
		m.set("reference swapped", s, "$ref", scalar("#"+pointer.Join(components, other)))
	}
}

// following is the key that an object has behind another one, or at its beginning; of a key that it does not have the same.
func following(n *spec.Node, key string) string {
	if n == nil {
		return key
	}
	i := index(n, key)
	if i < 0 {
		return key
	}
	return n.Members[(i+1)%len(n.Members)].Name
}
