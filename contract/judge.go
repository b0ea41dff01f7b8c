// Package contract is the judge: an OpenAPI document and an exchange go in, findings come out.
//
// It knows nothing but the document that it is given: no path, operation, type or code of any service stands in it. It
// shares no code with the server, the client and what is generated for them, so that no bug can satisfy both sides.
//
// An exchange takes one straight way: it is read (subject.go), then its request is judged (request.go), then its response
// (response.go), then the rules of the document are evaluated over both (rules.go). Each step takes what it needs and adds
// findings.
package contract

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/quotaspec/quotaspec/contract/internal/rule"
	"github.com/quotaspec/quotaspec/contract/internal/schema"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Judge judges exchanges by one document. It may be used concurrently.
type Judge struct {
	doc     *spec.Document
	servers []string // beside those of the document
	sites   []*site
	indexes map[*spec.Node]int // what an exchange can have of the document, numbered
	nodes   []*spec.Node       // the same, by number
	schemas *schema.Set
	rules   rules
	places  credentialPlaces
	// operations are made for judging when the first exchange needs them.
	operations      map[*spec.Operation]func() *operation
	defaultEvidence spec.Evidence // of what the document says of its own
	timeLimit       time.Duration // of one exchange
}

// Load reads a document from disk, as spec.Load does, and makes a judge of it.
func Load(file string, servers ...string) (*Judge, error) {
	doc, err := spec.Load(file)
	if err != nil {
		return nil, err
	}
	return New(doc, servers...)
}

// New makes a judge of a document. A rule that does not compile is an error of one line, with file and line.
//
// Exchanges whose Origin is known are judged if their URL begins with a server of the document or with one of the URLs in
// servers, such as https://staging.example.com/v1.
func New(doc *spec.Document, servers ...string) (*Judge, error) {
	env, err := rule.NewEnvironment()
	if err != nil {
		return nil, err
	}
	return newJudge(doc, servers, env, nil)
}

// Recompile makes a judge of a variant of the document. It is the same judge as New makes, sooner: rules that stand in both
// documents are not compiled again.
func (j *Judge) Recompile(doc *spec.Document) (*Judge, error) {
	return newJudge(doc, j.servers, j.rules.env, j.rules.all)
}

func newJudge(doc *spec.Document, servers []string, env *rule.Environment, already []*compiledRule) (*Judge, error) {
	rules, err := compileRules(doc, env, already)
	if err != nil {
		return nil, err
	}
	j := &Judge{
		doc: doc, servers: servers, sites: newSites(doc, servers), indexes: map[*spec.Node]int{}, schemas: schema.New(doc),
		rules: rules, places: credentialsOf(doc),
		defaultEvidence: doc.Evidence(doc.Root, spec.Evidence{Grade: spec.Documented, Source: []string{doc.File}}),
		timeLimit:       timeLimit,
	}
	j.indexNodes()
	j.operations = j.newOperations()
	return j, nil
}

// indexNodes gives each part of the document that an exchange can have a indexNodes.
func (j *Judge) indexNodes() {
	add := func(n *spec.Node) {
		if _, known := j.indexes[n]; n != nil && !known {
			j.indexes[n] = len(j.nodes)
			j.nodes = append(j.nodes, n)
		}
	}
	contents := func(list []*spec.MediaType) {
		for _, m := range list {
			add(m.Node)
		}
	}
	for _, op := range j.doc.Operations {
		add(op.Node)
		for _, p := range op.Parameters {
			add(p.Node)
		}
		if op.Body != nil {
			contents(op.Body.Content)
		}
		for _, r := range op.Responses {
			add(r.Node)
			contents(r.Content)
			for _, h := range r.Headers {
				add(headerNode(r, h.Name))
			}
		}
	}
	for s := range j.doc.Schemas() {
		for _, value := range s.Enum {
			add(value)
		}
	}
}

// headerNode is the node of a header in a response. Header.Node may be shared by several.
func headerNode(r *spec.Response, name string) *spec.Node {
	return r.Node.Member("headers").Member(name)
}

