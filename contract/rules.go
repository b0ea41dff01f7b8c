package contract

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	celast "cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"

	"github.com/quotaspec/quotaspec/openapi"
)

type compiledRule struct {
	*openapi.Rule
	premise    *expression // nil: the rule is about every exchange in its scope
	conclusion *expression
	// about names the parts of the exchange that it speaks of, such as response.body: without them it says nothing.
	about []string
	// ofConsumer: what it concludes is about the request alone, so the consumer keeps or breaks it.
	ofConsumer bool
}

// environments declare what rules may name. Only standard CEL is there, so that other implementations agree.
type environments struct{ exchange, schema *cel.Env }

func newEnvironments() (e environments, err error) {
	message := cel.MapType(cel.StringType, cel.DynType)
	e.exchange, err = cel.NewEnv(cel.Variable("request", message), cel.Variable("response", message), cel.Variable("previous", message))
	if err == nil {
		e.schema, err = cel.NewEnv(cel.Variable("self", cel.DynType))
	}
	if err != nil {
		return e, fmt.Errorf("prepare the rules: %w", err)
	}
	return e, nil
}

// compileRules compiles every rule that is not among those that are compiled already.
func compileRules(doc *openapi.Document, envs environments, already []*compiledRule) ([]*compiledRule, error) {
	rules := []*compiledRule{}
	for _, r := range doc.Rules {
		if r.Expr == "" {
			continue
		}
		isSchema := r.Scope == openapi.ScopeSchema
		same := func(known *compiledRule) bool {
			return known.Expr == r.Expr && known.Probe == r.Probe && (known.Scope == openapi.ScopeSchema) == isSchema
		}
		if i := slices.IndexFunc(already, same); i >= 0 {
			known := *already[i]
			known.Rule = r
			rules = append(rules, &known)
			continue
		}
		env := envs.exchange
		if isSchema {
			env = envs.schema
		}
		compiled, err := compile(env, r)
		if err != nil {
			return nil, fmt.Errorf("%s: rule %s: %w", doc.Place(r.Pointer+"/rule"), r.ID, err)
		}
		rules = append(rules, compiled)
	}
	return rules, nil
}

// compile takes a rule of the form "premise ? conclusion : true" apart: where the premise does not hold, the rule says
// nothing, and such an exchange must not count as one that kept it.
func compile(env *cel.Env, rule *openapi.Rule) (*compiledRule, error) {
	ast, issues := env.Compile(rule.Expr)
	if issues != nil && issues.Err() != nil {
		first := issues.Errors()[0]
		return nil, fmt.Errorf("%s (line %d, column %d of the rule)", oneLine(first.Message), first.Location.Line(), first.Location.Column()+1)
	}
	if kind := ast.OutputType(); kind != cel.BoolType && kind != cel.DynType {
		return nil, fmt.Errorf("it gives %s, not true or false", kind)
	}
	r := &compiledRule{Rule: rule, about: partsOf(ast)}
	if rule.Probe != openapi.Repeat && r.speaksOf("previous.") {
		return nil, fmt.Errorf("it speaks of previous, which only a rule with probe: %s may", openapi.Repeat)
	}
	parsed, err := cel.AstToParsedExpr(ast)
	if err != nil {
		return nil, err
	}
	call := parsed.GetExpr().GetCallExpr()
	if call.GetFunction() != operators.Conditional || !call.GetArgs()[2].GetConstExpr().GetBoolValue() {
		r.ofConsumer = onlyRequest(r.about)
		r.conclusion, err = newExpression(env, ast)
		return r, err
	}
	parts := [2]*expression{}
	for i, arg := range call.GetArgs()[:2] {
		parsed.Expr = arg
		part, issues := env.Check(cel.ParsedExprToAst(parsed))
		if issues != nil && issues.Err() != nil {
			return nil, errors.New(oneLine(issues.Err().Error()))
		}
		if parts[i], err = newExpression(env, part); err != nil {
			return nil, err
		}
		r.ofConsumer = onlyRequest(partsOf(part)) // the conclusion comes last
	}
	r.premise, r.conclusion = parts[0], parts[1]
	return r, nil
}

// partsOf lists the parts of the exchange that a rule speaks of; a message as a whole is all of its parts.
func partsOf(ast *cel.Ast) []string {
	parts := []string{}
	whole := map[string]int{} // how often a message is named, less how often with a part
	celast.PostOrderVisit(ast.NativeRep().Expr(), celast.NewExprVisitor(func(e celast.Expr) {
		switch e.Kind() {
		case celast.IdentKind:
			whole[e.AsIdent()]++
		case celast.SelectKind:
			if s := e.AsSelect(); s.Operand().Kind() == celast.IdentKind {
				whole[s.Operand().AsIdent()]--
				parts = append(parts, s.Operand().AsIdent()+"."+s.FieldName())
			}
		case celast.CallKind:
			if c := e.AsCall(); c.FunctionName() == operators.Index && c.Args()[0].Kind() == celast.IdentKind && c.Args()[1].Kind() == celast.LiteralKind {
				if field, ok := c.Args()[1].AsLiteral().Value().(string); ok {
					whole[c.Args()[0].AsIdent()]--
					parts = append(parts, c.Args()[0].AsIdent()+"."+field)
				}
			}
		}
	}))
	for name, times := range whole {
		if times > 0 {
			parts = append(parts, name+".headers", name+".body", name+".")
		}
	}
	return parts
}

// onlyRequest says whether parts of an exchange are parts of its request and nothing else.
func onlyRequest(parts []string) bool {
	return len(parts) > 0 && !slices.ContainsFunc(parts, func(part string) bool { return !strings.HasPrefix(part, "request.") })
}

// speaksOf says whether the rule speaks of a part, or with a dot at the end of any part of a message.
func (r *compiledRule) speaksOf(part string) bool {
	return slices.ContainsFunc(r.about, func(a string) bool {
		return a == part || strings.HasSuffix(part, ".") && strings.HasPrefix(a, part)
	})
}

func oneLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}
