package rule

import (
	"errors"
	"fmt"
	"math"

	"cel.dev/cel-go/cel"
	celast "cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/overloads"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
	"cel.dev/cel-go/interpreter"
)

// maxSteps bounds the cost of evaluating one expression, in steps of cel-go.
const maxSteps = 10_000_000

// newCostLimited returns a program that fails after maxSteps.
//
// The costs of cel-go alone do not suffice. It charges a call after the call, and it charges a comparison of lists
// by their length, whatever the elements contain. A list that contains another one twice takes no memory but
// doubles the number of parts:
//
//	[[1]].map(a, [a, a]).map(a, [a, a]) … .all(z, z == z)
//
// With 34 such steps the last comparison would never end. So a new value is charged with all of its parts when it
// is made (costedLiteral, callCost), and a comparison with the parts that it visits. Then no value has more parts
// than the exchange plus maxSteps, and no single call takes longer than visiting these parts.
func newCostLimited(env *cel.Env, ast *cel.Ast) (cel.Program, error) {
	tracking := cel.CostTracking(callCost{compiles: compiles(ast)})
	return newProgram(env, ast, cel.CostLimit(maxSteps), tracking, cel.CustomDecoratorV2(costLiteral))
}

// compiles reports whether a rule compiles patterns at each evaluation. Literal patterns are compiled once.
func compiles(ast *cel.Ast) bool {
	return len(celast.MatchDescendants(celast.NavigateAST(ast.NativeRep()), func(e celast.NavigableExpr) bool {
		isMatch := e.Kind() == celast.CallKind && e.AsCall().FunctionName() == overloads.Matches
		return isMatch && e.Children()[1].Kind() != celast.LiteralKind
	})) > 0
}

// costError replaces the error of an evaluation that cost too much by a clear one.
func costError(err error) error {
	var cancelled interpreter.EvalCancelledError
	if errors.As(err, &cancelled) {
		return fmt.Errorf("the evaluation takes more than %d steps", maxSteps)
	}
	return err
}

// calculator counts the parts of values. Ten bytes of text are one part. CEL values cache their count.
var calculator = types.NewSizeCalculator(
	types.SizeCalculatorMaxDepth(math.MaxInt), types.SizeCalculatorMaxTraversal(math.MaxInt))

// partCount returns the number of parts of a value, including itself.
func partCount(v ref.Val) uint64 { return uint64(calculator.AggregateSize(v)) }

// callCost computes the cost of calls.
type callCost struct{ compiles bool } // see the function compiles

// CallCost returns the cost of a call that was made, or nil for the cost of cel-go.
func (c callCost) CallCost(function, _ string, args []ref.Val, result ref.Val) *uint64 {
	steps := uint64(1)
	switch function {
	case literal:
		steps = partCount(result)
	case operators.Add:
		steps = addCost(args, result)
	case operators.Equals, operators.NotEquals:
		steps += min(partCount(args[0]), partCount(args[1]))
	case operators.In:
		steps += inCost(args[0], args[1])
	case overloads.Size:
		if text, ok := args[0].(types.String); ok { // counting characters reads the text
			steps += partCount(text)
		}
	case overloads.Matches:
		pattern, _ := args[1].(types.String)
		steps += saturated(partCount(args[0]), 1+uint64(len(pattern))/4)
		if c.compiles {
			steps += 10 * uint64(len(pattern)) // compiling a byte takes about a microsecond
		}
	default:
		if !inTimeZone(args) {
			return nil
		}
		steps = 500 // reading the time zone from a file
	}
	return &steps
}

// addCost returns the cost of +: the parts of the result. Four bytes of text cost one step, which bounds the memory
// for texts.
func addCost(args []ref.Val, result ref.Val) uint64 {
	switch made := result.(type) {
	case types.String:
		return 1 + uint64(len(made))/4
	case types.Bytes:
		return 1 + uint64(len(made))/4
	case traits.MutableLister: // a macro appends to its accumulator
		return partCount(args[1])
	case traits.Lister:
		return partCount(made)
	}
	return 1
}

// inCost returns the cost of comparing with each element of a list. Searching a map costs nothing.
func inCost(needle, in ref.Val) uint64 {
	list, ok := in.(traits.Lister)
	if !ok {
		return 0
	}
	elements := uint64(list.Size().(types.Int))
	return elements + min(partCount(list), saturated(elements, partCount(needle)))
}

// inTimeZone reports whether a call reads a time zone, such as getHours("Europe/Berlin").
func inTimeZone(args []ref.Val) bool {
	if len(args) != 2 {
		return false
	}
	_, isTime := args[0].(types.Timestamp)
	_, isZone := args[1].(types.String)
	return isTime && isZone
}

// saturated multiplies, with an upper limit instead of overflow.
func saturated(a, b uint64) uint64 {
	if a != 0 && b > math.MaxUint64/2/a {
		return math.MaxUint64 / 2
	}
	return a * b
}

// literal is the function name under which a list or map literal is charged. No rule can contain it.
const literal = "@literal"

// costedLiteral is a list or map literal that costs as many steps as its value has parts.
type costedLiteral struct {
	interpreter.InterpretableConstructor
}

// costLiteral wraps a node of a program if it is a list or map literal.
func costLiteral(node interpreter.InterpretableV2) (interpreter.InterpretableV2, error) {
	if made, ok := node.(interpreter.InterpretableConstructor); ok {
		return costedLiteral{made}, nil
	}
	return node, nil
}

// Exec makes the value and charges for it.
func (c costedLiteral) Exec(frame *interpreter.ExecutionFrame) ref.Val {
	made := c.InterpretableConstructor.Exec(frame)
	if tracker := frame.CostTracker(); tracker != nil && !types.IsUnknownOrError(made) {
		tracker.EvalZeroArity(frame, c.ID(), c, made)
	}
	return made
}

// Eval makes the value and charges for it.
func (c costedLiteral) Eval(variables interpreter.Activation) ref.Val {
	return interpreter.EvalActivation(variables, c.Exec)
}

// Function returns the name for CallCost.
func (costedLiteral) Function() string { return literal }

// OverloadID returns the same name.
func (costedLiteral) OverloadID() string { return literal }
