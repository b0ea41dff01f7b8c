package contract

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/quotaspec/quotaspec/contract/internal/rule"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// rules are the promises of a document with an expression, compiled.
type rules struct {
	env *rule.Environment
	all []*compiledRule
	// of holds those about the exchanges of each operation, those of the document among them; nil: of no operation.
	of       map[*spec.Operation][]*compiledRule
	ofSchema map[*spec.Schema][]*compiledRule // about the values of a schema
}

type compiledRule struct {
	*spec.Rule
	*rule.Program
	number int // its index in the document
}

// compileRules compiles every rule that is not among those that are compiled already.
func compileRules(doc *spec.Document, env *rule.Environment, already []*compiledRule) (rules, error) {
	c := rules{env: env, of: map[*spec.Operation][]*compiledRule{}, ofSchema: map[*spec.Schema][]*compiledRule{}}
	byRule := map[*spec.Rule]*compiledRule{}
	for i, r := range doc.Rules {
		if r.Expr == "" {
			continue
		}
		program, err := c.compile(r, already)
		if err != nil {
			return rules{}, fmt.Errorf("%s: rule %s: %w", r.Node.Member("rule").Place(), r.ID, err)
		}
		byRule[r] = &compiledRule{r, program, i}
		c.all = append(c.all, byRule[r])
	}
	for _, op := range append(doc.Operations[:len(doc.Operations):len(doc.Operations)], nil) {
		for _, r := range c.all {
			if r.Scope == spec.ScopeDocument || op != nil && slices.Contains(op.Rules, r.Rule) {
				c.of[op] = append(c.of[op], r)
			}
		}
	}
	for s := range doc.Schemas() {
		for _, r := range s.Rules {
			c.ofSchema[s] = append(c.ofSchema[s], byRule[r])
		}
	}
	return c, nil
}

// compile compiles a rule, or takes what was compiled from the same text.
func (c *rules) compile(r *spec.Rule, already []*compiledRule) (*rule.Program, error) {
	isSchema := r.Scope == spec.ScopeSchema
	for _, known := range already {
		if known.Expr == r.Expr && (known.Scope == spec.ScopeSchema) == isSchema && (known.Probe == spec.Repeat) == (r.Probe == spec.Repeat) {
			return known.Program, nil
		}
	}
	scope := rule.OfExchange
	if isSchema {
		scope = rule.OfValue
	}
	program, err := c.env.Compile(r.Expr, scope)
	if err == nil && r.Probe != spec.Repeat && program.SpeaksOf("previous.") {
		err = fmt.Errorf("it speaks of previous, which only a rule with probe: %s may", spec.Repeat)
	}
	return program, err
}

// applyRules evaluates the rules that the exchange is about.
func (j *Judge) applyRules(s *subject, request, response body, firstFailed bool, out *findings) {
	judgeProbeOffPaths(s, out)
	rules := j.rules.of[s.op]
	if len(rules)+len(j.rules.ofSchema) == 0 && s.ex.Probe == "" {
		return
	}
	e := evaluation{judge: j, subject: s, response: response, out: out}
	e.variables = rule.Variables{
		Request: rule.Request{
			Method: s.ex.Request.Method, Path: s.path, Query: s.values, Headers: s.ex.Request.Header, Body: request.value,
		},
		Response: rule.Response{Status: s.ex.Response.Status, Headers: s.ex.Response.Header, Body: response.value},
	}
	values := request.value.Size() + response.value.Size()
	if p := s.ex.Previous; p != nil {
		value, _ := looseJSON(p.Header, p.Body)
		values += value.Size()
		e.variables.Previous = &rule.Response{Status: p.Status, Headers: p.Header, Body: value}
	}
	if len(rules)+len(request.ruled)+len(response.ruled) > 0 {
		out.budget.Hold(ruleSize*values, cmp.Or(s.node(), j.doc.Root))
	}
	said := false // a rule about this probe said which answer is right
	for _, r := range rules {
		if !e.concerns(r, firstFailed) {
			continue
		}
		side, got := "/response", e.summary
		if r.OfConsumer {
			side, got = "/request", e.requestLine
		}
		spoke := e.evaluate(r, r.Evidence, side, got)
		said = said || spoke && r.Probe != "" && r.Probe != spec.Repeat
	}
	e.judgeProbeStatus(said)
	if s.op != nil {
		e.rulesOfParts(request, response)
	}
	out.passed.remove(e.broken)
}

