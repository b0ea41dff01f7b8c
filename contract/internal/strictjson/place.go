package strictjson

import (
	"strconv"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/pointer"
)

// Index gives the place of the value in its text. The parts of a value v have the places from v.Index() up to, but not
// including, v.Index()+v.Size().
func (v Value) Index() int { return int(v.index) }

// PointerTo gives the JSON pointer that leads from the value to a part of it. It takes time for all members and elements on
// the way, so that no value has to remember its pointer.
func (v Value) PointerTo(part Value) string {
	var b strings.Builder
	for v.index < part.index {
		v = v.towards(part, &b)
	}
	return b.String()
}

// towards gives the member or element that holds the part, and writes its token.
func (v Value) towards(part Value, b *strings.Builder) Value {
	b.WriteByte('/')
	for i, element := range v.Elements() {
		if part.index < element.node().end {
			b.WriteString(strconv.Itoa(i))
			return element
		}
	}
	for name, member := range v.Members() {
		if part.index < member.node().end {
			b.WriteString(pointer.Escape(name))
			return member
		}
	}
	return part
}
