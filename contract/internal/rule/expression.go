package rule

import (
	"errors"
	"slices"
	"sync"

	"cel.dev/cel-go/cel"
	celast "cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/overloads"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/parser"
)

// expression is a rule, or one of its two parts, ready to be evaluated. Counting what an evaluation costs takes longer than
// most evaluations, so it is counted only where the form of the rule and the size of the exchange allow too many steps.
type expression struct {
	native  test
	plain   cel.Program
	counted func() (cel.Program, error) // made when it is first needed

	nodes    int  // of the expression
	depth    int  // of its loops, one in the other
	scans    bool // it looks through texts
	compares bool // it may compare the same large values at each turn of a loop
	grows    bool // it adds values, and so may make what is larger than the exchange
}

func newExpression(env *cel.Env, ast *cel.Ast) (*expression, error) {
	plain, err := newProgram(env, ast)
	if err != nil {
		return nil, err
	}
	e := &expression{
		native: newNative(ast.NativeRep().Expr()),
		plain:  plain,
		counted: sync.OnceValues(func() (cel.Program, error) {
			return newCounted(env, ast)
		}),
	}
	e.measure(celast.NavigateAST(ast.NativeRep()))
	return e, nil
}

// newProgram makes a program, and what is constant in it only once.
func newProgram(env *cel.Env, ast *cel.Ast, options ...cel.ProgramOption) (cel.Program, error) {
	program, err := env.Program(ast, append(options, cel.EvalOptions(cel.OptOptimize))...)
	if err != nil { // a constant that gives an error gives it at each evaluation
		return env.Program(ast, options...)
	}
	return program, nil
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
			e.compares = e.compares || comparesAll(node)
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

// comparesAll reports whether a call may visit all of the exchange, and that at each turn of the loops around it. It does not
// where what it visits is small, or a part of what a loop goes through: all turns together then visit no more than that.
func comparesAll(call celast.NavigableExpr) bool {
	visited := call.Children()
	switch call.AsCall().FunctionName() {
	case operators.Equals, operators.NotEquals: // the smaller of the two counts
	case operators.In:
		if list := visited[1]; list.Kind() != celast.ListKind {
			visited = visited[1:]
		}
	default:
		return false
	}
	return !slices.ContainsFunc(visited, func(e celast.NavigableExpr) bool { return isSmall(e) || isOfLoop(e) })
}

// isSmall reports whether the value of an expression has one part.
func isSmall(e celast.NavigableExpr) bool {
	switch e.Type().Kind() {
	case types.BoolKind, types.IntKind, types.UintKind, types.DoubleKind, types.NullTypeKind, types.StringKind, types.BytesKind,
		types.TimestampKind, types.DurationKind, types.TypeKind:
		return true
	}
	return false
}

// isOfLoop reports whether an expression is the variable of a loop around it or a part of that.
func isOfLoop(e celast.NavigableExpr) bool {
	root := e
	for root.Kind() == celast.SelectKind || root.Kind() == celast.CallKind && root.AsCall().FunctionName() == operators.Index {
		root = root.Children()[0]
	}
	if root.Kind() != celast.IdentKind {
		return false
	}
	for above, ok := e.Parent(); ok; above, ok = above.Parent() {
		if above.Kind() == celast.ComprehensionKind && above.AsComprehension().IterVar() == root.AsIdent() {
			return true
		}
	}
	return false
}

// bounded reports whether an evaluation ends soon whatever the values are.
func (e *expression) bounded(of extent) bool {
	steps := float64(e.nodes) * (1 + float64(of.bytes)/1024)
	for range e.depth {
		steps *= float64(of.values + e.nodes)
	}
	if e.compares {
		steps *= float64(of.values + e.nodes)
	}
	if e.scans {
		steps *= 1 + float64(of.bytes)/16
	}
	return !e.grows && steps <= maxSteps
}

// decide evaluates the expression, by CEL only if it has to.
func (e *expression) decide(v *Variables, needs parts) (bool, error) {
	if a := e.decideNatively(v); a != unsure {
		return a == yes, nil
	}
	return e.decideByCEL(v, needs)
}

func (e *expression) decideNatively(v *Variables) answer {
	v.steps = nativeSteps
	if a := e.native(v); v.steps >= 0 {
		return a
	}
	return unsure
}

// decideByCEL converts what the rule needs and evaluates the expression over that.
func (e *expression) decideByCEL(v *Variables, needs parts) (bool, error) {
	v.prepare(needs)
	variables := activation{v, v.self()}
	program := e.plain
	if !e.bounded(v.extent) {
		var err error
		if program, err = e.counted(); err != nil {
			return false, err
		}
	}
	result, _, err := program.Eval(variables)
	if err != nil {
		return false, tooMany(err)
	}
	if b, ok := result.Value().(bool); ok {
		return b, nil
	}
	return false, errors.New("it gave neither true nor false")
}
