package schema

import "github.com/quotaspec/quotaspec/contract/internal/strictjson"

// marks are the indices of the members or elements of one value that a schema describes, which unevaluatedProperties and
// unevaluatedItems leave alone. They are nil where nobody wants to know.
type marks map[int]bool

// add notes an index.
func (m marks) add(i int) {
	if m != nil {
		m[i] = true
	}
}

// unevaluated checks the members or elements that nothing else describes.
func (v *visitor) unevaluated(c *Checker, at strictjson.Value, m marks) bool {
	ok := true
	if rest := c.unevaluatedProperties; rest != nil {
		i := 0
		for name, member := range at.Members() {
			if !m[i] {
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
			if !m[i] {
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
