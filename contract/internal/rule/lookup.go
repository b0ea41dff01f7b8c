package rule

import (
	"net/textproto"
	"strings"
	"unicode/utf8"
)

// key is a name that is looked up in a map.
type key struct {
	name      string
	canonical string // how most senders write it in headers
}

func newKey(name string) key { return key{name, textproto.CanonicalMIMEHeaderKey(name)} }

// lookup finds the member of a map; yes, no, or unsure if it is no map.
func (v *Variables) lookup(of operand, k key) (member operand, found answer) {
	switch of.kind {
	case object:
		v.steps -= of.json.Len()
		if m := of.json.Member(k.name); m.Exists() {
			return fromJSON(m), yes
		}
		return operand{}, no
	case query:
		_, ok := of.fields[k.name]
		return operand{kind: texts, fields: of.fields, text: k.name}, answerOf(ok)
	case headers:
		return v.header(of.fields, k)
	}
	return operand{}, unsure
}

// header finds a header by its name in lower case.
func (v *Variables) header(all fields, k key) (operand, answer) {
	if _, ok := all[k.canonical]; ok && lowersTo(k.canonical, k.name) {
		return operand{kind: texts, fields: all, text: k.canonical}, yes
	}
	v.steps -= len(all)
	for name := range all {
		if lowersTo(name, k.name) {
			return operand{kind: texts, fields: all, text: name}, yes
		}
	}
	return operand{}, no
}

// lowersTo reports whether strings.ToLower(name) gives lower.
func lowersTo(name, lower string) bool {
	for i := range len(name) {
		c := name[i]
		if c >= utf8.RuneSelf {
			return strings.ToLower(name) == lower
		}
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if i >= len(lower) || c != lower[i] {
			return false
		}
	}
	return len(name) == len(lower)
}

// element gives an element of a list; none if there is no such.
func (v *Variables) element(of operand, index int64) operand {
	switch of.kind {
	case array:
		v.steps -= of.json.Len()
		for i, element := range of.json.Elements() {
			if int64(i) == index {
				return fromJSON(element)
			}
		}
	case texts:
		if all := of.fields[of.text]; 0 <= index && index < int64(len(all)) {
			return fromText(all[index])
		}
	case made:
		if 0 <= index && index < int64(len(*of.list)) {
			return (*of.list)[index]
		}
	}
	return operand{}
}

// in searches the elements of a list or the names of a map.
func (v *Variables) in(needle, all operand) answer {
	if all.kind.typeOf() == object && needle.kind == text {
		_, found := v.lookup(all, key{name: needle.text})
		return found
	}
	if all.kind.typeOf() != array || needle.kind == none {
		return unsure
	}
	found := no
	ok := v.each(all, func(element operand) bool {
		found = equal(v, needle, element)
		return found == no
	})
	if !ok {
		return unsure
	}
	return found
}

// each goes through the elements of a list or the names of an object, and reports whether there was anything to go
// through and enough steps.
func (v *Variables) each(of operand, turn func(operand) bool) bool {
	switch of.kind {
	case array:
		for _, element := range of.json.Elements() {
			if v.steps--; v.steps < 0 || !turn(fromJSON(element)) {
				break
			}
		}
	case object:
		for name := range of.json.Members() {
			if v.steps--; v.steps < 0 || !turn(fromText(name)) {
				break
			}
		}
	case texts:
		for _, s := range of.fields[of.text] {
			if v.steps--; v.steps < 0 || !turn(fromText(s)) {
				break
			}
		}
	case made:
		for _, element := range *of.list {
			if v.steps--; v.steps < 0 || !turn(element) {
				break
			}
		}
	default:
		return false
	}
	return v.steps >= 0
}
