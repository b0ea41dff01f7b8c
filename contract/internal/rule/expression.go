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

// expression is a rule, or one of its halves. Closures over the judge's values evaluate it first: a Group has them. For what
// they cannot decide, there are two programs of cel-go, planned when they are first needed:
//
//	plain        evaluates
//	costLimited  also counts the cost
//
// Counting the cost takes longer than most evaluations. So costLimited runs only if the other fields, which bound the number of
// steps, do not guarantee that plain ends soon.
type expression struct {
	root               celast.Expr
	plain, costLimited func() (cel.Program, error)

	nodes    int  // nodes of the expression
	depth    int  // nesting depth of its loops
	scans    bool // some call scans strings
	compares bool // each iteration of a loop may compare the same large values
	grows    bool // concatenation may make values larger than the exchange
}

// newExpression prepares an expression.
func newExpression(env *cel.Env, ast *cel.Ast) *expression {
	e := &expression{
		root:        ast.NativeRep().Expr(),
		plain:       sync.OnceValues(func() (cel.Program, error) { return newProgram(env, ast) }),
		costLimited: sync.OnceValues(func() (cel.Program, error) { return newCostLimited(env, ast) }),
	}
	e.measure(celast.NavigateAST(ast.NativeRep()))
	return e
}

// newProgram returns a cel-go program in which constants are already evaluated.
func newProgram(env *cel.Env, ast *cel.Ast, options ...cel.ProgramOption) (cel.Program, error) {
	program, err := env.Program(ast, append(options, cel.EvalOptions(cel.OptOptimize))...)
	if err != nil { // a constant expression fails: let it fail at each evaluation
		return env.Program(ast, options...)
	}
	return program, nil
}

// measure finds what bounds the steps of an evaluation: the fields from nodes on.
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
			// Macros append to their own result, at most one element in each iteration.
			if call.FunctionName() == operators.Add && !isResult(call.Args()[0]) {
				e.grows = true
			}
		}
	}
}

// isResult reports whether an expression is the accumulator of a macro. No rule can contain such a name.
func isResult(e celast.Expr) bool {
	return e.Kind() == celast.IdentKind && e.AsIdent() == parser.HiddenAccumulatorName
}

// comparesAll reports whether a call may visit all of the exchange in each iteration of the loops around it. It
// cannot if what it visits is small. It cannot either if that is a part of the loop variable: all iterations
// together then visit no more than the list.
func comparesAll(call celast.NavigableExpr) bool {
	visited := call.Children()
	switch call.AsCall().FunctionName() {
	case operators.Equals, operators.NotEquals: // the smaller operand bounds the visits
	case operators.In:
		if list := visited[1]; list.Kind() != celast.ListKind {
			visited = visited[1:]
		}
	default:
		return false
	}
	return !slices.ContainsFunc(visited, func(e celast.NavigableExpr) bool { return isSmall(e) || isOfLoop(e) })
}

// isSmall reports whether the type of an expression has no parts.
func isSmall(e celast.NavigableExpr) bool {
	switch e.Type().Kind() {
	case types.BoolKind, types.IntKind, types.UintKind, types.DoubleKind, types.NullTypeKind, types.StringKind, types.BytesKind,
		types.TimestampKind, types.DurationKind, types.TypeKind:
		return true
	}
	return false
}

// isOfLoop reports whether an expression is the variable of a loop around it, or a part of that variable.
func isOfLoop(e celast.NavigableExpr) bool {
	root := e
	for isSelection(root) {
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

// isSelection reports whether an expression selects a member or an element of its first child.
func isSelection(e celast.NavigableExpr) bool {
	isIndex := e.Kind() == celast.CallKind && e.AsCall().FunctionName() == operators.Index
	return isIndex || e.Kind() == celast.SelectKind
}

// bounded reports whether an evaluation of the plain program ends soon, for input of this size. The bound multiplies: each loop
// visits each value, each comparison may visit all values, and each call may scan all texts. For a rule of 30 nodes with a loop
// in a loop, and a small body:
//
//	500 values    30 × 530 × 530 = 8 million steps at most: plain runs
//	600 values    30 × 630 × 630 = 12 million, which is more than maxSteps: costLimited runs
func (e *expression) bounded(input inputSize) bool {
	steps := float64(e.nodes) * (1 + float64(input.bytes)/1024)
	for range e.depth {
		steps *= float64(input.values + e.nodes)
	}
	if e.compares {
		steps *= float64(input.values + e.nodes)
	}
	if e.scans {
		steps *= 1 + float64(input.bytes)/16
	}
	return !e.grows && steps <= maxSteps
}

// celWork is what an evaluation by cel-go counts as Work. It may take anything from a microsecond to a second.
const celWork = 1 << 14

// evaluateCEL converts the parts of the exchange that the rule needs, and evaluates the expression with cel-go.
func (e *expression) evaluateCEL(v *Variables, needs PartSet) (bool, error) {
	v.prepare(needs)
	variables := activation{v, v.self()}
	planned := e.plain
	if !e.bounded(v.inputSize) {
		planned = e.costLimited
	}
	program, err := planned()
	if err != nil {
		return false, err
	}
	v.Work += celWork
	result, _, err := program.Eval(variables)
	if err != nil {
		return false, costError(err)
	}
	if b, ok := result.Value().(bool); ok {
		return b, nil
	}
	return false, errors.New("the result is neither true nor false")
}
