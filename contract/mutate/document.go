package mutate

import (
	"path"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/pointer"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Documents are mutated as trees of nodes. The mutator walks the tree by kind (kind.go) and calls the operators of each kind,
// which record a mutant as the path to a node and an edit. The tree of the mutant shares all nodes but those on that path, so
// thousands of mutants cost little memory.

// DocumentMutant is a document that is wrong in one place.
type DocumentMutant struct {
	Mutant
	root func() *spec.Node
}

// JSON returns the mutated document as JSON. Prose and named examples are left out: some judges refuse a document whose
// examples contradict its schemas, others do not look.
func (m DocumentMutant) JSON() []byte { return write(withoutExamples(m.root())) }

// Whole returns the mutated document as JSON, with its examples. Prose is left out.
func (m DocumentMutant) Whole() []byte { return write(m.root()) }

// Documents makes all mutants of a contract's document, for other judges to load. They have no killers. It needs no exchanges.
func Documents(c Contract) ([]DocumentMutant, error) {
	doc, err := spec.Read(c.File, c.Document, nil)
	if err != nil {
		return nil, err
	}
	return documentMutants(doc), nil
}

// documentMutator makes the mutants of a document, in the order of the file.
type documentMutator struct {
	doc     *spec.Document
	root    site // the document without prose
	mutants []DocumentMutant
}

func documentMutants(doc *spec.Document) []DocumentMutant {
	m := &documentMutator{doc: doc, root: site{node: withoutProse(doc.Root)}}
	m.walk(m.root, "document")
	return m.mutants
}

// walk applies the operators of a node's kind and then visits its members. It does not follow references: a component is
// mutated where it is defined.
func (m *documentMutator) walk(s site, k kind) {
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

// change records a mutant that edits the node of s. The pointer names the place of the change, which may be a member of s.
func (m *documentMutator) change(operator string, s site, pointer, change string, edit func(*spec.Node)) {
	m.mutants = append(m.mutants, DocumentMutant{
		Mutant: Mutant{Of: "document " + m.doc.Name, Operator: operator, Pointer: pointer, Change: change, Place: m.place(pointer)},
		root:   func() *spec.Node { return edited(m.root.node, s.path, edit) },
	})
}

// place is the file and line of the node at a pointer. For a node that the mutant adds it is that of the nearest parent.
func (m *documentMutator) place(pointer string) string {
	for {
		if n := m.doc.Root.At(pointer); n != nil {
			return n.Place().String()
		}
		pointer = pointer[:strings.LastIndexByte(pointer, '/')]
	}
}

// drop removes a key, if it exists, or an element.
func (m *documentMutator) drop(operator string, s site, key string) {
	if s.node.Kind == spec.Array || s.has(key) {
		m.change(operator, s, pointer.Join(s.pointer, key), "", func(n *spec.Node) { remove(n, key) })
	}
}

// dropEach makes an operator that removes one key or element at a time.
func dropEach(operator string) func(*documentMutator, site) {
	return func(m *documentMutator, s site) {
		for _, e := range s.entries() {
			m.drop(operator, s, e.key)
		}
	}
}

// set sets a key, which may be new.
func (m *documentMutator) set(operator string, s site, key string, value *spec.Node) {
	m.change(operator, s, pointer.Join(s.pointer, key), value.Text, func(n *spec.Node) { put(n, key, value) })
}

// transform changes a text. It makes no mutant if there is no text at the key, or if it stays the same.
func (m *documentMutator) transform(operator string, s site, key string, change func(string) string) {
	child, ok := s.at(key)
	if !ok || !isScalar(child.node) {
		return
	}
	if changed := change(child.node.Text); changed != child.node.Text {
		m.set(operator, s, key, scalar(changed))
	}
}

// flip negates a boolean, which is false by default.
func (m *documentMutator) flip(operator string, s site, key string) {
	m.set(operator, s, key, boolean(s.text(key) != "true"))
}

// rename gives a key another name, unless that exists.
func (m *documentMutator) rename(operator string, s site, key, name string) {
	if s.has(name) {
		return
	}
	m.change(operator, s, pointer.Join(s.pointer, key), name, func(n *spec.Node) { rename(n, key, name) })
}

// add appends an element to a list.
func (m *documentMutator) add(operator string, s site, value *spec.Node) {
	m.change(operator, s, s.pointer, value.Text, func(n *spec.Node) { n.Items = append(n.Items, value) })
}

// replace replaces an element by a text.
func (m *documentMutator) replace(operator string, e site, text string) {
	m.change(operator, e, e.pointer, text, func(n *spec.Node) { *n = *scalar(text) })
}

// otherKeywords drops each key that no operator of the kind changes, so that a new keyword is never forgotten.
func (m *documentMutator) otherKeywords(s site, known ...string) {
	for _, e := range s.entries() {
		if _, prose := unmutated[e.key]; !prose && !slices.Contains(known, e.key) {
			m.drop("other keyword dropped", s, e.key)
		}
	}
}

// reference refers to the next component of the same kind.
func (m *documentMutator) reference(s site) {
	components, name := path.Split(strings.TrimPrefix(s.text("$ref"), "#"))
	components, name = strings.TrimSuffix(components, "/"), pointer.Unescape(name)
	if other := nextKey(m.root.node.At(components), name); other != name {
		m.set("reference swapped", s, "$ref", scalar("#"+pointer.Join(components, other)))
	}
}

// nextKey is the key after another one, in a circle. It is the same key if the object does not have it.
func nextKey(n *spec.Node, key string) string {
	if n == nil {
		return key
	}
	i := index(n, key)
	if i < 0 {
		return key
	}
	return n.Members[(i+1)%len(n.Members)].Name
}
