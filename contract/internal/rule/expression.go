package rule

import (
	"errors"
	"sync"

	"cel.dev/cel-go/cel"
	celast "cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/overloads"
	"cel.dev/cel-go/parser"
)

// maxCost bounds what the evaluation of one expression may cost, in CEL's units.
const maxCost = 10_000_000

// expression is a rule, or one of its two parts, ready to be evaluated. Counting what an evaluation costs takes longer than
// most evaluations, so it is counted only where the form of the rule and the size of the exchange allow too many steps.
type expression struct {
	plain   cel.Program
	counted func() (cel.Program, error) // made when it is first needed

	nodes int  // of the expression
	depth int  // of its loops, one in the other
	scans bool // it looks through texts
	grows bool // it adds values, and so may make what is larger than the exchange
}

func newExpression(env *cel.Env, ast *cel.Ast) (*expression, error) {
	plain, err := env.Program(ast, cel.EvalOptions(cel.OptOptimize))
	if err != nil { // a constant in it that gives an error gives it at each evaluation
		if plain, err = env.Program(ast); err != nil {
			return nil, err
		}
	}
	e := &expression{plain: plain, counted: sync.OnceValues(func() (cel.Program, error) {
		return env.Program(ast, cel.CostLimit(maxCost))
	})}
	e.measure(celast.NavigateAST(ast.NativeRep()))
	return e, nil
}

// measure finds what bounds the steps of an evaluation.
func (e *expression) measure(root celast.NavigableExpr) {
	for _, node := range celast.MatchDescendants(root, celast.AllMatcher()) {
		e.nodes++
		switch node.Kind() {
		case celast.ComprehensionKind:
			loops := 1
			for above, ok := node.Parent(); ok; above, ok = above.Parent() {
				if above.Kind() == celast.ComprehensionKind {
					loops++
				}
			}
			e.depth = max(e.depth, loops)
		case celast.CallKind:
			call := node.AsCall()
			switch _, isOperator := operators.FindReverse(call.FunctionName()); {
			case isOperator, call.FunctionName() == operators.NotStrictlyFalse, call.FunctionName() == overloads.TypeConvertType:
			default:
				e.scans = true
			}
			// Macros add to their own result, one element or one for each turn.
			if call.FunctionName() == operators.Add && !isResult(call.Args()[0]) {
				e.grows = true
			}
		}
	}
}

// isResult reports whether an expression is what a macro gathers its result in: no rule can write such a name.
func isResult(e celast.Expr) bool {
	return e.Kind() == celast.IdentKind && e.AsIdent() == parser.HiddenAccumulatorName
}

// bounded reports whether an evaluation ends soon whatever the values are.
func (e *expression) bounded(of extent) bool {
	steps := float64(e.nodes) * (1 + float64(of.bytes)/1024)
	for range e.depth {
		steps *= float64(of.values + e.nodes)
	}
	if e.scans {
		steps *= 1 + float64(of.bytes)/16
	}
	return !e.grows && steps <= maxCost
}

// decide evaluates the expression over prepared variables.
func (e *expression) decide(v *Variables) (bool, error) {
	program := e.plain
	if !e.bounded(v.extent) {
		var err error
		if program, err = e.counted(); err != nil {
			return false, err
		}
	}
	result, _, err := program.Eval(activation{v})
	if err != nil {
		return false, err
	}
	if b, ok := result.Value().(bool); ok {
		return b, nil
	}
	return false, errors.New("it gave neither true nor false")
}
