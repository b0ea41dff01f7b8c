package contract

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/operators"
	"github.com/getkin/kin-openapi/openapi3"

	"github.com/quotaspec/quotaspec/openapi"
)

// ruleCost bounds what the evaluation of one rule may cost, in CEL's units.
const ruleCost = 10_000_000

type compiledRule struct {
	*openapi.Rule
	premise    cel.Program // nil: the rule is about every exchange in its scope
	conclusion cel.Program
	// Which parts of the exchange it speaks of: without them it cannot be evaluated.
	ofRequest, ofRequestBody, ofResponseBody, ofPreviousBody bool
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
		premise, conclusion, err := compile(env, r.Expr)
		if err != nil {
			return nil, fmt.Errorf("%s: rule %s: %w", doc.Place(r.Pointer+"/rule"), r.ID, err)
		}
		rules = append(rules, compiledRule{
			Rule: r, premise: premise, conclusion: conclusion,
			ofRequest:      strings.Contains(r.Expr, "request."),
			ofRequestBody:  strings.Contains(r.Expr, "request.body"),
			ofResponseBody: strings.Contains(r.Expr, "response.body"),
			ofPreviousBody: strings.Contains(r.Expr, "previous.body"),
		})
	}
	return rules, nil
}

// compile takes a rule of the form "premise ? conclusion : true" apart: where the premise does not hold, the rule says
// nothing, and such an exchange must not count as one that kept it.
func compile(env *cel.Env, expr string) (premise, conclusion cel.Program, err error) {
	ast, issues := env.Compile(expr)
	if issues != nil && issues.Err() != nil {
		first := issues.Errors()[0]
		return nil, nil, fmt.Errorf("%s (line %d, column %d of the rule)", oneLine(first.Message), first.Location.Line(), first.Location.Column()+1)
	}
	if kind := ast.OutputType(); kind != cel.BoolType && kind != cel.DynType {
		return nil, nil, fmt.Errorf("it gives %s, not true or false", kind)
	}
	parsed, err := cel.AstToParsedExpr(ast)
	if err != nil {
		return nil, nil, err
	}
	call := parsed.GetExpr().GetCallExpr()
	if call.GetFunction() != operators.Conditional || !call.GetArgs()[2].GetConstExpr().GetBoolValue() {
		conclusion, err = env.Program(ast, cel.CostLimit(ruleCost))
		return nil, conclusion, err
	}
	programs := [2]cel.Program{}
	for i, arg := range call.GetArgs()[:2] {
		parsed.Expr = arg
		part, issues := env.Check(cel.ParsedExprToAst(parsed))
		if issues != nil && issues.Err() != nil {
			return nil, nil, errors.New(oneLine(issues.Err().Error()))
		}
		if programs[i], err = env.Program(part, cel.CostLimit(ruleCost)); err != nil {
			return nil, nil, err
		}
	}
	return programs[0], programs[1], nil
}

func oneLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}

// applyRules evaluates the rules that the exchange is about.
func (c *hearing) applyRules() {
	variables := map[string]any{}
	outcome := map[string]bool{}
	c.probeStatus(outcome)
	for _, r := range c.rules {
		if r.Scope == openapi.ScopeSchema || !c.concerns(r) {
			continue
		}
		if len(variables) == 0 {
			variables = c.variables()
		}
		c.evaluate(r, variables, "/response", c.summary, outcome)
	}
	if c.op != nil {
		if c.answer != nil && c.responseBody != nil {
			c.schemaRules(c.responseBody, contentSchema(c.answer.Spec.Content, c.ex.Response.Header), "/response/body", outcome)
		}
		if c.requestBody != nil && c.op.Spec.RequestBody != nil {
			c.schemaRules(c.requestBody, contentSchema(c.op.Spec.RequestBody.Value.Content, c.ex.Request.Header), "/request/body", outcome)
		}
	}
	for _, r := range c.doc.Rules {
		if outcome[r.ID] {
			c.verdict.Kept = append(c.verdict.Kept, r.ID)
		}
	}
}

// concerns says whether a rule about exchanges is about this one.
func (c *hearing) concerns(r compiledRule) bool {
	if r.Probe != "" && r.Probe != c.ex.Probe {
		return false
	}
	if r.Probe == openapi.Repeat && (c.ex.Previous == nil || r.ofPreviousBody && !c.previousBodyHolds()) {
		return false
	}
	if r.Probe == "" && c.ex.Probe == string(openapi.UnknownPath) {
		return false // no path of the document, so no promise about traffic
	}
	if r.ofRequest && c.ex.Unseen&UnseenRequest != 0 {
		return false
	}
	if r.ofResponseBody && (c.failedAt("/response/body") || c.failedAt("/response/headers")) || r.ofRequestBody && c.failedAt("/request/body") {
		return false // the schema has said it
	}
	return r.Scope == openapi.ScopeDocument || c.op != nil && r.Holder == c.op.Pointer
}

// previousBodyHolds says whether the body of the first answer is what the document describes. It was judged by itself.
func (c *hearing) previousBodyHolds() bool {
	first := c.Exchange(Exchange{Request: c.ex.Request, Response: *c.ex.Previous, Unseen: c.ex.Unseen})
	return !slices.ContainsFunc(first.Deviations, func(d Deviation) bool {
		return d.Evidence.Grade < openapi.Undocumented && (strings.HasPrefix(d.Pointer, "/response/body") || strings.HasPrefix(d.Pointer, "/response/headers"))
	})
}

