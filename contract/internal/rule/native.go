package rule

import (
	"slices"

	celast "cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/overloads"
	"cel.dev/cel-go/common/types"
)

// Most rules need a small part of CEL: they select members, compare scalars and go through lists. That part is compiled
// into functions over the exchange as the judge keeps it, so nothing is converted and nothing allocated. The rule
//
//	self.min <= self.max
//
// becomes a test of two values, each of which looks up a member of v.Self. Whatever these functions do not know, such as
// an error, a comparison of lists, or more than nativeSteps, makes the whole evaluation unsure, and CEL evaluates the
// expression from its beginning. So CEL alone says what an error is.
type (
	test  func(*Variables) answer
	value func(*Variables) operand
)

// answer is what a test gives. The zero answer is none.
type answer uint8

const (
	unsure answer = iota // CEL has to evaluate the expression
	no
	yes
)

func answerOf(b bool) answer {
	if b {
		return yes
	}
	return no
}

const (
	// nativeSteps bounds an evaluation without CEL to a small part of what maxSteps allows, with steps that are no smaller
	// than those of CEL. So an expression that takes too many steps ends with the same error as without this evaluation,
	// and not much later.
	nativeSteps = maxSteps / 10
	bytesAStep  = 10 // how much of a text is visited in a step
	maxLoops    = 4  // one in the other
)

// compiler compiles the parts of one expression.
type compiler struct {
	loops []string // the variables of the loops around what is compiled, innermost last
	nodes int      // so far
}

// newNative compiles an expression. What is unknown in it gives no answer when it is reached.
func newNative(root celast.Expr) test { return (&compiler{}).test(root) }

// test compiles an expression that is true or false.
func (c *compiler) test(e celast.Expr) test {
	if t := c.ownTest(e); t != nil {
		return t
	}
	of := c.value(e)
	return func(v *Variables) answer {
		if o := of(v); o.kind == boolean {
			return answerOf(o.number == 1)
		}
		return unsure
	}
}

// ownTest compiles an expression that gives true or false whatever its parts are; nil for any other.
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
			return func(v *Variables) answer { return negated(of(v)) }
		case operators.Equals:
			return c.equality(args)
		case operators.NotEquals:
			same := c.equality(args)
			return func(v *Variables) answer { return negated(same(v)) }
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

// operands are the arguments of a call, what it is called on first.
func operands(call celast.CallExpr) []celast.Expr {
	if call.IsMemberFunction() {
		return append([]celast.Expr{call.Target()}, call.Args()...)
	}
	return call.Args()
}

func negated(a answer) answer {
	switch a {
	case yes:
		return no
	case no:
		return yes
	}
	return unsure
}

// logic compiles && and ||: the first part with the deciding answer ends it.
func (c *compiler) logic(operator string, args []celast.Expr) test {
	goesOn := yes
	if operator == operators.LogicalOr {
		goesOn = no
	}
	left, right := c.test(args[0]), c.test(args[1])
	return func(v *Variables) answer {
		if first := left(v); first != goesOn {
			return first
		}
		return right(v)
	}
}

// equality compiles ==.
func (c *compiler) equality(args []celast.Expr) test {
	if a, b := c.place(args[0]), c.place(args[1]); a != nil && b != nil {
		return func(v *Variables) answer { return equalPlaces(v, a(v), b(v)) }
	}
	left, right := c.value(args[0]), c.value(args[1])
	return func(v *Variables) answer { return equal(v, left(v), right(v)) }
}

func (c *compiler) order(args []celast.Expr, holds func(order int) bool) test {
	left, right := c.value(args[0]), c.value(args[1])
	return func(v *Variables) answer {
		order, ok := compare(left(v), right(v))
		if !ok {
			return unsure
		}
		return answerOf(holds(order))
	}
}

// in compiles the search in a list or a map.
func (c *compiler) in(args []celast.Expr) test {
	all := c.value(args[1])
	if name, ok := literalText(args[0]); ok {
		k := newKey(name)
		return func(v *Variables) answer {
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
		return func(v *Variables) answer {
			switch o := needle(v); o.kind {
			case none:
				return unsure
			case text:
				return answerOf(slices.Contains(set, o.text))
			}
			return no
		}
	}
	return func(v *Variables) answer { return v.in(needle(v), all(v)) }
}

// has compiles the question whether a map has a member.
func (c *compiler) has(s celast.SelectExpr) test {
	if part := c.partOf(s.Operand(), s.FieldName()); part != nil {
		return func(v *Variables) answer { return answerOf(part(v).kind != none) }
	}
	of, k := c.value(s.Operand()), newKey(s.FieldName())
	return func(v *Variables) answer {
		_, found := v.lookup(of(v), k)
		return found
	}
}

func literalText(e celast.Expr) (string, bool) {
	if e.Kind() != celast.LiteralKind {
		return "", false
	}
	s, ok := e.AsLiteral().(types.String)
	return string(s), ok
}

// literalTexts gives the elements of a list of literal texts.
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
