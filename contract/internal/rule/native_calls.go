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

// arithmetic compiles the operators of integers. Other operands, overflow and division by zero give an unknown
// result. Overflow shows in the result: for a positive b, a+b is larger than a unless it wrapped around.
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

// integers are the operators of integers. Not ok means overflow or division by zero.
var integers = map[string]func(a, b int64) (result int64, ok bool){
	operators.Add:      func(a, b int64) (int64, bool) { return a + b, (a+b > a) == (b > 0) },
	operators.Subtract: subtract,
	operators.Negate:   subtract,
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