// evaluate notes a rule as kept, broken or impossible to evaluate. A rule is kept if it held every time it said something.
func (c *hearing) evaluate(r compiledRule, variables map[string]any, pointer string, got func() string, outcome map[string]bool) {
	holds := true
	var err error
	if r.premise != nil {
		if holds, err = decide(r.premise, variables); err == nil && !holds {
			return
		}
	}
	if err == nil {
		holds, err = decide(r.conclusion, variables)
	}
	switch {
	case err != nil:
		c.verdict.Errors = append(c.verdict.Errors, fmt.Errorf("%s: rule %s cannot be evaluated: %s", c.doc.Place(r.Pointer), r.ID, oneLine(err.Error())))
		outcome[r.ID] = false
	case !holds:
		evidence := r.Evidence
		if r.Scope == openapi.ScopeSchema && c.answer != nil {
			evidence = openapi.Weaker(r.Evidence, c.answer.Evidence)
		}
		c.deviate(r.ID, evidence, pointer, r.Pointer, r.Says, got())
		outcome[r.ID] = false
	default:
		if _, seen := outcome[r.ID]; !seen {
			outcome[r.ID] = true
		}
	}
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
			"headers": lowerCase(c.ex.Request.Header), "body": forRules(c.requestBody),
		},
		"response": responseVariable(&c.ex.Response, c.responseBody),
		"previous": map[string]any{},
	}
	if p := c.ex.Previous; p != nil {
		v["previous"] = responseVariable(p, looseJSON(p.Header, p.Body))
	}
	return v
}

func responseVariable(r *Response, body any) map[string]any {
	return map[string]any{"status": r.Status, "headers": lowerCase(r.Header), "body": forRules(body)}
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

// schemaRules evaluates the rules of the schemas along a value.
func (c *hearing) schemaRules(value any, ref *openapi3.SchemaRef, pointer string, outcome map[string]bool) {
	if ref == nil || ref.Value == nil {
		return
	}
	for _, s := range parts([]*openapi3.Schema{ref.Value}) {
		holder := c.doc.SchemaPointer(s)
		for _, r := range c.rules {
			if r.Scope == openapi.ScopeSchema && r.Holder == holder && !c.failedAt(pointer) {
				c.evaluate(r, map[string]any{"self": forRules(value)}, pointer, func() string { return compact(value) }, outcome)
			}
		}
		switch v := value.(type) {
		case []any:
			for i, element := range v {
				c.schemaRules(element, s.Items, pointer+"/"+strconv.Itoa(i), outcome)
			}
		case map[string]any:
			for _, name := range sortedKeys(v) {
				c.schemaRules(v[name], s.Properties[name], pointer+"/"+escapePointer(name), outcome)
			}
		}
	}
}

// probeStatus judges the status by what the probe tried: success for a valid request, and for a fault one of the statuses
// whose x-error-codes name it. The rules that have this probe and no expression say just that.
func (c *hearing) probeStatus(outcome map[string]bool) {
	status := c.ex.Response.Status
	if c.ex.Probe == "" {
		return
	}
	if c.op == nil {
		if status == http.StatusTooManyRequests || status >= 500 {
			c.deviate("status/no-answer", c.inherited, "/response/status", "", "an answer to the question", strconv.Itoa(status))
		}
		return
	}
	want := c.statusesFor(c.ex.Probe)
	kept := slices.ContainsFunc(want, func(key string) bool {
		return strings.EqualFold(key, strconv.Itoa(status)) || strings.EqualFold(key, fmt.Sprintf("%dXX", status/100))
	})
	said := false
	for _, r := range c.doc.Rules {
		if r.Probe != c.ex.Probe || r.Scope == openapi.ScopeOperation && r.Holder != c.op.Pointer {
			continue
		}
		if r.Expr != "" {
			said = said || r.Probe != openapi.Repeat // the rule says itself which statuses are right
			continue
		}
		said = true
		outcome[r.ID] = kept
		if !kept {
			c.deviate(r.ID, r.Evidence, "/response/status", r.Pointer, strings.Join(want, " or "), strconv.Itoa(status))
		}
	}
	if !kept && !said {
		c.deviate("status/"+c.ex.Probe, c.op.Evidence, "/response/status", c.op.Pointer+"/responses", strings.Join(want, " or "), strconv.Itoa(status))
	}
}

// statusesFor lists the statuses with which a probe may be answered.
func (c *hearing) statusesFor(probe string) []string {
	statuses := []string{}
	if probe != ValidRequest && probe != openapi.Repeat {
		statuses = c.op.Statuses(openapi.Fault(probe))
		if len(statuses) > 0 {
			return statuses
		}
	}
	for _, r := range c.op.Responses {
		isSuccess := strings.HasPrefix(r.Status, "2")
		if isSuccess == (probe == ValidRequest || probe == openapi.Repeat) && (isSuccess || strings.HasPrefix(r.Status, "4")) {
			statuses = append(statuses, r.Status)
		}
	}
	return statuses
}

func contentSchema(content openapi3.Content, header http.Header) *openapi3.SchemaRef {
	if media := content.Get(header.Get("Content-Type")); media != nil {
		return media.Schema
	}
	return nil
}
