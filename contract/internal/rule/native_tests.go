package rule

import (
	celast "cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/overloads"
	"cel.dev/cel-go/common/types"
)

// This file compiles comparisons, has and in. Each has a general closure for operands of any origin, and shorter ones for what
// rules about values mostly do: comparing a slot with a slot or a literal.

// orders is a set of results of a comparison: those with which it holds.
type orders uint8

const (
	less orders = 1 << iota
	same
	more
)

// mirrored returns the set for exchanged operands.
func (s orders) mirrored() orders { return s&same | s&less<<2 | s&more>>2 }

// ofInts compares two integers.
func (s orders) ofInts(a, b int64) truth {
	result := same
	switch {
	case a < b:
		result = less
	case a > b:
		result = more
	}
	return truthOf(s&result != 0)
}

// of compares two operands.
func (s orders) of(a, b *operand) truth {
	if a.kind == integer && b.kind == integer {
		return s.ofInts(a.number, b.number)
	}
	order, ok := compare(a, b)
	if !ok {
		return unknown
	}
	return truthOf(s&(less<<(order+1)) != 0)
}

// order compiles <, <=, > and >=.
func (c *compiler) order(args []celast.Expr, holds orders) test {
	a, b := c.source(args[0]), c.source(args[1])
	if a.isLiteral() {
		a, b, holds = b, a, holds.mirrored()
	}
	switch {
	case a.isSlot() && b.isSlot():
		return func(v *Variables) truth {
			a, b := &v.slots.values[a.slot], &v.slots.values[b.slot]
			if a.kind == integer && b.kind == integer {
				return holds.ofInts(a.number, b.number)
			}
			return holds.of(a, b)
		}
	case a.isSlot() && b.literal.kind == integer:
		slot, number, literal := a.slot, b.literal.number, b.literal
		return func(v *Variables) truth {
			a := &v.slots.values[slot]
			if a.kind == integer {
				return holds.ofInts(a.number, number)
			}
			return holds.of(a, literal)
		}
	}
	return func(v *Variables) truth { return holds.of(a.value(v), b.value(v)) }
}

// equality compiles ==.
func (c *compiler) equality(args []celast.Expr) test {
	for i := range args {
		if t := c.typeEquality(args[i], args[1-i]); t != nil {
			return t
		}
	}
	a, b := c.source(args[0]), c.source(args[1])
	if a.isLiteral() {
		a, b = b, a
	}
	switch {
	case a.isSlot() && b.literal.kind == text:
		slot, literal := a.slot, b.literal.text
		return func(v *Variables) truth {
			switch a := &v.slots.values[slot]; a.kind {
			case text:
				return truthOf(a.text == literal)
			case none:
				return unknown
			}
			return no
		}
	case a.isSlot() && b.isLiteral():
		slot, literal := a.slot, b.literal
		return func(v *Variables) truth {
			a := &v.slots.values[slot]
			if a.kind == literal.kind && (a.kind == null || a.kind == integer && a.number == literal.number) {
				return yes
			}
			return equal(v, a, literal)
		}
	case b.literal.kind == text:
		get, literal := a.value, b.literal.text
		return func(v *Variables) truth {
			switch a := get(v); a.kind {
			case text:
				return truthOf(a.text == literal)
			case none:
				return unknown
			}
			return no
		}
	}
	return func(v *Variables) truth { return equal(v, a.value(v), b.value(v)) }
}

// typeEquality compiles type(x) == int, and the like. It returns nil for any other comparison.
func (c *compiler) typeEquality(call, name celast.Expr) test {
	if !isCall(call, overloads.TypeConvertType) || name.Kind() != celast.IdentKind || c.loop(name.AsIdent()) >= 0 {
		return nil
	}
	want, ok := typeNames[name.AsIdent()]
	if !ok {
		return nil
	}
	c.nodes++
	of := c.source(call.AsCall().Args()[0])
	if !of.isSlot() {
		return func(v *Variables) truth { return isOfType(of.value(v).kind, want) }
	}
	return func(v *Variables) truth { return isOfType(v.slots.values[of.slot].kind, want) }
}

