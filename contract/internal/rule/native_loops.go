package rule

import (
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
// The compiler recognises the macro by its step and compiles it to a Go loop. The loop variable is an element of
// Variables.loopVars, at the nesting depth of the loop.

// elementSteps is the cost of an element of a computed list, which bounds the memory for such lists.
const elementSteps = 8

// loop is a compiled macro without its accumulator.
type loop struct {
	over  value
	index int // of its variable in loopVars
	steps int // of one iteration
}

// loopOver compiles a loop. The function compile compiles the body, in which the loop variable is known.
func (c *compiler) loopOver(l celast.ComprehensionExpr, compile func()) loop {
	over := c.value(l.IterRange())
	index, before := len(c.loops), c.nodes
	c.loops = append(c.loops, l.IterVar())
	compile()
	c.loops = c.loops[:index]
	return loop{over, index, c.nodes - before}
}

// run calls visit for each element until it returns false. It reports whether the operand could be looped over and
// the steps sufficed.
func (l loop) run(v *Variables, visit func() bool) bool {
	return l.index < maxLoops && v.each(l.over(v), func(element operand) bool {
		v.loopVars[l.index] = element
		v.steps -= l.steps
		return visit()
	})
}

// quantifier compiles all, exists and exists_one. It returns nil for any other loop.
func (c *compiler) quantifier(l celast.ComprehensionExpr) test {
	step := l.LoopStep().AsCall()
	switch name, args := step.FunctionName(), step.Args(); {
	case l.HasIterVar2():
	case name == operators.LogicalAnd:
		return c.search(l, args[1], yes)
	case name == operators.LogicalOr:
		return c.search(l, args[1], no)
	case l.Result().Kind() == celast.CallKind:
		return c.existsOne(l, args[0])
	}
	return nil
}

// search compiles all and exists: the first element for which the predicate is not neutral decides.
func (c *compiler) search(l celast.ComprehensionExpr, predicate celast.Expr, neutral truth) test {
	var holds test
	loop := c.loopOver(l, func() { holds = c.test(predicate) })
	return func(v *Variables) truth {
		last := neutral
		if !loop.run(v, func() bool { last = holds(v); return last == neutral }) {
			return unknown
		}
		return last
	}
}

// existsOne compiles exists_one. It visits every element, even after the second match: a later element may be an
// error.
func (c *compiler) existsOne(l celast.ComprehensionExpr, predicate celast.Expr) test {
	var holds test
	loop := c.loopOver(l, func() { holds = c.test(predicate) })
	return func(v *Variables) truth {
		matches, last := 0, no
		ok := loop.run(v, func() bool {
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

// mapOrFilter compiles map and filter.
func (c *compiler) mapOrFilter(l celast.ComprehensionExpr) value {
	step, condition := l.LoopStep().AsCall(), celast.Expr(nil)
	if step.FunctionName() == operators.Conditional {
		step, condition = step.Args()[1].AsCall(), step.Args()[0]
	}
	if step.FunctionName() != operators.Add || l.HasIterVar2() {
		return constant(operand{})
	}
	var element value
	selected := func(*Variables) truth { return yes }
	loop := c.loopOver(l, func() {
		element = c.value(step.Args()[1].AsList().Elements()[0])
		if condition != nil {
			selected = c.test(condition)
		}
	})
	return func(v *Variables) operand {
		all, isKnown := []operand{}, true
		ok := loop.run(v, func() bool {
			switch selected(v) {
			case yes:
				v.steps -= elementSteps
				all = append(all, element(v))
				isKnown = all[len(all)-1].kind != none
			case unknown:
				isKnown = false
			}
			return isKnown
		})
		if !ok || !isKnown {
			return operand{}
		}
		return operand{kind: computed, list: &all}
	}
}
