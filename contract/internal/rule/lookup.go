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

// lookup sets a member of a map. It returns nothing if there is none.
func (v *Variables) lookup(of *operand, k *key, to *operand) *operand {
	switch of.kind {
	case object:
		v.steps -= of.json.Len()
		if m := of.json.Member(k.name); m.Exists() {
			return to.setJSON(m)
		}
	case query:
		if _, ok := v.Request.Query[k.name]; ok {
			return to.setTexts(requestQuery, k.name)
		}
	case headers:
		if name, ok := v.header(of, k); ok {
			return to.setTexts(of.number, name)
		}
	}
	return nothing
}

// has reports whether a map has a member. If the operand is not a map, the result is unknown.
func (v *Variables) has(of *operand, k *key) truth {
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
func (v *Variables) header(of *operand, k *key) (name string, ok bool) {
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

// element sets an element of a list. It returns nothing if there is none.
func (v *Variables) element(of *operand, index int64, to *operand) *operand {
	switch of.kind {
	case array:
		v.steps -= of.json.Len()
		for i, element := range of.json.Elements() {
			if int64(i) == index {
				return to.setJSON(element)
			}
		}
	case texts:
		if all := v.fields(of)[of.text]; 0 <= index && index < int64(len(all)) {
			return to.setText(all[index])
		}
	case computed:
		if 0 <= index && index < int64(len(*of.list)) {
			return &(*of.list)[index]
		}
	}
	return nothing
}

// in searches the elements of a list or the names of a map.
func (v *Variables) in(needle, all *operand) truth {
	if all.kind.typeOf() == object && needle.kind == text {
		return v.has(all, &key{name: needle.text})
	}
	if all.kind.typeOf() != array || needle.kind == none {
		return unknown
	}
	if x := v.indexOf(all, listKey{}); x != nil {
		e, ok := x.first(v, needle)
		if !ok {
			return unknown
		}
		return truthOf(e != nil)
	}
	found := no
	var element operand
	ok := v.each(all, &element, func() bool {
		found = equal(v, needle, &element)
		return found == no
	})
	if !ok {
		return unknown
	}
	return found
}

// each sets an operand to each element of a list or each name of an object, and calls a function, until that returns false. It
// reports whether there is such a container and the steps sufficed.
func (v *Variables) each(of, element *operand, visit func() bool) bool {
	switch of.kind {
	case array:
		for _, value := range of.json.Elements() {
			element.setJSON(value)
			if v.steps--; v.steps < 0 || !visit() {
				break
			}
		}
	case object:
		for name := range of.json.Members() {
			element.setText(name)
			if v.steps--; v.steps < 0 || !visit() {
				break
			}
		}
	case texts:
		for _, s := range v.fields(of)[of.text] {
			element.setText(s)
			if v.steps--; v.steps < 0 || !visit() {
				break
			}
		}
	case computed:
		for i := range *of.list {
			*element = (*of.list)[i]
			if v.steps--; v.steps < 0 || !visit() {
				break
			}
		}
	default:
		return false
	}
	return v.steps >= 0
}
