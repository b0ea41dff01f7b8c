package schema

import "github.com/quotaspec/quotaspec/contract/internal/strictjson"

// marks are the indices of the members or elements of one value that a schema describes, which unevaluatedProperties and
// unevaluatedItems leave alone.
type marks struct {
	first uint64 // of the indices up to 63
	more  []uint64
}

// add notes an index. Where nobody wants to know, m is nil.
func (m *marks) add(i int) {
	if m == nil {
		return
	}
	if i < 64 {
		m.first |= 1 << i
		return
	}
	for word := i/64 - 1; word >= len(m.more); {
		m.more = append(m.more, 0)
	}
	m.more[i/64-1] |= 1 << (i % 64)
}

func (m *marks) has(i int) bool {
	if i < 64 {
		return m.first&(1<<i) != 0
	}
	word := i/64 - 1
	return word < len(m.more) && m.more[word]&(1<<(i%64)) != 0
}

func (m *marks) merge(other *marks) {
	m.first |= other.first
	for len(m.more) < len(other.more) {
		m.more = append(m.more, 0)
	}
	for i, word := range other.more {
		m.more[i] |= word
	}
}

// unevaluated checks the members or elements that nothing else describes.
func (v *visitor) unevaluated(c *Checker, at strictjson.Value, m *marks) bool {
	ok := true
	if rest := c.unevaluatedProperties; rest != nil {
		i := 0
		for name, member := range at.Members() {
			if !m.has(i) {
				m.add(i)
				if !v.rest(c, rest, "unevaluatedProperties", member, name, -1) && v.stop(&ok) {
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
				if !v.rest(c, rest, "unevaluatedItems", element, "", i) && v.stop(&ok) {
					return false
				}
			}
		}
	}
	return ok
}

// rest checks one part that nothing else describes. That there must be none is said of the schema that has the keyword.
func (v *visitor) rest(c, rest *Checker, keyword string, part strictjson.Value, name string, index int) bool {
	if !rest.takesNone {
		return v.child(rest, part, name, index)
	}
	ok := true
	if v.goesOn() {
		v.path = append(v.path, step{name, index})
		v.fail(c, keyword, part, &ok)
		v.path = v.path[:len(v.path)-1]
	}
	return false
}
