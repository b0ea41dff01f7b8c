package rule

import (
	celast "cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/overloads"
)

// Most rules need a small part of CEL: they select members, compare scalars and loop over lists. That part is
// compiled into closures over the exchange as the judge holds it. Nothing is converted, and only computed lists are
// allocated. Each node of the expression becomes a closure that calls those of its children. The rule
//
//	self.min <= self.max
//
// becomes, with error handling left out,
//
//	test := func(v *Variables) truth { return truthOf(compare(v.slots.values[0], v.slots.values[1]) <= 0) }
//
// where the slots of self have its members min and max (slots.go). A loop that searches a list for a key uses an index of the
// list (index.go), so that comparing each element with each other takes linear time.
//
// The closures need not support all of CEL, since there is a third result besides yes and no. They return unknown for
// everything that they do not support: an error such as a missing member, a function that few rules use, or more than
// nativeSteps. Then cel-go evaluates the whole expression from the beginning. So the closures must never be wrong,
// only unknown. What is left to cel-go: conversions such as int() and timestamp(), unsigned integers, bytes, literals of maps,
// + of lists, patterns that are not literals, a message as a whole, macros with two variables.
type (
	test  func(*Variables) truth    // an expression that is true or false
	value func(*Variables) *operand // an expression of any type
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
	// nativeSteps bounds the closures. A step takes a few nanoseconds, so all of them take a few dozen milliseconds.
	nativeSteps = maxSteps

	bytesAStep = 10 // bytes of text that count as one step
)

// compiler compiles the parts of one expression to closures.
type compiler struct {
	members   *[]string      // of self, by slot
	loops     []loopVariable // of the loops around the current part, innermost last
	nodes     int            // nodes compiled so far, which bound the steps of a loop's body
	registers int            // in use; likewise memos
	memos     int
	isMemo    bool // the current part is inside a memo
}

// loopVariable is the variable of a loop.
type loopVariable struct {
	name     string
	register int
}

// newNative compiles an expression, and adds the members of self that it selects. Parts that are not supported compile to
// closures that return unknown.
func newNative(root celast.Expr, members *[]string) test {
	return (&compiler{members: members}).test(root)
}

// test compiles an expression that is used as a condition.
func (c *compiler) test(e celast.Expr) test {
	if t := c.ownTest(e); t != nil {
		return t
	}
	if isCall(e, operators.Conditional) {
		c.nodes++
		args := e.AsCall().Args()
		condition, then, otherwise := c.test(args[0]), c.test(args[1]), c.test(args[2])
		return func(v *Variables) truth {
			switch condition(v) {
			case yes:
				return then(v)
			case no:
				return otherwise(v)
			}
			return unknown
		}
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
			return c.logic(name, e)
		case operators.LogicalNot:
			of := c.test(args[0])
			return func(v *Variables) truth { return negated(of(v)) }
		case operators.Equals:
			return c.equality(args)
		case operators.NotEquals:
			same := c.equality(args)
			return func(v *Variables) truth { return negated(same(v)) }
		case operators.Less:
			return c.order(args, less)
		case operators.LessEquals:
			return c.order(args, less|same)
		case operators.Greater:
			return c.order(args, more)
		case operators.GreaterEquals:
			return c.order(args, same|more)
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

// logic compiles && and ||, with all operands of a chain such as a && b && c. As in CEL, one operand that decides is enough,
// even if the result of another is unknown.
func (c *compiler) logic(operator string, e celast.Expr) test {
	neutral := neutralOf(operator)
	var all []test
	for _, operand := range chain(operator, e) {
		all = append(all, c.test(operand))
	}
	return func(v *Variables) truth {
		result := neutral
		for _, t := range all {
			switch t(v) {
			case neutral:
			case unknown:
				result = unknown
			default:
				return negated(neutral)
			}
		}
		return result
	}
}

// neutralOf returns the operand of && or || with which the other operand is the result.
func neutralOf(operator string) truth { return truthOf(operator == operators.LogicalAnd) }

// chain returns the operands of nested calls of an associative operator from left to right.
func chain(operator string, e celast.Expr) []celast.Expr {
	if !isCall(e, operator) {
		return []celast.Expr{e}
	}
	args := e.AsCall().Args()
	return append(chain(operator, args[0]), chain(operator, args[1])...)
}
