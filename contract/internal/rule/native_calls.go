package rule

import (
	"math"
	"regexp"
	"strings"

	celast "cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/overloads"
)

// textFunctions are the string functions other than matches.
var textFunctions = map[string]func(text, argument string) bool{
	overloads.Contains: strings.Contains, overloads.StartsWith: strings.HasPrefix, overloads.EndsWith: strings.HasSuffix,
}

// text compiles the string functions with a literal argument. So a pattern is compiled only once.
func (c *compiler) text(function string, args []celast.Expr) test {
	of := c.value(args[0])
	argument, ok := literalText(args[1])
	holds := textFunctions[function]
	if function == overloads.Matches {
		pattern, err := regexp.Compile(argument)
		ok = ok && err == nil
		holds = func(text, _ string) bool { return pattern.MatchString(text) }
	}
	return func(v *Variables) truth {
		o := of(v)
		if !ok || o.kind != text {
			return unknown
		}
		if v.steps -= (1 + len(o.text)/bytesAStep) * (1 + len(argument)/4); v.steps < 0 {
			return unknown
		}
		return truthOf(holds(o.text, argument))
	}
}

// arithmetic compiles the operators of numbers, and + of texts. Operands of two types, overflow and division by zero give
// nothing. Overflow shows in the result: for a positive b, a+b is larger than a unless it wrapped around.
func (c *compiler) arithmetic(operator string, args []celast.Expr) value {
	ofIntegers, ok := integers[operator]
	if !ok {
		return constant(nothing)
	}
	ofDoubles := doubles[operator]
	left, right := value(nil), c.value(args[len(args)-1])
	if len(args) == 2 {
		left = c.value(args[0])
	}
	return c.computed(func(v *Variables, to *operand) *operand {
		b := right(v)
		a := b
		if left != nil {
			a = left(v)
		}
		switch {
		case a.kind != b.kind:
		case a.kind == integer:
			if result, ok := ofIntegers(a.number, b.number); ok {
				return to.setInt(result)
			}
		case a.kind == double && ofDoubles != nil:
			return to.setDouble(ofDoubles(a.double(), b.double()))
		case a.kind == text && operator == operators.Add:
			if v.steps -= len(a.text) + len(b.text); v.steps >= 0 {
				return to.setText(a.text + b.text)
			}
		}
		return nothing
	})
}

// doubles are the operators of doubles. Negation ignores its first operand.
var doubles = map[string]func(a, b float64) float64{
	operators.Add:      func(a, b float64) float64 { return a + b },
	operators.Subtract: func(a, b float64) float64 { return a - b },
	operators.Multiply: func(a, b float64) float64 { return a * b },
	operators.Divide:   func(a, b float64) float64 { return a / b },
	operators.Negate:   func(_, b float64) float64 { return -b },
}

// integers are the operators of integers. Negation ignores its first operand. Not ok means overflow or division by zero.
var integers = map[string]func(a, b int64) (result int64, ok bool){
	operators.Add:      func(a, b int64) (int64, bool) { return a + b, (a+b > a) == (b > 0) },
	operators.Subtract: subtract,
	operators.Negate:   func(_, b int64) (int64, bool) { return subtract(0, b) },
	operators.Multiply: multiply,
	operators.Divide:   division(func(a, b int64) int64 { return a / b }),
	operators.Modulo:   division(func(a, b int64) int64 { return a % b }),
}

func subtract(a, b int64) (int64, bool) { return a - b, (a-b < a) == (b > 0) }

func multiply(a, b int64) (int64, bool) {
	if b == 0 {
		return 0, true
	}
	return a * b, divides(a*b, b) && a*b/b == a
}

// division adds the checks of / and % to an operator.
func division(apply func(a, b int64) int64) func(a, b int64) (int64, bool) {
	return func(a, b int64) (int64, bool) {
		if !divides(a, b) {
			return 0, false
		}
		return apply(a, b), true
	}
}

// divides reports whether a/b is defined and fits.
func divides(a, b int64) bool { return b != 0 && (a != math.MinInt64 || b != -1) }
