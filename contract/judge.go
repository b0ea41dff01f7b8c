// Package contract judges HTTP exchanges by an OpenAPI document. It tells you each way in which a request or a response
// breaks a promise of the document, of HTTP or of JSON.
//
// A test of a provider needs four calls (without the checks of err):
//
//	judge, err := contract.Load("openapi.yaml") // once: it may be used concurrently
//	resp, err := http.Get(url + "/pets/1")
//	result, err := judge.CheckHTTP(resp.Request, resp) // both bodies can be read again
//	if err := result.Err(); err != nil {
//		t.Error(err) // one line for each broken promise
//	}
//
// [Result.Err] is the verdict on the provider. A test of a consumer has the same calls and asks for the other side:
//
//	if err := result.ErrFor(contract.Consumer, spec.Recorded); err != nil {
//		t.Error(err) // parameter/undocumented at /request/query/limt: … did you mean "limit"?
//	}
//
// [Result.Findings] lists all findings, also those of the other side and those of weak evidence, which fail no test.
// [Result.NotChecked] names what was not looked at; it fails neither side.
//
// [Judge.Check] judges an [Exchange] from any other source, such as a HAR.
//
// The package knows nothing but the document: no path, operation, type or error code of any service occurs in it. It
// shares no code with the server, the client or their generated code, so that one bug cannot satisfy both sides.
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

// How it works: New compiles the document once, each rule to a program and each server and path to a matcher; schemas
// and operations follow at their first use. An exchange then takes four steps: find the operation and the response that
// describe it (subject.go), judge the request (request.go), judge the response (response.go), and evaluate the rules of
// the document over both (rules.go). Each step adds findings. A body or a header that is wrong by itself is marked as
// failed, so that no rule about it reports the same defect again. Texts and pointers are made only for findings that are
// listed, which makes an exchange without findings cheap.

// Judge judges exchanges by one document. Make it with [Load] or [New]. It may be used concurrently.
type Judge struct {
	doc     *spec.Document
	servers []string // in addition to those of the document
	sites   []*site
	indexes map[*spec.Node]int // the index in nodes of each part that an exchange can cover
	nodes   []*spec.Node       // the parts of the document that an exchange can cover
	schemas *schema.Set
	rules   rules
	places  credentialPlaces
	// operations are prepared for judging by their first exchange.
	operations      map[*spec.Operation]func() *operation
	defaultEvidence spec.Evidence // of promises without evidence of their own
	timeLimit       time.Duration // of one exchange
}

// Load reads an OpenAPI document from a file, with the files that it refers to below its folder, and makes a judge of it.
// The error names the file and the line of what cannot be read. Errors in the document that leave it usable do not fail
// Load: look at [Judge.DocumentFindings] once. See [New] for servers.
func Load(file string, servers ...string) (*Judge, error) {
	doc, err := spec.Load(file)
	if err != nil {
		return nil, err
	}
	return New(doc, servers...)
}

// New makes a judge of a document. If a rule does not compile, the error is one line with the file and the line of the rule.
// Other errors in the document do not fail New: look at [Judge.DocumentFindings] once.
//
// An exchange with an Origin is judged only if its URL begins with a server of the document, or with one of the URLs in
// servers, such as https://staging.example.com/v1. A URL on localhost, 127.0.0.1 or ::1 stands for every server, whatever
// its scheme and port, with the base path or without: a test with httptest needs no servers.
func New(doc *spec.Document, servers ...string) (*Judge, error) {
	env, err := rule.NewEnvironment()
	if err != nil {
		return nil, err
	}
	return newJudge(doc, servers, env, nil)
}

// Recompile makes the judge of an edited copy of the document, with the servers of j: use it to judge by many variants of
// one document. The result equals that of [New], but takes less time: rules with the same text are not compiled again.
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

// indexNodes numbers the parts of the document that an exchange can cover, so that a result is a bit set.
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

// headerNode is the node of a header in one response. Responses that refer to the same header share Header.Node.
func headerNode(r *spec.Response, name string) *spec.Node {
	return r.Node.Member("headers").Member(name)
}

// Document returns the document by which the judge judges.
func (j *Judge) Document() *spec.Document { return j.doc }

// Accepts reports whether a schema allows a value in a request. The value is one that encoding/json decodes, with
// UseNumber or without.
func (j *Judge) Accepts(s *spec.Schema, value any) bool {
	return j.schemas.Checker(s).Valid(strictjson.FromAny(value), schema.Options{Direction: schema.Request, AssertFormats: true})
}