// Document returns the document that the judge goes by.
func (j *Judge) Document() *spec.Document { return j.doc }

// Accepts says whether a request may hold a value by a schema. The value is as encoding/json decodes it, with UseNumber or
// without.
func (j *Judge) Accepts(s *spec.Schema, value any) bool {
	return j.schemas.Checker(s).Valid(strictjson.FromAny(value), schema.Options{Direction: schema.Request, AssertFormats: true})
}

// Check judges an exchange. What is wrong with an exchange is a finding. One that takes more than 30 seconds or 512 MiB
// has what was found so far, and an error.
func (j *Judge) Check(ex Exchange) Result {
	return j.checkWithin(ex, schema.NewBudget(j.timeLimit, memoryLimit), nil)
}

// checkWithin judges an exchange, which may be the first half of one with two answers.
func (j *Judge) checkWithin(ex Exchange, budget *schema.Budget, both *findings) Result {
	s := j.newSubject(&ex)
	out := &findings{
		Result: Result{Served: s.served, judge: j, covered: newBits(len(j.nodes)), passed: newBits(len(j.doc.Rules))},
		ex:     &ex, budget: budget, repeat: both,
	}
	out.cover = func(n *spec.Node) {
		if i, ok := j.indexes[n]; ok {
			out.covered.add(i)
		}
	}
	if ex.Probe == "" && ex.Request.IsPreflight() {
		return out.Result
	}
	if s.op != nil {
		out.Operation = s.op.ID
	}
	switch {
	case ex.Probe == "" && !s.known:
		j.nearMiss(s, out)
	case s.op != nil && s.op.Refused != nil:
		out.Judged = true
		out.Errors = append(out.Errors, fmt.Errorf("%s cannot be judged: %s", s.op.ID, s.op.Refused))
	default:
		out.Judged = true
		j.judge(s, out)
	}
	return out.Result
}

// judge takes the steps.
func (j *Judge) judge(s *subject, out *findings) {
	if s.op != nil {
		out.cover(s.op.Node)
		if len(s.op.Callbacks) > 0 {
			out.addNotChecked("callbacks", nil)
		}
	}
	if s.response != nil {
		out.cover(s.response.Node)
		if len(s.response.Links) > 0 {
			out.addNotChecked("response links", nil)
		}
	}
	firstFailed := s.ex.Previous != nil && j.judgePrevious(s, out)
	request := j.judgeRequest(s, out)
	response := j.judgeResponse(s, out)
	if s.ex.Response.Status != 0 || s.ex.Unrecorded&UnrecordedResponse != 0 {
		j.applyRules(s, request, response, firstFailed, out)
	}
	out.reportLimits()
	request.value.Free() // whatever is said of them is text
	response.value.Free()
}

// judgePrevious judges the first of two answers by itself, and says whether it has no body that could be compared. What is wrong
// with it is not said again of the second.
func (j *Judge) judgePrevious(s *subject, out *findings) bool {
	first := Exchange{Request: s.ex.Request, Response: *s.ex.Previous, Probe: s.ex.Probe, Unrecorded: s.ex.Unrecorded}
	result := j.checkWithin(first, out.budget, out)
	for _, f := range result.Findings {
		if !f.Request() { // the request is the same, and judged below
			out.previous = append(out.previous, f)
		}
	}
	out.Findings = slices.Clone(out.previous)
	return slices.ContainsFunc(result.Findings, func(f Finding) bool {
		return f.Evidence.Grade < spec.Undocumented && (strings.HasPrefix(f.Pointer, "/response/body") || strings.HasPrefix(f.Pointer, "/response/headers"))
	})
}

// standard is the evidence of what HTTP and JSON themselves promise.
func standard(rfc string) spec.Evidence {
	return spec.Evidence{Grade: spec.Documented, Source: []string{rfc}}
}

// undocumented is the evidence of what the document does not know.
var undocumented = spec.Evidence{Grade: spec.Undocumented, Source: []string{"not in the document"}}
