package rule

import (
	"slices"

	celast "cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
)

// CEL has loops only in macros. It expands each macro to a loop with an accumulator and a step, which computes the
// next value of the accumulator:
//
//	macro                      step                            initial value
//	list.all(x, p)             result && p                     true
//	list.exists(x, p)          result || p                     false
//	list.exists_one(x, p)      p ? result + 1 : result         0, and result == 1 at the end
//	list.map(x, f)             result + [f]                    []
//	list.map(x, p, f)          p ? result + [f] : result       []
//	list.filter(x, p)          p ? result + [x] : result       []
//
// The compiler recognises the macro by its step and compiles it to a Go loop. The loop variable has a
// register.

// elementSteps is the cost of an element of a computed list, which bounds the memory for such lists.
const elementSteps = 8

// loop is a compiled macro without its accumulator.
type loop struct {
	over     value
	variable int // its register
	steps    int // of one iteration
	join     *join
}

// loopOver compiles a loop. The function compile compiles the body, in which the loop variable is known. It returns nil if there is
// no register left.
func (c *compiler) loopOver(l celast.ComprehensionExpr, compile func()) *loop {
	over := c.value(l.IterRange())
	before := c.nodes
	variable, ok := c.register()
	if !ok {
		return nil
	}
	outside, isMemo := c.loops, c.isMemo
	c.loops = slices.Concat(outside, []loopVariable{{l.IterVar(), variable}})
	compile()
	c.loops, c.isMemo = outside, isMemo
	return &loop{over: over, variable: variable, steps: c.nodes - before}
}

// run calls visit for each element until it returns false. It reports whether the operand could be looped over and
// the steps sufficed. If the loop is a join, it visits the elements with the key only: see join.
func (l *loop) run(v *Variables, over *operand, visit func() bool) bool {
	variable := &v.registers.operands[l.variable]
	x, key := l.join.index(v, over)
	if x == nil {
		return v.each(over, variable, func() bool {
			v.steps -= l.steps
			return visit()
		})
	}
	e, ok := x.first(v, key)
	for ; e != nil; e, ok = x.search(v, e.next, key) {
		*variable = e.element
		v.steps -= l.steps
		if !visit() {
			break
		}
	}
	return ok && v.steps >= 0
}

// quantifier compiles all, exists and exists_one. It returns nil for any other loop.
func (c *compiler) quantifier(l celast.ComprehensionExpr) test {
	step := l.LoopStep().AsCall()
	switch name, args := step.FunctionName(), step.Args(); {
	case l.HasIterVar2():
	case name == operators.LogicalAnd, name == operators.LogicalOr:
		return c.search(l, args[1], name)
	case l.Result().Kind() == celast.CallKind:
		return c.existsOne(l, args[0])
	}
	return nil
}

// search compiles all and exists: the first element for which the predicate is not neutral decides. An element for which it is
// unknown makes the result unknown unless another one decides.
func (c *compiler) search(l celast.ComprehensionExpr, predicate celast.Expr, operator string) test {
	neutral := neutralOf(operator)
	var holds test
	loop := c.loopOver(l, func() { holds = c.test(predicate) })
	if loop == nil {
		return constantUnknown
	}
	loop.join = c.join(l, predicate, operator == operators.LogicalAnd)
	return func(v *Variables) truth {
		over := loop.over(v)
		if found, ok := loop.join.count(v, over, 1); ok {
			if found > 0 {
				return negated(neutral)
			}
			return neutral
		}
		result := neutral
		ok := loop.run(v, over, func() bool {
			switch holds(v) {
			case neutral:
			case unknown:
				result = unknown
			default:
				result = negated(neutral)
				return false
			}
			return true
		})
		if !ok {
			return unknown
		}
		return result
	}
}

// existsOne compiles exists_one. It visits every element, even after the second match: a later element may be an
// error.
func (c *compiler) existsOne(l celast.ComprehensionExpr, predicate celast.Expr) test {
	var holds test
	loop := c.loopOver(l, func() { holds = c.test(predicate) })
	if loop == nil {
		return constantUnknown
	}
	loop.join = c.join(l, predicate, false)
	return func(v *Variables) truth {
		over := loop.over(v)
		if found, ok := loop.join.count(v, over, 2); ok {
			return truthOf(found == 1)
		}
		matches, last := 0, no
		ok := loop.run(v, over, func() bool {
			if last = holds(v); last == yes {
				matches++
			}
			return last != unknown
		})
		if !ok || last == unknown {
			return unknown
		}
		return truthOf(matches == 1)
	}
}

// constantUnknown is a test that is not supported.
func constantUnknown(*Variables) truth { return unknown }

// mapOrFilter compiles map and filter.
func (c *compiler) mapOrFilter(l celast.ComprehensionExpr) value {
	step, condition := l.LoopStep().AsCall(), celast.Expr(nil)
	if step.FunctionName() == operators.Conditional {
		step, condition = step.Args()[1].AsCall(), step.Args()[0]
	}
	if step.FunctionName() != operators.Add || l.HasIterVar2() {
		return constant(nothing)
	}
	var element value
	selected := func(*Variables) truth { return yes }
	loop := c.loopOver(l, func() {
		element = c.value(step.Args()[1].AsList().Elements()[0])
		if condition != nil {
			selected = c.test(condition)
		}
	})
	if loop == nil {
		return constant(nothing)
	}
	if condition != nil {
		loop.join = c.join(l, condition, false)
	}
	return c.computed(func(v *Variables, to *operand) *operand {
		all, isKnown := []operand{}, true
		ok := loop.run(v, loop.over(v), func() bool {
			switch selected(v) {
			case yes:
				v.steps -= elementSteps
				all = append(all, *element(v))
				isKnown = all[len(all)-1].kind != none
			case unknown:
				isKnown = false
			}
			return isKnown
		})
		if !ok || !isKnown {
			return nothing
		}
		to.kind, to.list = computed, &all
		return to
	})
}
