package schema

import "github.com/quotaspec/quotaspec/contract/internal/strictjson"

// marks are the indices of the members or elements of one value that a schema describes, which unevaluatedProperties and
// unevaluatedItems leave alone: one bit for each. They are nil where nobody wants to know.
type marks = *markSet

type markSet struct{ words []uint64 }

// add notes an index.
func (m *markSet) add(i int) {
	if m == nil {
		return
	}
	for i/64 >= len(m.words) {
		m.words = append(m.words, 0)
	}
	m.words[i/64] |= 1 << (i % 64)
}

// addAll notes the indices that others have.
func (m *markSet) addAll(others marks) {
	for i, word := range others.words {
		if i == len(m.words) {
			m.words = append(m.words, others.words[i:]...)
			return
		}
		m.words[i] |= word
	}
}

// has says whether an index was noted.
func (m *markSet) has(i int) bool { return i/64 < len(m.words) && m.words[i/64]&(1<<(i%64)) != 0 }

// size gives the bytes that the marks take.
func (m *markSet) size() int {
	if m == nil {
		return 0
	}
	return 8 * len(m.words)
}

// unevaluated checks the members or elements that nothing else describes.
func (v *visitor) unevaluated(c *Checker, at strictjson.Value, m marks) bool {
	ok := true
	if rest := c.unevaluatedProperties; rest != nil {
		i := 0
		for name, member := range at.Members() {
			if !m.has(i) {
				m.add(i)
				if !v.rest(c, rest, "unevaluatedProperties", member, step{name, -1}) && v.stop(&ok) {
					return false
				}
			}
			i++
		}
	}
	if rest := c.unevaluatedItems; rest != nil {
		for i, element := range at.Elements() {
			if !m.has(i) {
				m.add(i)
				if !v.rest(c, rest, "unevaluatedItems", element, step{"", i}) && v.stop(&ok) {
					return false
				}
			}
		}
	}
	return ok
}

// rest checks one part that nothing else describes. That there must be none is said of the schema that has the keyword.
func (v *visitor) rest(c, rest *Checker, keyword string, part strictjson.Value, at step) bool {
	if !rest.takesNone {
		return v.child(rest, part, at)
	}
	ok := true
	v.failPart(c, keyword, at, part, &ok)
	return false
}
