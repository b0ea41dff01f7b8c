package strictjson

import (
	"strconv"

	"github.com/quotaspec/quotaspec/contract/internal/pointer"
)

// Index gives the place of the value in its text. The parts of a value v have the places from v.Index() up to, but not
// including, v.Index()+v.Size().
func (v Value) Index() int { return int(v.index) }

// PointerTo gives the JSON pointer that leads from the value to a part of it. It takes time for all members and elements on
// the way, so that no value has to remember its pointer.
func (v Value) PointerTo(part Value) string {
	at := ""
	for v.index < part.index {
		name, next := v.towards(part)
		at, v = pointer.Join(at, name), next
	}
	return at
}

// towards gives the member or element that holds the part, and its name or index.
func (v Value) towards(part Value) (name string, next Value) {
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
