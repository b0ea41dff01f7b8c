package rule

import (
	"slices"

	celast "cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
)

// The rules of a schema mostly compare a few members of self with each other and with literals. While they are compiled, each
// member that one of them selects gets a slot. Before the first of them is evaluated, one walk over the members of the value
// fills the slots, and the closures read from there:
//
//	rules    self.min <= self.max       has(self.used) ? self.used >= 0 : true
//	slots    0: min, 1: max, 2: used
//	value    {"max": 5, "min": 1}
//	filled   1, 5, none
//
// Members beyond maxSlots are searched at each use, like those of other objects.

// maxSlots is how many members of self have a slot.
const maxSlots = 16

// slots are the members of a value.
type slots struct {
	isObject bool // self is an object
	values   [maxSlots]operand
}

// fill reads the members of self that a group selects. As members usually have the order in which rules and documents name them,
// the search for a name begins after the last one that was found.
func (v *Variables) fill(g *Group) {
	s := &v.slots
	values := s.values[:len(g.members)]
	for i := range values {
		values[i].kind = none
	}
	s.isObject = v.Self.part.Kind() == strictjson.Object
	next := 0
	for name, member := range v.Self.part.Members() {
		v.Work++
		for range values {
			at := next
			if next++; next == len(values) {
				next = 0
			}
			if g.members[at] == name {
				values[at].setJSON(member)
				break
			}
		}
	}
}

// slot returns the slot of a member of self that an expression selects; -1 if it selects anything else.
func (c *compiler) slot(e celast.Expr) int {
	switch e.Kind() {
	case celast.SelectKind:
		if s := e.AsSelect(); !s.IsTestOnly() {
			return c.slotOf(s.Operand(), s.FieldName())
		}
	case celast.CallKind:
		if call := e.AsCall(); call.FunctionName() == operators.Index {
			if name, ok := literalText(call.Args()[1]); ok {
				return c.slotOf(call.Args()[0], name)
			}
		}
	}
	return -1
}

// slotOf returns the slot of a member, if the object is self and there is a slot left. Otherwise it returns -1.
func (c *compiler) slotOf(object celast.Expr, name string) int {
	isSelf := object.Kind() == celast.IdentKind && object.AsIdent() == "self" && c.loop("self") < 0
	if !isSelf {
		return -1
	}
	at := slices.Index(*c.members, name)
	if at < 0 && len(*c.members) < maxSlots {
		at = len(*c.members)
		*c.members = append(*c.members, name)
	}
	return at
}

// source is where a closure finds an operand: in a slot, in the rule itself, or by another closure.
type source struct {
	slot    int      // -1: none
	literal *operand // nothing: none
	value   value    // for all of them
}

func (s source) isSlot() bool { return s.slot >= 0 }

func (s source) isLiteral() bool { return s.literal.kind != none }

// source compiles an expression of any type.
func (c *compiler) source(e celast.Expr) source {
	s := source{slot: c.slot(e), literal: nothing, value: c.value(e)}
	if e.Kind() == celast.LiteralKind {
		s.literal = fromLiteral(e.AsLiteral())
	}
	return s
}
