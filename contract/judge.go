// Package contract is the judge: a document and an exchange go in, findings come out.
//
// It knows nothing but the document that it is given: no path, operation, type or code of any service stands in it. It
// shares no code with the server, the client and what is generated for them, so that no bug can satisfy both sides.
// kin-openapi holds values against schemas (kin.go, with all its options), CEL evaluates the rules (rules.go), and what
// both are known to let through is judged here.
package contract

import (
	"fmt"
	"slices"
	"strings"

	"cel.dev/cel-go/common/types/ref"
	"github.com/getkin/kin-openapi/openapi3"

	"github.com/quotaspec/quotaspec/contract/internal/redact"
	"github.com/quotaspec/quotaspec/openapi"
)

// Judge judges exchanges by one document. It may be used concurrently.
type Judge struct {
	doc   *openapi.Document
	more  []string // servers beside those of the document
	sites []site
	rules []*compiledRule
	envs  environments
	// rulesOf holds the rules about the exchanges of each operation, those of the document among them; nil: of none.
	rulesOf  map[*openapi.Operation][]*compiledRule
	spoken   map[string]bool // parts of the exchange that a rule speaks of
	bySchema map[*openapi3.Schema][]*compiledRule
	ruled    map[*openapi3.Schema]bool // those with a rule in them
	// What the security schemes call their credentials.
	credentialHeaders, credentialsInQuery []string
	credentialNames                       []string // of both, and of cookies
}

// Result is what the judge says of one exchange.
type Result struct {
	Judged    bool      // false: the document knows neither the path nor the probe; Findings holds a near miss of a path at most
	Served    bool      // the request was sent to a server of the document, or came near one of its paths there
	Operation string    // the operation's id; "" where the path is known and the method is not
	Findings  []Finding // of the request and of the response, in the order of judging
	More      int       // findings beyond those that are told
	Kept      []string  // ids of the rules that were evaluated and hold
	Errors    []error   // rules that could not be evaluated: our fault, and never a pass
	Seen      []string  // pointers of what the exchange had of the document: the operation, parameters, values of enums, ...
}

// New compiles the rules of a document. A rule that does not compile is an error of one line, with file and line.
//
// Exchanges whose Origin is known are judged if their URL begins with a server of the document or with one of the URLs in
// servers, such as https://staging.example.com/v1.
func New(doc *openapi.Document, servers ...string) (*Judge, error) {
	envs, err := newEnvironments()
	if err != nil {
		return nil, err
	}
	return newJudge(doc, servers, envs, nil)
}

// Variant makes a judge of a variant of the document. It is the same judge as New makes, sooner: rules that stand in both
// documents are not compiled again.
func (j *Judge) Variant(doc *openapi.Document) (*Judge, error) {
	return newJudge(doc, j.more, j.envs, j.rules)
}

func newJudge(doc *openapi.Document, more []string, envs environments, already []*compiledRule) (*Judge, error) {
	rules, err := compileRules(doc, envs, already)
	if err != nil {
		return nil, err
	}
	j := &Judge{
		doc: doc, rules: rules, envs: envs, more: more, sites: newSites(doc, more), rulesOf: map[*openapi.Operation][]*compiledRule{}, spoken: map[string]bool{},
		bySchema: map[*openapi3.Schema][]*compiledRule{}, credentialHeaders: credentialHeaders(doc), credentialsInQuery: credentialsInQuery(doc),
		credentialNames: credentialNames(doc),
	}
	for _, r := range rules {
		for _, part := range r.about {
			j.spoken[part] = true
		}
		for _, op := range append(doc.Operations[:len(doc.Operations):len(doc.Operations)], nil) {
			if r.Scope == openapi.ScopeDocument || r.Scope == openapi.ScopeOperation && op != nil && r.Holder == op.Pointer {
				j.rulesOf[op] = append(j.rulesOf[op], r)
			}
		}
	}
	schemas := []*openapi3.Schema{}
	err = doc.T.WalkSchemas(func(_ string, ref *openapi3.SchemaRef) error {
		schemas = append(schemas, ref.Value)
		holder := doc.SchemaPointer(ref.Value)
		for _, r := range rules {
			if r.Scope == openapi.ScopeSchema && r.Holder == holder {
				j.bySchema[ref.Value] = append(j.bySchema[ref.Value], r)
			}
		}
		return nil
	})
	j.ruled = ruledSchemas(schemas, j.bySchema)
	return j, err
}

// Document returns the document that the judge goes by.
func (j *Judge) Document() *openapi.Document { return j.doc }

// Exchange is the one door: it judges an exchange. It never fails, since what is wrong with an exchange is a finding.
func (j *Judge) Check(ex Exchange) Result {
	path, rawQuery, _ := strings.Cut(originForm(ex.Request.Target), "?")
	match := j.match(&ex, path)
	query := parseQuery(rawQuery)
	c := &hearing{
		Judge: j, ex: &ex, op: match.operation, pathParams: match.params, path: path, query: query,
		inherited: j.doc.Evidence("", openapi.Evidence{Grade: openapi.Documented, Source: []string{j.doc.File}}),
	}
	c.result.Served = match.served
	switch {
	case ex.Probe == "" && ex.Request.IsPreflight():
		return c.result
	case ex.Probe == "" && !match.known:
		c.nearMiss()
		return c.result
	}
	c.result.Judged = true
	if c.op != nil {
		c.result.Operation, c.inherited = c.op.ID, c.op.Evidence
		c.see(c.op.Pointer)
		if ex.Unseen&UnseenResponse == 0 {
			c.answer = c.op.Response(ex.Response.Status)
		}
		if c.answer != nil {
			c.see(c.answer.Pointer)
		}
	}
	if ex.Previous != nil {
		c.firstAnswer()
	}
	c.request()
	c.response()
	if ex.Response.Status != 0 || ex.Unseen&UnseenResponse != 0 {
		c.applyRules()
	}
	return c.result
}

