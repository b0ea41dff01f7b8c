package openapi

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// Document is an OpenAPI 3.0 description with what our extensions say in it.
type Document struct {
	Name       string // the file's name without its ending, such as "iam"
	File       string // as it is shown in places, such as "openapi/iam.yaml"
	T          *openapi3.T
	Operations []*Operation // in the order of the file
	Rules      []*Rule      // every rule of the document, in the order of the file
	Sources    []*Page      // x-sources, in the order of the file

	SigningHeaders map[string][]*SigningHeader // by the name of the security scheme, in the order of the file

	lines    map[string]int      // line of each node, by JSON pointer
	evidence map[string]Evidence // x-evidence of each node that carries one
	schemas  map[*openapi3.Schema]string
}

// Operation is one method of one path.
type Operation struct {
	ID            string
	Method        string // upper case
	Path          string // the template, such as /v3.0/OS-QUOTA/domains/{domain_id}
	Pointer       string
	Spec          *openapi3.Operation
	Parameters    []Parameter // of the path and of the operation
	Responses     []*Response // in the order of the file
	Evidence      Evidence
	Authorization *Authorization // nil: the document says nothing of it
}

// Parameter is a parameter and where it stands.
type Parameter struct {
	*openapi3.Parameter
	Pointer string
}

// Response is the answer of one status.
type Response struct {
	Status   string // "200", "4XX" or "default"
	Pointer  string
	Spec     *openapi3.Response
	Evidence Evidence
	Codes    *ErrorCodes // nil: the document says nothing of them
}

// Scope is what a rule speaks of.
type Scope int

// The scopes of rules.
const (
	ScopeDocument  Scope = iota // every exchange with the API
	ScopeOperation              // the exchanges of one operation
	ScopeSchema                 // every value of one schema
)

// Rule is one promise of x-rules.
type Rule struct {
	ID       string // operation or document, and the name: showDomainQuota/type-filter, iam/bounds
	Says     string // one sentence
	Evidence Evidence
	Expr     string // CEL; empty if only the probe proves it
	Probe    string // the probe whose answers the rule is about; empty: any exchange
	Scope    Scope
	Holder   string // pointer of the node that carries x-rules
	Pointer  string
	Line     int
}

// Page is one entry of x-sources: a page that promises come from. A source is the name of one, or the name, a slash and a
// row of that page.
type Page struct {
	Name    string // such as iam_02_0114@2024-02
	Title   string
	URL     string
	Edition string // a date, a version, or in words
	Line    int
}

// SigningHeader is one header of x-signing-headers. Only a signed request carries it, so it is no parameter.
type SigningHeader struct {
	Name     string
	Says     string         // what it means, in one sentence
	Pattern  *regexp.Regexp // of the value in a signed request; nil: any
	Evidence Evidence
	Pointer  string
}

// Authorization is x-authorization: what a caller must be granted.
type Authorization struct {
	Action            string
	DefaultAllow      bool // who has neither a grant nor a denial may do it
	IAMProject        bool // a grant through an IAM project counts
	EnterpriseProject bool // a grant through an enterprise project counts
	Evidence          Evidence
	Line              int
}

// ErrorCodes is x-error-codes: what may come with a status.
type ErrorCodes struct {
	At    string // JSON pointer into the body
	Codes []ErrorCode
	Line  int
}

// ErrorCode is one code and its message, in the vendor's words with the vendor's placeholders.
type ErrorCode struct {
	Code    string
	Message string
	When    []Fault
}

// Place names a node for people: the file and the line, such as openapi/iam.yaml:120.
// The nearest node above stands in for one that is not there.
func (d *Document) Place(pointer string) string {
	for p := pointer; ; p = parent(p) {
		if line, ok := d.lines[p]; ok {
			return fmt.Sprintf("%s:%d", d.File, line)
		}
		if p == "" {
			return d.File
		}
	}
}

// Evidence returns what stands behind the node: its own x-evidence or that of the nearest node above it, else
// inherited. What components hold is part of the node that refers to them, so there the root is not above: it comes
// with inherited.
func (d *Document) Evidence(pointer string, inherited Evidence) Evidence {
	for p := pointer; ; p = parent(p) {
		if e, ok := d.evidence[p]; ok {
			return e
		}
		if p == "" || p == "/components" {
			return inherited
		}
	}
}

// SchemaPointer returns where a schema stands, or "" for one that is not part of the document.
func (d *Document) SchemaPointer(s *openapi3.Schema) string { return d.schemas[s] }

// Operation finds an operation by its id.
func (d *Document) Operation(id string) *Operation {
	for _, op := range d.Operations {
		if op.ID == id {
			return op
		}
	}
	return nil
}

// Page returns the page that a source names: its name is what stands before the first slash. It is nil for a document
// without x-sources.
func (d *Document) Page(source string) *Page {
	name, _, _ := strings.Cut(source, "/")
	for _, s := range d.Sources {
		if s.Name == name {
			return s
		}
	}
	return nil
}

// RulesOf returns the rules that the node itself carries.
func (d *Document) RulesOf(holder string) []*Rule {
	rules := []*Rule{}
	for _, r := range d.Rules {
		if r.Holder == holder {
			rules = append(rules, r)
		}
	}
	return rules
}

// Response returns the response for a status: the exact one, else its range, else the default, else nil.
func (o *Operation) Response(status int) *Response {
	for _, key := range []string{fmt.Sprint(status), fmt.Sprintf("%dXX", status/100), "default"} {
		for _, r := range o.Responses {
			if strings.EqualFold(r.Status, key) {
				return r
			}
		}
	}
	return nil
}

// Code finds the status and the code that the operation gives for a fault.
func (o *Operation) Code(f Fault) (status string, code ErrorCode, ok bool) {
	for _, r := range o.Responses {
		if r.Codes == nil {
			continue
		}
		for _, c := range r.Codes.Codes {
			for _, when := range c.When {
				if when == f {
					return r.Status, c, true
				}
			}
		}
	}
	return "", ErrorCode{}, false
}

// Statuses lists the statuses that the operation gives for a fault, none if it does not name the fault.
func (o *Operation) Statuses(f Fault) []string {
	statuses := []string{}
	for _, r := range o.Responses {
		if r.Codes == nil {
			continue
		}
		for _, c := range r.Codes.Codes {
			for _, when := range c.When {
				if when == f && (len(statuses) == 0 || statuses[len(statuses)-1] != r.Status) {
					statuses = append(statuses, r.Status)
				}
			}
		}
	}
	return statuses
}

// ListsRefusal says whether the operation lists an answer for what it does not do: a 4XX, or the default.
func (o *Operation) ListsRefusal() bool {
	return slices.ContainsFunc(o.Responses, func(r *Response) bool {
		return strings.HasPrefix(r.Status, "4") || r.Status == "default"
	})
}

func parent(pointer string) string {
	if i := strings.LastIndexByte(pointer, '/'); i >= 0 {
		return pointer[:i]
	}
	return ""
}
