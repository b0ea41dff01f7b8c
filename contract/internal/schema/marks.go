package schema

import "github.com/quotaspec/quotaspec/contract/internal/strictjson"

// marks record which members of an object, or elements of an array, some schema has evaluated. The keywords
// unevaluatedProperties and unevaluatedItems apply to the rest. Member i is bit i:
//
//	{allOf: [{properties: {a: {}}}], unevaluatedProperties: false}
//
// For {"b": 1, "a": 2} the visit of allOf sets bit 1, so the error is at /b. JSON Schema calls such results annotations. A
// schema contributes its marks only if it accepts the value, so each in-place schema collects its own (see visitor.apply).
//
// Most schemas are not inside a schema with such a keyword. There marks are nil, and all methods do nothing.
type marks struct{ words []uint64 }

// add sets the bit of a member or element.
func (m *marks) add(i int) {
	if m == nil {
		return
	}
	for i/64 >= len(m.words) {
		m.words = append(m.words, 0)
	}
	m.words[i/64] |= 1 << (i % 64)
}

// addAll sets the bits that others have set.
func (m *marks) addAll(others *marks) {
	for i, word := range others.words {
		if i == len(m.words) {
			m.words = append(m.words, others.words[i:]...)
			return
		}
		m.words[i] |= word
	}
}

// has reports whether a bit is set.
func (m *marks) has(i int) bool { return i/64 < len(m.words) && m.words[i/64]&(1<<(i%64)) != 0 }

// size returns the bytes of memory in use.
func (m *marks) size() int {
	if m == nil {
		return 0
	}
	return 8 * len(m.words)
}

// unevaluated checks the members or elements that no other keyword has evaluated.
func (v *visitor) unevaluated(c *Checker, value strictjson.Value, m *marks) bool {
	ok := true
	if rest := c.unevaluatedProperties; rest != nil {
		i := 0
		for name, member := range value.Members() {
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
		for i, element := range value.Elements() {
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

// rest checks one such part. If the keyword is false, the error belongs to the schema that has the keyword.
func (v *visitor) rest(c, rest *Checker, keyword string, part strictjson.Value, at step) bool {
	if !rest.acceptsNone {
		return v.child(rest, part, at)
	}
	ok := true
	v.failPart(c, keyword, at, part, &ok)
	return false
}