// firstAnswer judges the first of two answers by itself, so that comparing them says nothing of a body that is none.
func (c *hearing) firstAnswer() {
	first := c.Check(Exchange{Request: c.ex.Request, Response: *c.ex.Previous, Probe: c.ex.Probe, Unseen: c.ex.Unseen})
	c.firstFailed = slices.ContainsFunc(first.Findings, func(d Finding) bool {
		return d.Evidence.Grade < openapi.Undocumented && (strings.HasPrefix(d.Pointer, "/response/body") || strings.HasPrefix(d.Pointer, "/response/headers"))
	})
	for _, d := range first.Findings {
		if !d.Request() { // the request is the same, and judged below
			c.first = append(c.first, c.withoutSecrets(d)) // the second answer may name what the first repeats
		}
	}
	c.result.Findings = slices.Clone(c.first)
}

// hearing is one exchange while it is judged.
type hearing struct {
	*Judge
	ex         *Exchange
	op         *openapi.Operation // nil: the document does not know the method, or the path
	answer     *openapi.Response  // what the document says of the status; nil: nothing
	path       string
	pathParams map[string]string
	query      query
	inherited  openapi.Evidence
	redactor   *redact.Redactor // made for the first finding

	told        map[string]int // findings by id, side and grade
	first       []Finding      // of the first of two answers
	firstFailed bool           // it has no body that could be compared

	requestBody  any // decoded JSON, or nil
	responseBody any
	// The same as rules see them, and their schemas.
	requestValue, responseValue   ref.Val
	requestSchema, responseSchema *openapi3.SchemaRef
	extent                        extent          // of what rules see
	failed                        map[string]bool // pointers of bodies and values that already deviate, and of what holds them
	result                        Result
}

// maxDeviations is how many findings of one id, side and grade are told of one exchange.
const maxDeviations = 20

// maxGot is how many characters are kept of what was got.
const maxGot = 500

// deviate notes a finding. node is a pointer into the document.
func (c *hearing) deviate(id string, evidence openapi.Evidence, pointer, node, want, got string) {
	if len(c.first) > 0 && c.firstHad(id, c.withoutSecrets(Finding{Pointer: pointer}).Pointer, node) {
		return
	}
	kind := fmt.Sprint(id, strings.HasPrefix(pointer, "/request"), evidence.Grade)
	if c.told == nil {
		c.told = map[string]int{}
	}
	if c.told[kind]++; c.told[kind] > maxDeviations {
		c.result.More++
		return
	}
	c.result.Findings = append(c.result.Findings, c.withoutSecrets(Finding{
		ID: id, Evidence: evidence, Pointer: pointer, Place: c.doc.Place(node), Node: node, Want: want, Got: got,
	}))
}

// firstHad says whether the first of two answers broke the same promise at the same place.
func (c *hearing) firstHad(id, pointer, node string) bool {
	return slices.ContainsFunc(c.first, func(d Finding) bool { return d.ID == id && d.Pointer == pointer && d.Node == node })
}

// withoutSecrets is a finding without secrets, its texts fit for one line.
func (c *hearing) withoutSecrets(d Finding) Finding {
	if c.redactor == nil {
		c.redactor = c.redactorOf(*c.ex)
	}
	d.Want, d.Got = printable(c.redactor.Hide(d.Want)), shorten(printable(c.redactor.At(d.Pointer, d.Got)), maxGot)
	d.Pointer = printable(c.redactor.Pointer(d.Pointer))
	return d
}

// see notes that the exchange had a part of the document.
func (c *hearing) see(node string) {
	if node != "" && !slices.Contains(c.result.Seen, node) {
		c.result.Seen = append(c.result.Seen, node)
	}
}

// fail notes a finding that makes rules about the value pointless.
func (c *hearing) fail(id string, evidence openapi.Evidence, pointer, node, want, got string) {
	if c.failed == nil {
		c.failed = map[string]bool{}
	}
	for p := pointer; p != "" && !c.failed[p]; p = p[:max(0, strings.LastIndexByte(p, '/'))] {
		c.failed[p] = true
	}
	c.deviate(id, evidence, pointer, node, want, got)
}

// failedAt says whether the value at the pointer, or a part of it, already deviates.
func (c *hearing) failedAt(pointer string) bool { return c.failed[pointer] }

// node is where the exchange stands in the document: the response, else the operation, else the document.
func (c *hearing) node() string {
	switch {
	case c.answer != nil:
		return c.answer.Pointer
	case c.op != nil:
		return c.op.Pointer
	}
	return ""
}

// standard is the evidence of what HTTP and JSON themselves promise.
func standard(rfc string) openapi.Evidence {
	return openapi.Evidence{Grade: openapi.Documented, Source: []string{rfc}}
}

// unknown is the evidence of what the document does not know.
var unknown = openapi.Evidence{Grade: openapi.Undocumented, Source: []string{"not in the document"}}
