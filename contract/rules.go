package contract

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	celast "cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"

	"github.com/quotaspec/quotaspec/openapi"
)

// ruleCost bounds what the evaluation of one rule may cost, in CEL's units.
const ruleCost = 10_000_000

type compiledRule struct {
	*openapi.Rule
	premise    cel.Program // nil: the rule is about every exchange in its scope
	conclusion cel.Program
	// about names the parts of the exchange that it speaks of, such as response.body: without them it says nothing.
	about []string
}

// compileRules compiles every rule. Only standard CEL is there, so that other implementations agree.
func compileRules(doc *openapi.Document) ([]compiledRule, error) {
	message := cel.MapType(cel.StringType, cel.DynType)
	exchange, err := cel.NewEnv(cel.Variable("request", message), cel.Variable("response", message), cel.Variable("previous", message))
	if err != nil {
		return nil, fmt.Errorf("prepare the rules: %w", err)
	}
	schema, err := cel.NewEnv(cel.Variable("self", cel.DynType))
	if err != nil {
		return nil, fmt.Errorf("prepare the rules: %w", err)
	}
	rules := []compiledRule{}
	for _, r := range doc.Rules {
		if r.Expr == "" {
			continue
		}
		env := exchange
		if r.Scope == openapi.ScopeSchema {
			env = schema
		}
		premise, conclusion, about, err := compile(env, r.Expr)
		if err != nil {
			return nil, fmt.Errorf("%s: rule %s: %w", doc.Place(r.Pointer+"/rule"), r.ID, err)
		}
		rules = append(rules, compiledRule{
			Rule: r, premise: premise, conclusion: conclusion,
			about: about,
		})
	}
	return rules, nil
}

// compile takes a rule of the form "premise ? conclusion : true" apart: where the premise does not hold, the rule says
// nothing, and such an exchange must not count as one that kept it.
func compile(env *cel.Env, expr string) (premise, conclusion cel.Program, about []string, err error) {
	ast, issues := env.Compile(expr)
	if issues != nil && issues.Err() != nil {
		first := issues.Errors()[0]
		return nil, nil, nil, fmt.Errorf("%s (line %d, column %d of the rule)", oneLine(first.Message), first.Location.Line(), first.Location.Column()+1)
	}
	if kind := ast.OutputType(); kind != cel.BoolType && kind != cel.DynType {
		return nil, nil, nil, fmt.Errorf("it gives %s, not true or false", kind)
	}
	about = partsOf(ast)
	parsed, err := cel.AstToParsedExpr(ast)
	if err != nil {
		return nil, nil, nil, err
	}
	call := parsed.GetExpr().GetCallExpr()
	if call.GetFunction() != operators.Conditional || !call.GetArgs()[2].GetConstExpr().GetBoolValue() {
		conclusion, err = env.Program(ast, cel.CostLimit(ruleCost))
		return nil, conclusion, about, err
	}
	programs := [2]cel.Program{}
	for i, arg := range call.GetArgs()[:2] {
		parsed.Expr = arg
		part, issues := env.Check(cel.ParsedExprToAst(parsed))
		if issues != nil && issues.Err() != nil {
			return nil, nil, nil, errors.New(oneLine(issues.Err().Error()))
		}
		if programs[i], err = env.Program(part, cel.CostLimit(ruleCost)); err != nil {
			return nil, nil, nil, err
		}
	}
	return programs[0], programs[1], about, nil
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

// speaksOf says whether the rule speaks of a part, or with a dot at the end of any part of a message.
func (r compiledRule) speaksOf(part string) bool {
	return slices.ContainsFunc(r.about, func(a string) bool {
		return a == part || strings.HasSuffix(part, ".") && strings.HasPrefix(a, part)
	})
}

func oneLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}

// applyRules evaluates the rules that the exchange is about.
func (c *hearing) applyRules() {
	variables := map[string]any{}
	outcome := outcomes{}
	said := false // a rule about this probe said which answer is right
	c.noAnswer()
	for _, r := range c.rules {
		if r.Scope == openapi.ScopeSchema || !c.concerns(r) {
			continue
		}
		if len(variables) == 0 {
			variables = c.variables()
		}
		spoke := c.evaluate(r, r.Evidence, variables, "/response", c.summary, outcome)
		said = said || spoke && r.Probe != "" && r.Probe != openapi.Repeat
	}
	c.probeStatus(said, outcome)
	if c.op != nil {
		c.rulesOfBodies(outcome)
	}
	for _, r := range c.doc.Rules {
		if outcome[r.ID] {
			c.verdict.Kept = append(c.verdict.Kept, r.ID)
		}
	}
}