// evaluation is the rules of one exchange while they are evaluated.
type evaluation struct {
	judge     *Judge
	subject   *subject
	response  body
	variables rule.Variables
	out       *findings
	broken    bitset // the rules that did not hold every time, by their numbers; they may be among those that are kept
}

// mark notes whether a rule held.
func (e *evaluation) mark(number int, holds bool) {
	if holds {
		e.out.passed.add(number)
		return
	}
	if e.broken == nil {
		e.broken = newBits(len(e.judge.doc.Rules))
	}
	e.broken.add(number)
}

// concerns says whether a rule about the exchanges of the operation, or of the document, is about this one.
func (e *evaluation) concerns(r *compiledRule, firstFailed bool) bool {
	ex := e.subject.ex
	switch {
	case r.Probe != "" && r.Probe != ex.Probe:
		return false
	case r.Probe == spec.Repeat && (ex.Previous == nil || r.SpeaksOf("previous.body") && firstFailed):
		return false
	case r.Probe == "" && ex.Probe == spec.UnknownPath:
		return false // no path of the document, so no promise about traffic
	}
	unseen := ex.Unrecorded
	switch {
	case unseen&UnrecordedRequest != 0 && r.SpeaksOf("request."),
		unseen&(UnrecordedRequestHeaders|UnrecordedCredentials) != 0 && r.SpeaksOf("request.headers"),
		unseen&UnrecordedResponse != 0 && r.SpeaksOf("response."),
		unseen&UnrecordedResponseHeaders != 0 && r.SpeaksOf("response.headers"),
		unseen&UnrecordedResponseBody != 0 && r.SpeaksOf("response.body"):
		return false
	case (e.out.failed["/response/body"] || e.out.failed["/response/headers"]) && r.SpeaksOf("response.body"),
		(e.out.failed["/request/body"] || e.out.failed["/request/headers"]) && r.SpeaksOf("request.body"):
		return false // the schema has said it
	}
	return true
}

// evaluate notes a rule as kept, broken or impossible to evaluate, and says whether it said anything at all. A rule is kept
// if it held every time it said something. The pointer leads to the side of the exchange that it concerns, or further if describe
// says so.
func (e *evaluation) evaluate(r *compiledRule, evidence spec.Evidence, pointer string, describe func(Finding) Finding) (spoke bool) {
	if !e.out.budget.InTime(r.Node) {
		return false
	}
	spoke, holds, err := r.Evaluate(&e.variables)
	switch {
	case err != nil:
		e.out.Errors = append(e.out.Errors, fmt.Errorf("%s: rule %s cannot be evaluated: %w", r.Node.Place(), r.ID, err))
		e.mark(r.number, false)
		return false
	case !spoke:
		return false
	case !holds:
		e.out.addLazily(Finding{ID: r.ID, Evidence: evidence, Pointer: pointer, Node: r.Node, Want: r.Says}, describe)
	}
	e.mark(r.number, holds)
	return true
}

// requestLine is the request in few words, for rules about it alone. Its query is left out.
func (e *evaluation) requestLine(f Finding) Finding {
	f.Got = e.subject.ex.Request.Method + " " + e.subject.path
	return f
}

// summary is the answer in few words, for rules that speak of the whole of it.
func (e *evaluation) summary(f Finding) Finding {
	f.Got = fmt.Sprintf("status %d", e.subject.ex.Response.Status)
	if e.response.value.Exists() {
		f.Got += " " + e.response.value.Compact()
	}
	return f
}
