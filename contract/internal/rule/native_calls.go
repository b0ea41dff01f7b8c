package rule

import (
	"math"
	"regexp"
	"strings"

	celast "cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/overloads"
)

// text compiles a question about a text, which a literal answers: a pattern is compiled only once.
func (c *compiler) text(function string, args []celast.Expr) test {
	of := c.value(args[0])
	what, ok := literalText(args[1])
	if !ok {
		return func(*Variables) answer { return unsure }
	}
	holds := func(s string) bool { return strings.Contains(s, what) }
	switch function {
	case overloads.StartsWith:
		holds = func(s string) bool { return strings.HasPrefix(s, what) }
	case overloads.EndsWith:
		holds = func(s string) bool { return strings.HasSuffix(s, what) }
	case overloads.Matches:
		pattern, err := regexp.Compile(what)
		if err != nil {
			return func(*Variables) answer { return unsure }
		}
		holds = pattern.MatchString
	}
	return func(v *Variables) answer {
		o := of(v)
		if o.kind != text {
			return unsure
		}
		if v.steps -= (1 + len(o.text)/bytesAStep) * (1 + len(what)/4); v.steps < 0 {
			return unsure
		}
		return answerOf(holds(o.text))
	}
}

// arithmetic compiles the operators of integers. CEL does the rest of them, and what gives no integer.
func (c *compiler) arithmetic(operator string, args []celast.Expr) value {
	apply, ok := integers[operator]
	if !ok {
		return constant(operand{})
	}
	left, right := constant(fromInt(0)), c.value(args[len(args)-1]) // -a is 0 - a
	if len(args) == 2 {
		left = c.value(args[0])
	}
	return func(v *Variables) operand {
		a, b := left(v), right(v)
		if a.kind != integer || b.kind != integer {
			return operand{}
		}
		if result, ok := apply(a.number, b.number); ok {
			return fromInt(result)
		}
		return operand{}
	}
}

// integers are the operators of integers; not ok is an overflow or a division by zero.
var integers = map[string]func(a, b int64) (result int64, ok bool){
	operators.Add:      func(a, b int64) (int64, bool) { return a + b, (a+b > a) == (b > 0) },
	operators.Subtract: subtract,
	operators.Negate:   subtract,
	operators.Multiply: func(a, b int64) (int64, bool) {
		return a * b, b == 0 || divides(a*b, b) && a*b/b == a
	},
	operators.Divide: func(a, b int64) (int64, bool) {
		if !divides(a, b) {
			return 0, false
		}
		return a / b, true
	},
	operators.Modulo: func(a, b int64) (int64, bool) {
		if !divides(a, b) {
			return 0, false
		}
		return a % b, true
	},
}

func subtract(a, b int64) (int64, bool) { return a - b, (a-b < a) == (b > 0) }

// divides reports whether a can be divided by b.
func divides(a, b int64) bool { return b != 0 && (a != math.MinInt64 || b != -1) }
