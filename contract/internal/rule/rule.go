// Package rule compiles and evaluates the rules of documents. A rule is a CEL expression over an exchange, or over a
// value in one of its bodies.
//
//	env, err := rule.NewEnvironment()
//	program, err := env.Compile("response.status == 200 ? size(response.body.items) > 0 : true", rule.OfExchange)
//	variables := &rule.Variables{Response: rule.Response{Status: 200, Body: body}}
//	applies, holds, err := program.Evaluate(variables)
//
// There are two evaluators. Most rules select members, compare scalars and loop over lists. For these parts of CEL, Compile
// builds Go closures that read the judge's own values, so nothing is converted (native.go). If the closures meet
// anything else, their result is unknown, and cel-go evaluates the rule from the beginning. For that, the parts of the exchange
// that the rule refers to are converted to CEL values, once for all rules (variables.go). Only cel-go decides which evaluation
// fails. The tests compare both evaluators.
//
// Every evaluation ends. The closures stop after a number of steps. For cel-go, an upper bound of the cost is computed from the
// form of the rule and the size of the exchange. Where that bound is too high, cel-go counts the cost and stops (expression.go,
// cost.go).
//
// The package knows no documents and no findings. No other package of the judge imports CEL.
package rule

import (
	"errors"
	"fmt"
	"strings"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/operators"
)

// Scope is the kind of value that a rule is about.
type Scope int

// The scopes of rules.
const (
	OfExchange Scope = iota // the variables are request, response and previous
	OfValue                 // the variable is self
)

// Environment declares the variables of rules. It has only standard CEL, so that other implementations give the
// same results. It is safe for concurrent use.
type Environment struct{ exchange, value *cel.Env }

// NewEnvironment returns the environment for all rules. One is enough for a process.
func NewEnvironment() (*Environment, error) {
	message := cel.MapType(cel.StringType, cel.DynType)
	exchange, err := cel.NewEnv(
		cel.Variable("request", message), cel.Variable("response", message), cel.Variable("previous", message))
	if err != nil {
		return nil, fmt.Errorf("prepare the CEL environment: %w", err)
	}
	value, err := cel.NewEnv(cel.Variable("self", cel.DynType))
	if err != nil {
		return nil, fmt.Errorf("prepare the CEL environment: %w", err)
	}
	return &Environment{exchange, value}, nil
}

// Program is a compiled rule. It is safe for concurrent use.
type Program struct {
	// Parts are the parts of the exchange that the rule refers to.
	Parts PartSet
	// OfConsumer reports that the conclusion refers only to the request, so the consumer keeps or breaks the promise.
	OfConsumer bool

	premise    *expression // nil: the rule applies to every exchange in its scope
	conclusion *expression
	alone      func() *Group // of this program only
}

// Compile compiles a rule. An error is one line, with the line and column in the rule if known.
//
// A rule of the form "premise ? conclusion : true" is split in two. If the premise is false, the rule does not
// apply, and the exchange must not count as one that passed it.
func (e *Environment) Compile(expr string, of Scope) (*Program, error) {
	env := e.exchange
	if of == OfValue {
		env = e.value
	}
	ast, issues := env.Compile(expr)
	if issues != nil && issues.Err() != nil {
		first := issues.Errors()[0]
		line, column := first.Location.Line(), first.Location.Column()+1
		return nil, fmt.Errorf("%s (line %d, column %d of the rule)", oneLine(first.Message), line, column)
	}
	if kind := ast.OutputType(); kind != cel.BoolType && kind != cel.DynType {
		return nil, fmt.Errorf("the result is %s, want bool", kind)
	}
	p := &Program{Parts: partsOf(ast)}
	p.alone = sync.OnceValue(func() *Group { return NewGroup(p) })
	if err := p.compile(env, ast); err != nil {
		return nil, err
	}
	return p, nil
}

// compile splits the rule into premise and conclusion, and compiles both.
func (p *Program) compile(env *cel.Env, ast *cel.Ast) error {
	parsed, err := cel.AstToParsedExpr(ast)
	if err != nil {
		return err
	}
	call := parsed.GetExpr().GetCallExpr()
	if call.GetFunction() != operators.Conditional || !call.GetArgs()[2].GetConstExpr().GetBoolValue() {
		p.OfConsumer = p.Parts.isOnly(AnyRequest)
		p.conclusion = newExpression(env, ast)
		return nil
	}
	halves := [2]*expression{}
	for i, arg := range call.GetArgs()[:2] {
		parsed.Expr = arg
		half, issues := env.Check(cel.ParsedExprToAst(parsed))
		if issues != nil && issues.Err() != nil {
			return errors.New(oneLine(issues.Err().Error()))
		}
		halves[i] = newExpression(env, half)
		p.OfConsumer = partsOf(half).isOnly(AnyRequest) // the conclusion comes last
	}
	p.premise, p.conclusion = halves[0], halves[1]
	return nil
}

// Evaluate evaluates the rule. If applies is false, the premise is false and the rule makes no statement about
// these variables. An error is one line and contains no values of the exchange.
func (p *Program) Evaluate(v *Variables) (applies, holds bool, err error) {
	g := p.alone()
	g.Bind(v, v.Self)
	return g.Evaluate(0, v)
}

// withoutValues removes what cel-go says after a colon, which may be a value that the provider sent.
func withoutValues(err error) error {
	if err == nil {
		return nil
	}
	why, _, _ := strings.Cut(oneLine(err.Error()), ":")
	return errors.New(why)
}

// oneLine returns the first line of a text.
func oneLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}
