package contract

import (
	"cmp"
	"fmt"
	"sync"

	"github.com/quotaspec/quotaspec/contract/internal/rule"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// A rule is a promise of the document as an expression in CEL (internal/rule). Rules of the document and of an operation are
// evaluated once for each exchange, those of a schema at each value that the schema describes:
//
//	x-rules: [{id: bounds, says: min is at most max., grade: documented, source: manual, rule: self.min <= self.max}]
//
// A rule applies only to what the recording contains and what is not broken already (concerns). A conditional rule whose
// premise is false says nothing: the rule is neither kept nor broken.

// rules are the compiled rules of a document.
type rules struct {
	env *rule.Environment
	all []*compiledRule
	// of has the rules about the exchanges of each operation, including those of the document. The key nil is for requests of
	// no operation.
	of       map[*spec.Operation][]*compiledRule
	ofSchema map[*spec.Schema]*schemaRules
}

type compiledRule struct {
	*spec.Rule
	*rule.Program
	number int // its index in the document
}

// compileRules compiles the rules that have an expression. already holds programs that can be used again.
func compileRules(doc *spec.Document, env *rule.Environment, already []*compiledRule) (rules, error) {
	c := rules{env: env, of: map[*spec.Operation][]*compiledRule{}, ofSchema: map[*spec.Schema]*schemaRules{}}
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
			if isAbout(r.Rule, op) {
				c.of[op] = append(c.of[op], r)
			}
		}
	}
	for s := range doc.Schemas() {
		if len(s.Rules) > 0 {
			c.ofSchema[s] = newSchemaRules(s, byRule)
		}
	}
	return c, nil
}

// compile compiles a rule, or returns the program of a rule with the same text and scope.
func (c *rules) compile(r *spec.Rule, already []*compiledRule) (*rule.Program, error) {
	isSchema := r.Scope == spec.ScopeSchema
	for _, known := range already {
		sameScope := (known.Scope == spec.ScopeSchema) == isSchema && (known.Probe == spec.Repeat) == (r.Probe == spec.Repeat)
		if known.Expr == r.Expr && sameScope {
			return known.Program, nil
		}
	}
	scope := rule.OfExchange
	if isSchema {
		scope = rule.OfValue
	}
	program, err := c.env.Compile(r.Expr, scope)
	if err == nil && r.Probe != spec.Repeat && program.Parts.Has(rule.AnyPrevious) {
		err = fmt.Errorf("it uses previous, which only a rule with probe: %s may use", spec.Repeat)
	}
	return program, err
}

// applyRules evaluates the rules that concern the exchange, and judges the status of a probe.
func (j *Judge) applyRules(s *subject, request, response body, previousFailed bool, out *findings) {
	judgeProbeOffPaths(s, out)
	rules := j.rules.of[s.op]
	if len(rules)+len(j.rules.ofSchema) == 0 && s.ex.Probe == "" {
		return
	}
	e := evaluations.Get().(*evaluation)
	defer e.free()
	e.judge, e.subject, e.response, e.out, e.variables.Work = j, s, response, out, maxUnclocked
	e.hidden = e.hiddenParts(previousFailed)
	v := &e.variables
	v.Request = rule.Request{
		Method: s.ex.Request.Method, Path: s.path, Query: s.values, Headers: s.ex.Request.Header, Body: request.value,
	}
	v.Response = rule.Response{Status: s.ex.Response.Status, Headers: s.ex.Response.Header, Body: response.value}
	values := request.value.Size() + response.value.Size()
	if p := s.ex.Previous; p != nil {
		value, _ := looseJSON(p.Header, p.Body)
		values += value.Size()
		v.Previous = &rule.Response{Status: p.Status, Headers: p.Header, Body: value}
	}
	if len(rules)+len(request.ruled)+len(response.ruled) > 0 {
		out.budget.Hold(ruleSize*values, cmp.Or(s.node(), j.doc.Root))
	}
	decided := false // whether a rule about this probe applied, so that it decides which status is right
	for _, r := range rules {
		if !e.concerns(r) {
			continue
		}
		applied := e.evaluate(r)
		if isOfProbe := r.Probe != "" && r.Probe != spec.Repeat; applied && isOfProbe {
			decided = true
		}
	}
	e.judgeProbeStatus(decided)
	if s.op != nil {
		e.rulesOfParts(request, response)
	}
	out.passed.remove(e.broken)
}

// evaluation is the state of evaluating rules over one exchange.
type evaluation struct {
	judge     *Judge
	subject   *subject
	response  body
	variables rule.Variables
	hidden    rule.PartSet // see hiddenParts
	out       *findings
	broken    bitset // the rules that failed at least once; they may be in out.passed too
}