// isOfType reports whether a kind has a CEL type. The type of a type is left to cel-go.
func isOfType(k, want kind) truth {
	if k == none || k == typeName {
		return unknown
	}
	return truthOf(k.typeOf() == want)
}

// in compiles the search of a value in a list or of a name in a map. A literal name, or a list of literal strings,
// is prepared once.
func (c *compiler) in(args []celast.Expr) test {
	all, needle := c.source(args[1]), c.source(args[0])
	if needle.literal.kind == text {
		if t := c.inObject(args, needle.literal, all); t != nil {
			return t
		}
	}
	set, ok := newTextSet(args[1])
	if !ok {
		return func(v *Variables) truth { return v.in(needle.value(v), all.value(v)) }
	}
	c.nodes += args[1].AsList().Size()
	if !needle.isSlot() {
		return func(v *Variables) truth { return set.in(needle.value(v)) }
	}
	return func(v *Variables) truth { return set.in(&v.slots.values[needle.slot]) }
}

// inObject compiles the search of a literal name, which usually is in an object.
func (c *compiler) inObject(args []celast.Expr, literal *operand, all source) test {
	if args[1].Kind() == celast.IdentKind && args[1].AsIdent() == "self" {
		if slot := c.slotOf(args[1], literal.text); slot >= 0 {
			return func(v *Variables) truth {
				if v.slots.isObject {
					return truthOf(v.slots.values[slot].kind != none)
				}
				return v.in(literal, all.value(v))
			}
		}
	}
	k := newKey(literal.text)
	return func(v *Variables) truth {
		in := all.value(v)
		if in.kind.typeOf() != object {
			return v.in(literal, in)
		}
		return v.has(in, &k)
	}
}

// has compiles has(map.member).
func (c *compiler) has(s celast.SelectExpr) test {
	if part := c.partOf(s.Operand(), s.FieldName()); part != nil {
		return func(v *Variables) truth { return truthOf(part(v).kind != none) }
	}
	if slot := c.slotOf(s.Operand(), s.FieldName()); slot >= 0 {
		return func(v *Variables) truth {
			if !v.slots.isObject {
				return unknown
			}
			return truthOf(v.slots.values[slot].kind != none)
		}
	}
	of, k := c.value(s.Operand()), newKey(s.FieldName())
	return func(v *Variables) truth { return v.has(of(v), &k) }
}

// textSet is a list of literal texts, by their length.
type textSet [][]string

// newTextSet makes a set of a list that has only string literals.
func newTextSet(e celast.Expr) (set textSet, ok bool) {
	if e.Kind() != celast.ListKind {
		return nil, false
	}
	for _, element := range e.AsList().Elements() {
		s, ok := literalText(element)
		if !ok {
			return nil, false
		}
		for len(set) <= len(s) {
			set = append(set, nil)
		}
		set[len(s)] = append(set[len(s)], s)
	}
	return set, true
}

// in reports whether the set has an operand.
func (s textSet) in(o *operand) truth {
	switch {
	case o.kind == none:
		return unknown
	case o.kind != text || len(o.text) >= len(s):
		return no
	}
	for _, t := range s[len(o.text)] {
		if t == o.text {
			return yes
		}
	}
	return no
}

// literalText returns the value of a string literal.
func literalText(e celast.Expr) (string, bool) {
	if e.Kind() != celast.LiteralKind {
		return "", false
	}
	s, ok := e.AsLiteral().(types.String)
	return string(s), ok
}

// isCall reports whether an expression is a call of a function or operator.
func isCall(e celast.Expr, function string) bool {
	return e.Kind() == celast.CallKind && e.AsCall().FunctionName() == function
}
