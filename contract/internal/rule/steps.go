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

// maxSteps bounds what the evaluation of one expression may cost.
const maxSteps = 10_000_000

// newCounted makes a program that ends with an error after maxSteps.
//
// CEL charges after each call what the call took, and takes some for one step that take as many as a value has parts: it
// compares lists by their elements, but charges their length, or nothing. A value that holds another twice, such as [a, a]
// in a loop that does so again, soon has more parts than any computer can visit, and takes no memory. So a value is
// charged with all its parts when it is made (charged, callSteps), and a comparison with those that it visits. No value
// then has more parts than the exchange and maxSteps, and no single call takes longer than visiting these.
func newCounted(env *cel.Env, ast *cel.Ast) (cel.Program, error) {
	return newProgram(env, ast, cel.CostLimit(maxSteps), cel.CostTracking(callSteps{compiles: compiles(ast)}), cel.CustomDecoratorV2(chargeLiteral))
}

// compiles reports whether a rule makes patterns; those that are written in it are compiled only once.
func compiles(ast *cel.Ast) bool {
	return len(celast.MatchDescendants(celast.NavigateAST(ast.NativeRep()), func(e celast.NavigableExpr) bool {
		return e.Kind() == celast.CallKind && e.AsCall().FunctionName() == overloads.Matches && e.Children()[1].Kind() != celast.LiteralKind
	})) > 0
}

// tooMany makes a clear error of an evaluation that was ended.
func tooMany(err error) error {
	var cancelled interpreter.EvalCancelledError
	if errors.As(err, &cancelled) {
		return fmt.Errorf("it takes more than %d steps", maxSteps)
	}
	return err
}

// calculator counts the parts of values; ten bytes of a text are one. Values remember their count.
var calculator = types.NewSizeCalculator(types.SizeCalculatorMaxDepth(math.MaxInt), types.SizeCalculatorMaxTraversal(math.MaxInt))

func partsIn(v ref.Val) uint64 { return uint64(calculator.AggregateSize(v)) }

// callSteps is what calls cost.
type callSteps struct{ compiles bool }

// CallCost gives the steps of a call that was made; nil: what CEL charges.
func (c callSteps) CallCost(function, _ string, args []ref.Val, result ref.Val) *uint64 {
	steps := uint64(1)
	switch function {
	case literal:
		steps = partsIn(result)
	case operators.Add:
		steps = addSteps(args, result)
	case operators.Equals, operators.NotEquals:
		steps += min(partsIn(args[0]), partsIn(args[1]))
	case operators.In:
		steps += inSteps(args[0], args[1])
	case overloads.Size:
		if text, ok := args[0].(types.String); ok { // it counts the characters
			steps += partsIn(text)
		}
	case overloads.Matches:
		text, pattern := partsIn(args[0]), textLen(args[1])
		steps += saturated(text, 1+pattern/4)
		if c.compiles {
			steps += 10 * pattern // to compile a byte takes about a microsecond
		}
	default:
		if !inTimeZone(args) {
			return nil
		}
		steps = 500 // the time zone is read from a file
	}
	return &steps
}

// addSteps charges what was made. Four bytes of a text are one step, so that the texts that an evaluation makes fit into
// memory.
func addSteps(args []ref.Val, result ref.Val) uint64 {
	switch made := result.(type) {
	case types.String:
		return 1 + uint64(len(made))/4
	case types.Bytes:
		return 1 + uint64(len(made))/4
	case traits.MutableLister: // a macro adds to its own result
		return partsIn(args[1])
	case traits.Lister:
		return partsIn(made)
	}
	return 1
}

// inSteps charges the comparisons with the elements of a list; in a map there is nothing to search.
func inSteps(needle, in ref.Val) uint64 {
	list, ok := in.(traits.Lister)
	if !ok {
		return 0
	}
	elements := uint64(list.Size().(types.Int))
	return elements + min(partsIn(list), saturated(elements, partsIn(needle)))
}

// textLen is how many bytes a text has.
func textLen(v ref.Val) uint64 {
	text, _ := v.(types.String)
	return uint64(len(text))
}

// inTimeZone reports whether a call is one such as getHours("Europe/Berlin").
func inTimeZone(args []ref.Val) bool {
	if len(args) != 2 {
		return false
	}
	_, isTime := args[0].(types.Timestamp)
	_, isZone := args[1].(types.String)
	return isTime && isZone
}

// saturated multiplies without overflow.
func saturated(a, b uint64) uint64 {
	if a != 0 && b > math.MaxUint64/2/a {
		return math.MaxUint64 / 2
	}
	return a * b
}

// literal is what chargeLiteral calls the making of a list or a map: no rule can write such a name.
const literal = "@literal"

// charged is a list or a map as it is written in a rule, which is charged with all parts that it then has.
type charged struct {
	interpreter.InterpretableConstructor
}

// chargeLiteral charges for a node of a program if that is a list or a map.
func chargeLiteral(node interpreter.InterpretableV2) (interpreter.InterpretableV2, error) {
	if made, ok := node.(interpreter.InterpretableConstructor); ok {
		return charged{made}, nil
	}
	return node, nil
}

// Exec makes the value.
func (c charged) Exec(frame *interpreter.ExecutionFrame) ref.Val {
	made := c.InterpretableConstructor.Exec(frame)
	if costs := frame.CostTracker(); costs != nil && !types.IsUnknownOrError(made) {
		costs.EvalZeroArity(frame, c.ID(), c, made)
	}
	return made
}

// Eval makes the value.
func (c charged) Eval(variables interpreter.Activation) ref.Val {
	return interpreter.EvalActivation(variables, c.Exec)
}

// Function names the making of a value for callSteps.
func (charged) Function() string { return literal }

// OverloadID names it too.
func (charged) OverloadID() string { return literal }
