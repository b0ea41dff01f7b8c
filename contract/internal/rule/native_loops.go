package rule

import (
	celast "cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
)

// CEL writes each macro as a loop that computes a result at each turn, from that of the turn before:
//
//	list.all(x, p)             result && p                  beginning with true
//	list.exists(x, p)          result || p                  beginning with false
//	list.exists_one(x, p)      p ? result + 1 : result      beginning with 0, in the end: is it 1?
//	list.map(x, f)             result + [f]                 beginning with []
//	list.map(x, p, f)          p ? result + [f] : result
//	list.filter(x, p)          p ? result + [x] : result
//
// Only macros make loops, and the step tells which it was.

// stepsAnElement is what it costs to keep an element, so that the lists that an evaluation makes fit into memory.
const stepsAnElement = 8

// loop is a compiled macro without what it makes of its turns.
type loop struct {
	over  value
	place int // of its variable
	steps int // of a turn
}

// loopOver compiles a loop, with compile what it does at each turn.
func (c *compiler) loopOver(l celast.ComprehensionExpr, compile func()) loop {
	over := c.value(l.IterRange())
	place, before := len(c.loops), c.nodes
	c.loops = append(c.loops, l.IterVar())
	compile()
	c.loops = c.loops[:place]
	return loop{over, place, c.nodes - before}
}

// run goes through the elements as long as turn says so. It reports whether there was anything to go through and enough steps.
func (l loop) run(v *Variables, turn func() bool) bool {
	return l.place < maxLoops && v.each(l.over(v), func(element operand) bool {
		v.turns[l.place] = element
		v.steps -= l.steps
		return turn()
	})
}

// quantifier compiles all, exists and exists_one; nil for any other loop.
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

// search compiles a loop that ends at the first turn whose answer is not goesOn.
func (c *compiler) search(l celast.ComprehensionExpr, predicate celast.Expr, goesOn answer) test {
	var holds test
	loop := c.loopOver(l, func() { holds = c.test(predicate) })
	return func(v *Variables) answer {
		last := goesOn
		if !loop.run(v, func() bool { last = holds(v); return last == goesOn }) {
			return unsure
		}
		return last
	}
}

// existsOne compiles the question whether exactly one turn is true. It goes on behind the second, since there may be an error.
func (c *compiler) existsOne(l celast.ComprehensionExpr, predicate celast.Expr) test {
	var holds test
	loop := c.loopOver(l, func() { holds = c.test(predicate) })
	return func(v *Variables) answer {
		times, last := 0, no
		ok := loop.run(v, func() bool {
			if last = holds(v); last == yes {
				times++
			}
			return last != unsure
		})
		if !ok || last == unsure {
			return unsure
		}
		return answerOf(times == 1)
	}
}

// gathering compiles map and filter.
func (c *compiler) gathering(l celast.ComprehensionExpr) value {
	step, condition := l.LoopStep().AsCall(), celast.Expr(nil)
	if step.FunctionName() == operators.Conditional {
		step, condition = step.Args()[1].AsCall(), step.Args()[0]
	}
	if step.FunctionName() != operators.Add || l.HasIterVar2() {
		return constant(operand{})
	}
	var element value
	isIn := func(*Variables) answer { return yes }
	loop := c.loopOver(l, func() {
		element = c.value(step.Args()[1].AsList().Elements()[0])
		if condition != nil {
			isIn = c.test(condition)
		}
	})
	return func(v *Variables) operand {
		all, sure := []operand{}, true
		ok := loop.run(v, func() bool {
			in := isIn(v)
			if in == yes {
				v.steps -= stepsAnElement
				all = append(all, element(v))
			}
			sure = in == no || in == yes && all[len(all)-1].kind != none
			return sure
		})
		if !ok || !sure {
			return operand{}
		}
		return operand{kind: made, list: &all}
	}
}