// maxUnclocked is the work on rules after which the clock is read. Reading it takes longer than evaluating most rules.
const maxUnclocked = 1 << 14

// evaluations are to be used again, since they own the memory that rules work with.
var evaluations = sync.Pool{New: func() any { return &evaluation{} }}

// free empties an evaluation for the next use.
func (e *evaluation) free() {
	e.variables.Reset()
	e.judge, e.subject, e.response, e.out, e.broken = nil, nil, body{}, nil, nil
	evaluations.Put(e)
}

// mark marks a rule as passed or broken.
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

// concerns reports whether a rule of the operation or of the document applies to the exchange.
func (e *evaluation) concerns(r *compiledRule) bool {
	ex := e.subject.ex
	switch {
	case r.Probe != "" && r.Probe != ex.Probe:
		return false
	case r.Probe == spec.Repeat && ex.Previous == nil:
		return false
	case r.Probe == "" && ex.Probe == spec.UnknownPath:
		return false // the path is not in the document
	}
	return !r.Parts.Has(e.hidden)
}

// hiddenParts returns the parts of the exchange that no rule may be about: those that were not recorded, and those with a finding
// already.
func (e *evaluation) hiddenParts(previousFailed bool) (hidden rule.PartSet) {
	unrecorded := e.subject.ex.Unrecorded
	if e.subject.ex.Expected {
		unrecorded |= UnrecordedResponse // a rule may be about what the consumer does not need
	}
	failed := e.out.failed
	for _, hides := range [...]struct {
		isSo  bool
		parts rule.PartSet
	}{
		{previousFailed, rule.PreviousBody},
		{unrecorded&(UnrecordedRequest|UnrecordedSecrets) != 0, rule.AnyRequest},
		{unrecorded&UnrecordedRequestBody != 0, rule.RequestBody},
		{unrecorded&(UnrecordedRequestHeaders|UnrecordedCredentials) != 0, rule.RequestHeaders},
		{unrecorded&UnrecordedResponse != 0, rule.AnyResponse},
		{unrecorded&UnrecordedResponseHeaders != 0, rule.ResponseHeaders},
		{unrecorded&UnrecordedResponseBody != 0, rule.ResponseBody},
		{failed["/request/body"] || failed["/request/headers"], rule.RequestBody},
		{failed["/response/body"] || failed["/response/headers"], rule.ResponseBody},
	} {
		if hides.isSo {
			hidden |= hides.parts
		}
	}
	return hidden
}

// inTime reads the clock if much was evaluated since the last time, and reports whether there is time for another rule.
func (e *evaluation) inTime(r *compiledRule) bool {
	if e.variables.Work < maxUnclocked {
		return true
	}
	if !e.out.budget.InTime(r.Node) {
		return false
	}
	e.variables.Work = 0
	return true
}

// evaluate evaluates a rule of the operation or of the document, and adds a finding if it is broken. It reports whether the rule
// applied.
func (e *evaluation) evaluate(r *compiledRule) (applied bool) {
	if !e.inTime(r) {
		return false
	}
	applied, holds, err := r.Evaluate(&e.variables)
	if e.hasBroken(r, applied, holds, err) {
		side, describe := "/response", e.summary
		if r.OfConsumer {
			side, describe = "/request", e.requestLine
		}
		e.out.addLazily(Finding{ID: r.ID, Evidence: r.Evidence, Pointer: side, Node: r.Node, Want: r.Says}, describe)
	}
	return applied
}

// hasBroken marks a rule by its result as passed or broken, adds its error, and reports whether there must be a finding. A rule
// has not applied if its premise is false, or after an error.
func (e *evaluation) hasBroken(r *compiledRule, applied, holds bool, err error) bool {
	if err != nil {
		e.out.Errors = append(e.out.Errors, fmt.Errorf("%s: rule %s cannot be evaluated: %w", r.Node.Place(), r.ID, err))
	}
	if applied || err != nil {
		e.mark(r.number, holds)
	}
	return applied && !holds
}

// requestLine describes the request for findings of rules about it alone, without its query.
func (e *evaluation) requestLine(f Finding) Finding {
	f.Got = e.subject.ex.Request.Method + " " + e.subject.path
	return f
}

// summary describes the response for findings of rules about the whole of it.
func (e *evaluation) summary(f Finding) Finding {
	f.Got = fmt.Sprintf("status %d", e.subject.ex.Response.Status)
	if e.response.value.Exists() {
		f.Got += " " + e.response.value.Compact()
	}
	return f
}
