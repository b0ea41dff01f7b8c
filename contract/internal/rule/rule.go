// Package rule compiles and evaluates the rules of documents: CEL expressions over an exchange, or over a value of its
// bodies.
//
//	env, err := rule.NewEnvironment()
//	program, err := env.Compile("response.status == 200 ? size(response.body.items) > 0 : true", rule.OfExchange)
//	variables := &rule.Variables{Response: rule.Response{Status: 200, Body: body}}
//	spoke, holds, err := program.Evaluate(variables)
//
// It takes texts and values, and knows no document. Nothing else of the judge imports CEL.
package rule

import (
	"errors"
	"fmt"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/operators"
)

// Scope is what a rule is about.
type Scope int

// The scopes of rules.
const (
	OfExchange Scope = iota // its variables are request, response and previous
	OfValue                 // its variable is self
)

// Environment declares the variables of rules. Only standard CEL is there, so that other implementations agree. It may
// be used concurrently.
type Environment struct{ exchange, value *cel.Env }

// NewEnvironment makes the environment of all rules: one is enough for a program.
func NewEnvironment() (*Environment, error) {
	message := cel.MapType(cel.StringType, cel.DynType)
	exchange, err := cel.NewEnv(cel.Variable("request", message), cel.Variable("response", message), cel.Variable("previous", message))
	if err != nil {
		return nil, fmt.Errorf("prepare the rules: %w", err)
	}
	value, err := cel.NewEnv(cel.Variable("self", cel.DynType))
	if err != nil {
		return nil, fmt.Errorf("prepare the rules: %w", err)
	}
	return &Environment{exchange, value}, nil
}

// Program is a compiled rule. It may be used concurrently.
type Program struct {
	// Parts lists the parts of the exchange that the rule refers to, such as response.body. Without them it cannot be
	// evaluated.
	Parts []string
	// OfConsumer: the conclusion refers to the request alone, so the consumer keeps or breaks it.
	OfConsumer bool

	needs      parts
	premise    *expression // nil: the rule is about every exchange in its scope
	conclusion *expression
}

// Compile compiles a rule. Its errors are one line with the line and column in the rule, as far as there are any.
//
// A rule of the form "premise ? conclusion : true" is taken apart: where the premise is false the rule says nothing, and
// such an exchange must not count as one that kept it.
func (e *Environment) Compile(expr string, of Scope) (*Program, error) {
	env := e.exchange
	if of == OfValue {
		env = e.value
	}
	ast, issues := env.Compile(expr)
	if issues != nil && issues.Err() != nil {
		first := issues.Errors()[0]
		return nil, fmt.Errorf("%s (line %d, column %d of the rule)", oneLine(first.Message), first.Location.Line(), first.Location.Column()+1)
	}
	if kind := ast.OutputType(); kind != cel.BoolType && kind != cel.DynType {
		return nil, fmt.Errorf("it gives %s, not true or false", kind)
	}
	p := &Program{Parts: partsOf(ast)}
	p.needs = needed(p.Parts)
	if err := p.compile(env, ast); err != nil {
		return nil, err
	}
	return p, nil
}

// compile makes the expressions of a rule.
func (p *Program) compile(env *cel.Env, ast *cel.Ast) error {
	parsed, err := cel.AstToParsedExpr(ast)
	if err != nil {
		return err
	}
	call := parsed.GetExpr().GetCallExpr()
	if call.GetFunction() != operators.Conditional || !call.GetArgs()[2].GetConstExpr().GetBoolValue() {
		p.OfConsumer = onlyRequest(p.Parts)
		p.conclusion, err = newExpression(env, ast)
		return err
	}
	halves := [2]*expression{}
	for i, arg := range call.GetArgs()[:2] {
		parsed.Expr = arg
		half, issues := env.Check(cel.ParsedExprToAst(parsed))
		if issues != nil && issues.Err() != nil {
			return errors.New(oneLine(issues.Err().Error()))
		}
		if halves[i], err = newExpression(env, half); err != nil {
			return err
		}
		p.OfConsumer = onlyRequest(partsOf(half)) // the conclusion comes last
	}
	p.premise, p.conclusion = halves[0], halves[1]
	return nil
}

// Evaluate evaluates the rule. Without spoke it says nothing about these variables: its premise is false. An error says
// why the rule cannot be evaluated, in one line that shows nothing of the exchange.
func (p *Program) Evaluate(v *Variables) (spoke, holds bool, err error) {
	if p.premise != nil {
		spoke, err = p.premise.decide(v, p.needs)
		if err != nil || !spoke {
			return false, false, withoutValues(err)
		}
	}
	holds, err = p.conclusion.decide(v, p.needs)
	return err == nil, holds, withoutValues(err)
}

// withoutValues cuts what CEL says behind a colon, which may be what the provider sent.
func withoutValues(err error) error {
	if err == nil {
		return nil
	}
	why, _, _ := strings.Cut(oneLine(err.Error()), ":")
	return errors.New(why)
}

func oneLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}
