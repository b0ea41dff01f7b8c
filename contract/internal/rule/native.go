package rule

import (
	"slices"

	celast "cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/overloads"
	"cel.dev/cel-go/common/types"
)

// Most rules need a small part of CEL: they select members, compare scalars and loop over lists. That part is
// compiled into closures over the exchange as the judge holds it. Nothing is converted, and only computed lists are
// allocated. Each node of the expression becomes a closure that calls those of its children. The rule
//
//	self.min <= self.max
//
// becomes, with error handling left out,
//
//	min := func(v *Variables) operand { return fromMember(v.Self.part.Member("min")) }
//	max := func(v *Variables) operand { return fromMember(v.Self.part.Member("max")) }
//	test := func(v *Variables) truth { return truthOf(compare(min(v), max(v)) <= 0) }
//
// The closures need not support all of CEL, since there is a third result besides yes and no. They return unknown for
// everything that they do not support: an error such as a missing member, a comparison of two lists, or more than
// nativeSteps. Then cel-go evaluates the whole expression from the beginning. So the closures must never be wrong,
// only unknown.
type (
	test  func(*Variables) truth   // an expression that is true or false
	value func(*Variables) operand // an expression of any type
)

// truth is the result of a test. The zero value is unknown.
type truth uint8

const (
	unknown truth = iota // cel-go has to evaluate the expression
	no
	yes
)

// truthOf returns yes for true.
func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

const (
	// nativeSteps bounds the closures to a tenth of maxSteps, with steps that are at least as large as those of cel-go. So an
	// expression that takes too many steps still ends with the error of cel-go, and not much later.
	nativeSteps = maxSteps / 10

	bytesAStep = 10 // bytes of text that count as one step
	maxLoops   = 4  // nesting depth of loops
)

// compiler compiles the parts of one expression to closures.
type compiler struct {
	loops []string // the variables of the loops around the current part, innermost last
	nodes int      // nodes compiled so far, which bound the steps of a loop's body
}

// newNative compiles an expression. Parts that are not supported compile to closures that return unknown.
func newNative(root celast.Expr) test { return (&compiler{}).test(root) }

// test compiles an expression that is used as a condition.
func (c *compiler) test(e celast.Expr) test {
	if t := c.ownTest(e); t != nil {
		return t
	}
	of := c.value(e)
	return func(v *Variables) truth {
		if o := of(v); o.kind == boolean {
			return truthOf(o.number == 1)
		}
		return unknown
	}
}

// ownTest compiles an expression whose operator always gives true or false, such as ==. It returns nil for any
// other expression.
func (c *compiler) ownTest(e celast.Expr) test {
	switch e.Kind() {
	case celast.SelectKind:
		if e.AsSelect().IsTestOnly() {
			c.nodes++
			return c.has(e.AsSelect())
		}
	case celast.ComprehensionKind:
		return c.quantifier(e.AsComprehension())
	case celast.CallKind:
		c.nodes++
		args := operands(e.AsCall())
		switch name := e.AsCall().FunctionName(); name {
		case operators.LogicalAnd, operators.LogicalOr:
			return c.logic(name, args)
		case operators.LogicalNot:
			of := c.test(args[0])
			return func(v *Variables) truth { return negated(of(v)) }
		case operators.Equals:
			return c.equality(args)
		case operators.NotEquals:
			same := c.equality(args)
			return func(v *Variables) truth { return negated(same(v)) }
		case operators.Less:
			return c.order(args, func(order int) bool { return order < 0 })
		case operators.LessEquals:
			return c.order(args, func(order int) bool { return order <= 0 })
		case operators.Greater:
			return c.order(args, func(order int) bool { return order > 0 })
		case operators.GreaterEquals:
			return c.order(args, func(order int) bool { return order >= 0 })
		case operators.In:
			return c.in(args)
		case overloads.Matches, overloads.StartsWith, overloads.EndsWith, overloads.Contains:
			return c.text(name, args)
		}
		c.nodes--
	}
	return nil
}

// operands returns the arguments of a call. The target of a method comes first.
func operands(call celast.CallExpr) []celast.Expr {
	if call.IsMemberFunction() {
		return append([]celast.Expr{call.Target()}, call.Args()...)
	}
	return call.Args()
}

// negated returns the result of ! for a truth.
func negated(t truth) truth {
	if t == unknown {
		return unknown
	}
	return truthOf(t == no)
}

// logic compiles && and ||. An unknown first operand makes the result unknown, even where CEL could decide by the
// second.
func (c *compiler) logic(operator string, args []celast.Expr) test {
	neutral := yes // the first operand with this result leaves the decision to the second
	if operator == operators.LogicalOr {
		neutral = no
	}
	left, right := c.test(args[0]), c.test(args[1])
	return func(v *Variables) truth {
		if first := left(v); first != neutral {
			return first
		}
		return right(v)
	}
}

// equality compiles ==. Two members of bodies, the usual case, are compared without making operands.
func (c *compiler) equality(args []celast.Expr) test {
	if a, b := c.accessor(args[0]), c.accessor(args[1]); a != nil && b != nil {
		return func(v *Variables) truth { return equalJSON(v, a(v), b(v)) }
	}
	left, right := c.value(args[0]), c.value(args[1])
	return func(v *Variables) truth { return equal(v, left(v), right(v)) }
}

// order compiles <, <=, > and >=.
func (c *compiler) order(args []celast.Expr, holds func(order int) bool) test {
	left, right := c.value(args[0]), c.value(args[1])
	return func(v *Variables) truth {
		order, ok := compare(left(v), right(v))
		if !ok {
			return unknown
		}
		return truthOf(holds(order))
	}
}

// in compiles the search of a value in a list or of a name in a map. A literal name, or a list of literal strings,
// is prepared once.
func (c *compiler) in(args []celast.Expr) test {
	all := c.value(args[1])
	if name, ok := literalText(args[0]); ok {
		k := newKey(name)
		return func(v *Variables) truth {
			in := all(v)
			if in.kind.typeOf() != object {
				return v.in(fromText(name), in)
			}
			_, found := v.lookup(in, k)
			return found
		}
	}
	needle := c.value(args[0])
	if set, ok := literalTexts(args[1]); ok {
		c.nodes += len(set)
		return func(v *Variables) truth {
			switch o := needle(v); o.kind {
			case none:
				return unknown
			case text:
				return truthOf(slices.Contains(set, o.text))
			}
			return no
		}
	}
	return func(v *Variables) truth { return v.in(needle(v), all(v)) }
}

// has compiles has(map.member).
func (c *compiler) has(s celast.SelectExpr) test {
	if part := c.partOf(s.Operand(), s.FieldName()); part != nil {
		return func(v *Variables) truth { return truthOf(part(v).kind != none) }
	}
	of, k := c.value(s.Operand()), newKey(s.FieldName())
	return func(v *Variables) truth {
		_, found := v.lookup(of(v), k)
		return found
	}
}

// literalText returns the value of a string literal.
func literalText(e celast.Expr) (string, bool) {
	if e.Kind() != celast.LiteralKind {
		return "", false
	}
	s, ok := e.AsLiteral().(types.String)
	return string(s), ok
}

// literalTexts returns the elements of a list that has only string literals.
func literalTexts(e celast.Expr) (set []string, ok bool) {
	if e.Kind() != celast.ListKind {
		return nil, false
	}
	for _, element := range e.AsList().Elements() {
		s, ok := literalText(element)
		if !ok {
			return nil, false
		}
		set = append(set, s)
	}
	return set, true
}
