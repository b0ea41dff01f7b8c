package rule

import (
	"slices"

	celast "cel.dev/cel-go/common/ast"
)

// Each part of an expression that computes an operand, and each loop variable, has a register to keep it in. Closures return the
// address of the register. So nothing is copied, and nothing is allocated: the registers are a part of Variables.
//
// An expression in a loop that uses no variable of a loop around it has the same value in each iteration. It is computed once in an
// evaluation, and then remembered (a memo):
//
//	response.body.refs.all(r, r in response.body.items.map(i, i.id))
//	                               ^ a memo

const (
	maxRegisters = 48 // of an expression
	maxMemos     = 8  // of an expression
)

// registers are the operands and memos of one evaluation.
type registers struct {
	operands   [maxRegisters]operand
	memos      [maxMemos]memo
	evaluation uint64 // counts
}

// memo is a remembered operand. It is valid during one evaluation.
type memo struct {
	evaluation uint64
	operand    *operand
}

// register returns an unused register; ok is false if there is none.
func (c *compiler) register() (r int, ok bool) {
	if c.registers == maxRegisters {
		return 0, false
	}
	c.registers++
	return c.registers - 1, true
}

// computed compiles what computes an operand. compute sets it, or returns nothing.
func (c *compiler) computed(compute func(v *Variables, to *operand) *operand) value {
	r, ok := c.register()
	if !ok {
		return constant(nothing)
	}
	return func(v *Variables) *operand { return compute(v, &v.registers.operands[r]) }
}

// remembered compiles an expression of any type. In a loop, it becomes a memo if possible.
func (c *compiler) remembered(e celast.Expr, compile func(celast.Expr) value) value {
	isFixed := len(c.loops) == 0 || c.isMemo || c.memos == maxMemos
	if isFixed || slices.ContainsFunc(c.loops, func(l loopVariable) bool { return mentions(e, l.name) }) {
		return compile(e)
	}
	c.isMemo = true
	of := compile(e)
	c.isMemo = false
	at := c.memos
	c.memos++
	return func(v *Variables) *operand {
		m := &v.registers.memos[at]
		if m.evaluation != v.registers.evaluation {
			*m = memo{v.registers.evaluation, of(v)}
		}
		return m.operand
	}
}
