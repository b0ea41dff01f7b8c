package rule

import (
	"net/textproto"
	"strings"
	"unicode/utf8"
)

// This file finds members and elements for the closures. An operand may be a part of a body, the query, the headers, the values
// of one of these, or a list that the rule computed; lookup, element and each hide the difference. What they search costs
// steps:
//
//	response.body.items[2]    as many steps as items has elements
//
// An index or a name that is not there gives the zero operand, with which the closures end as unknown. Only cel-go makes
// errors.

// key is the name of a member or header in a rule.
type key struct {
	name      string
	canonical string // the usual spelling as a header; "" if that is not the name in lower case
}

func newKey(name string) key {
	if canonical := textproto.CanonicalMIMEHeaderKey(name); lowersTo(canonical, name) {
		return key{name, canonical}
	}
	return key{name, ""}
}

// lookup returns a member of a map, or the zero operand if there is none.
func (v *Variables) lookup(of operand, k key) operand {
	switch of.kind {
	case object:
		v.steps -= of.json.Len()
		if m := of.json.Member(k.name); m.Exists() {
			return fromJSON(m)
		}
	case query:
		if _, ok := v.Request.Query[k.name]; ok {
			return operand{kind: texts, text: k.name}
		}
	case headers:
		if name, ok := v.header(of, k); ok {
			return operand{kind: texts, number: of.number, text: name}
		}
	}
	return operand{}
}

// has reports whether a map has a member. If the operand is not a map, the result is unknown.
func (v *Variables) has(of operand, k key) truth {
	switch of.kind {
	case object:
		v.steps -= of.json.Len()
		return truthOf(of.json.Member(k.name).Exists())
	case query:
		_, ok := v.Request.Query[k.name]
		return truthOf(ok)
	case headers:
		_, ok := v.header(of, k)
		return truthOf(ok)
	}
	return unknown
}

// header returns the name of a header as it was sent. Rules see header names in lower case. The canonical spelling is one map
// access; only for other spellings all headers are compared.
func (v *Variables) header(of operand, k key) (name string, ok bool) {
	all := v.fields(of)
	if _, ok := all[k.canonical]; ok && k.canonical != "" {
		return k.canonical, true
	}
	v.steps -= len(all)
	for name := range all {
		if lowersTo(name, k.name) {
			return name, true
		}
	}
	return "", false
}

// lowersTo reports whether strings.ToLower(name) equals lower, without allocation for ASCII.
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

// element returns an element of a list, or the zero operand if there is none.
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
		if all := v.fields(of)[of.text]; 0 <= index && index < int64(len(all)) {
			return fromText(all[index])
		}
	case computed:
		if 0 <= index && index < int64(len(*of.list)) {
			return (*of.list)[index]
		}
	}
	return operand{}
}

// in searches the elements of a list or the names of a map.
func (v *Variables) in(needle, all operand) truth {
	if all.kind.typeOf() == object && needle.kind == text {
		return v.has(all, key{name: needle.text})
	}
	if all.kind.typeOf() != array || needle.kind == none {
		return unknown
	}
	found := no
	ok := v.each(all, func(element operand) bool {
		found = equal(v, needle, element)
		return found == no
	})
	if !ok {
		return unknown
	}
	return found
}

// each calls a function with the elements of a list or the names of an object, until it returns false. It reports
// whether the operand is such a container and the steps sufficed.
func (v *Variables) each(of operand, visit func(operand) bool) bool {
	switch of.kind {
	case array:
		for _, element := range of.json.Elements() {
			if v.steps--; v.steps < 0 || !visit(fromJSON(element)) {
				break
			}
		}
	case object:
		for name := range of.json.Members() {
			if v.steps--; v.steps < 0 || !visit(fromText(name)) {
				break
			}
		}
	case texts:
		for _, s := range v.fields(of)[of.text] {
			if v.steps--; v.steps < 0 || !visit(fromText(s)) {
				break
			}
		}
	case computed:
		for _, element := range *of.list {
			if v.steps--; v.steps < 0 || !visit(element) {
				break
			}
		}
	default:
		return false
	}
	return v.steps >= 0
}
