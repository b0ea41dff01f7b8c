package strictjson

import (
	"strconv"

	"github.com/quotaspec/quotaspec/contract/internal/pointer"
)

// Index returns the index of the value's node, which is unique within one text. The parts of v have indices from v.Index() up
// to, but not including, v.Index()+v.Size().
func (v Value) Index() int { return int(v.index) }

// PointerTo returns the JSON pointer from the value to one of its parts. It searches the members and elements on the way
// down, so values need not store their pointers, which only reports use.
func (v Value) PointerTo(part Value) string {
	at := ""
	for v.index < part.index {
		name, next := v.stepTowards(part)
		at, v = pointer.Join(at, name), next
	}
	return at
}

// stepTowards returns the member or element that contains the part, and its name or index.
func (v Value) stepTowards(part Value) (name string, next Value) {
	for i, element := range v.Elements() {
		if part.index < element.node().end {
			return strconv.Itoa(i), element
		}
	}
	for name, member := range v.Members() {
		if part.index < member.node().end {
			return name, member
		}
	}
	return "", part
}

// At returns the part that a JSON pointer leads to; no value if there is none.
func (v Value) At(p string) Value {
	for name := range pointer.Names(p) {
		if v.Kind() == Object {
			v = v.Member(name)
			continue
		}
		v = v.element(name)
	}
	return v
}

// element returns the element whose index is a token of a pointer.
func (v Value) element(token string) Value {
	if index, ok := pointer.Index(token); ok {
		for i, element := range v.Elements() {
			if i == index {
				return element
			}
		}
	}
	return Value{}
}