// Check judges an exchange. Everything wrong with it is a finding, never a panic or an error. If judging takes more than 30
// seconds or 512 MiB, the result has the findings so far, and an error in Errors.
func (j *Judge) Check(ex Exchange) Result { return j.checkWithin(ex, nil, nil) }

// checkWithin judges an exchange within a budget; nil is a new one. repeat is nil, or the findings of the probe repeat of
// which the exchange is the first.
func (j *Judge) checkWithin(ex Exchange, budget *schema.Budget, repeat *findings) Result {
	w := workspaces.Get().(*workspace)
	if budget == nil {
		w.budget = *schema.NewBudget(j.timeLimit, memoryLimit)
		budget = &w.budget
	}
	w.ex = ex
	w.findings.begin(j, &w.ex, budget, repeat)
	j.find(&w.ex, &w.subject, w.pairs[:])
	j.check(&w.subject, &w.findings)
	result := w.findings.Result
	w.free()
	return result
}

// check judges an exchange whose parts of the document are found.
func (j *Judge) check(s *subject, out *findings) {
	out.Served = s.served
	if s.ex.Probe == "" && s.ex.Request.IsPreflight() {
		out.unknown = s.ex.copied()
		return
	}
	if s.op != nil {
		out.Operation = s.op.ID
	}
	switch {
	case s.ex.Probe == "" && !s.known:
		out.unknown = s.ex.copied()
		j.nearMiss(s, out)
		if s.ex.Expected && len(out.Findings) == 0 {
			out.add(j.unknownPath(s))
		}
	case s.op != nil && s.op.Refused != nil:
		out.Judged = true
		out.Errors = append(out.Errors, fmt.Errorf("%s cannot be judged: %s", s.op.ID, s.op.Refused))
	default:
		out.Judged = true
		j.judge(s, out)
	}
}

// judge takes an exchange of a known path or a probe through the steps of judging.
func (j *Judge) judge(s *subject, out *findings) {
	if s.op != nil {
		out.coverIndex(s.prepared.index)
		if len(s.op.Callbacks) > 0 {
			out.addNotChecked("callbacks", nil)
		}
	}
	if s.response != nil {
		if !s.ex.Expected {
			out.coverIndex(s.response.index)
		}
		if len(s.response.Links) > 0 {
			out.addNotChecked("response links", nil)
		}
	}
	previousFailed := s.ex.Previous != nil && j.judgePrevious(s, out)
	request := j.judgeRequest(s, out)
	out.coversNothing = s.ex.Expected // no provider sent the response
	response := j.judgeResponse(s, out)
	if s.ex.Response.Status != 0 || s.ex.Unrecorded&UnrecordedResponse != 0 {
		j.applyRules(s, request, response, previousFailed, out)
	}
	out.reportLimits()
	request.value.Free() // findings hold texts, no values
	response.value.Free()
}

// judgePrevious judges the first of two responses, and reports whether its body or its headers are too broken to compare.
// A defect of the first is not reported again for the second.
func (j *Judge) judgePrevious(s *subject, out *findings) bool {
	first := Exchange{Request: s.ex.Request, Response: *s.ex.Previous, Probe: s.ex.Probe, Invented: s.ex.Invented}
	first.Unrecorded = s.ex.Unrecorded
	result := j.checkWithin(first, out.budget, out)
	for _, f := range result.Findings {
		isPlain := f.ID == "status/"+string(spec.Repeat) && s.refusedTwice()
		if f.Side() == Provider && !isPlain { // both exchanges have the same request, which judge judges
			out.previous = append(out.previous, f)
		}
	}
	out.Findings = slices.Clone(out.previous)
	return slices.ContainsFunc(result.Findings, func(f Finding) bool {
		isContent := strings.HasPrefix(f.Pointer, "/response/body") || strings.HasPrefix(f.Pointer, "/response/headers")
		return isContent && f.Evidence.Grade < spec.Undocumented
	})
}

// standard is the evidence of a promise of HTTP, JSON or OpenAPI itself.
func standard(rfc string) spec.Evidence {
	return spec.Evidence{Grade: spec.Documented, Source: []string{rfc}}
}

// rfc9110 and rfc9112 are the evidence of promises of HTTP and of its framing.
var rfc9110, rfc9112 = standard("RFC 9110"), standard("RFC 9112")

// undocumented is the evidence of a finding about something that the document does not mention.
var undocumented = spec.Evidence{Grade: spec.Undocumented, Source: []string{"not in the document"}}