// outcomes says of a rule that was evaluated whether it held every time.
type outcomes map[string]bool

// concerns says whether a rule about exchanges is about this one.
func (c *hearing) concerns(r compiledRule) bool {
	if r.Probe != "" && r.Probe != c.ex.Probe {
		return false
	}
	if r.Probe == openapi.Repeat && (c.ex.Previous == nil || r.speaksOf("previous.body") && c.firstFailed) {
		return false
	}
	if r.Probe == "" && c.ex.Probe == string(openapi.UnknownPath) {
		return false // no path of the document, so no promise about traffic
	}
	unseen := c.ex.Unseen
	switch {
	case unseen&UnseenRequest != 0 && r.speaksOf("request."),
		unseen&(UnseenRequestHeaders|UnseenCredentials) != 0 && r.speaksOf("request.headers"),
		unseen&UnseenResponseHeaders != 0 && r.speaksOf("response.headers"):
		return false
	case r.speaksOf("response.body") && (c.failedAt("/response/body") || c.failedAt("/response/headers")),
		r.speaksOf("request.body") && (c.failedAt("/request/body") || c.failedAt("/request/headers")):
		return false // the schema has said it
	}
	return r.Scope == openapi.ScopeDocument || c.op != nil && r.Holder == c.op.Pointer
}

// evaluate notes a rule as kept, broken or impossible to evaluate, and says whether it said anything at all. A rule is kept
// if it held every time it said something.
func (c *hearing) evaluate(r compiledRule, evidence openapi.Evidence, variables map[string]any, pointer string, got func() string, outcome outcomes) (spoke bool) {
	holds := true
	var err error
	if r.premise != nil {
		if holds, err = decide(r.premise, variables); err == nil && !holds {
			return false
		}
	}
	if err == nil {
		holds, err = decide(r.conclusion, variables)
	}
	switch {
	case err != nil:
		// What CEL says after the colon may be what the provider sent.
		why, _, _ := strings.Cut(oneLine(err.Error()), ":")
		c.verdict.Errors = append(c.verdict.Errors, fmt.Errorf("%s: rule %s cannot be evaluated: %s", c.doc.Place(r.Pointer), r.ID, why))
		outcome[r.ID] = false
		return false
	case !holds:
		c.deviate(r.ID, evidence, pointer, r.Pointer, r.Says, got())
		outcome[r.ID] = false
	default:
		if _, seen := outcome[r.ID]; !seen {
			outcome[r.ID] = true
		}
	}
	return true
}

func decide(program cel.Program, variables map[string]any) (bool, error) {
	result, _, err := program.Eval(variables)
	if err != nil {
		return false, err
	}
	if b, ok := result.Value().(bool); ok {
		return b, nil
	}
	return false, errors.New("it gave neither true nor false")
}

// variables are what docs/extensions.md promises to rules about exchanges.
func (c *hearing) variables() map[string]any {
	v := map[string]any{
		"request": map[string]any{
			"method": c.ex.Request.Method, "path": c.path, "query": map[string][]string(c.query.values),
			"headers": lowerCase(c.ex.Request.Header), "body": c.forRules(&c.requestForRules, c.requestBody),
		},
		"response": responseVariable(&c.ex.Response, c.forRules(&c.responseForRules, c.responseBody)),
		"previous": map[string]any{},
	}
	if p := c.ex.Previous; p != nil {
		first, _ := looseJSON(p.Header, p.Body)
		v["previous"] = responseVariable(p, forRules(first))
	}
	return v
}

func responseVariable(r *Response, body any) map[string]any {
	return map[string]any{"status": r.Status, "headers": lowerCase(r.Header), "body": body}
}

func lowerCase(header http.Header) map[string][]string {
	lower := map[string][]string{}
	for name, values := range header {
		lower[strings.ToLower(name)] = values
	}
	return lower
}

// summary is the answer in few words, for rules that speak of the whole of it.
func (c *hearing) summary() string {
	got := fmt.Sprintf("status %d", c.ex.Response.Status)
	if c.responseBody != nil {
		got += " " + compact(c.responseBody)
	}
	return got
}

// forRules turns a body into what CEL computes with, once.
func (c *hearing) forRules(once *any, body any) any {
	if *once == nil && body != nil {
		*once = forRules(body)
	}
	return *once
}
