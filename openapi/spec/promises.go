package spec

import (
	"regexp"
	"slices"
	"strings"
)

// Scope is the set of exchanges or values that a rule applies to.
type Scope int

// The scopes of rules.
const (
	ScopeDocument  Scope = iota // every exchange with the API
	ScopeOperation              // every exchange of one operation
	ScopeSchema                 // every value of one schema
)

// Rule is one promise of x-rules.
type Rule struct {
	ID       string // the operation or the document, and a name: showDomainQuota/type-filter, iam/bounds
	Says     string // one sentence
	Evidence Evidence
	Expr     string // CEL; empty: the statuses of x-error-codes for the probe prove the rule
	Probe    Probe  // the rule applies to responses to this probe; empty: to any exchange
	Scope    Scope
	Holder   *Node // the node that contains x-rules
	Node     *Node
}

// Page is one entry of x-sources: a page that is the source of promises. A source is the name of a page, or the name, a slash
// and a row of the page.
type Page struct {
	Name    string // such as iam_02_0114@2024-02
	Title   string
	URL     string
	Edition string // a date, a version or another text
	Node    *Node
}

// SigningHeader is one header of x-signing-headers. It is not a parameter, since only signed requests have it.
type SigningHeader struct {
	Name     string
	Says     string         // its meaning, in one sentence
	Pattern  *regexp.Regexp // of the value; nil: any value
	Evidence Evidence
	Node     *Node
}

// Authorization is x-authorization: the permission that a caller needs.
type Authorization struct {
	Action            string // such as ims:quotas:get
	DefaultAllow      bool   // a caller with neither a grant nor a denial has the permission
	IAMProject        bool   // a grant through an IAM project counts
	EnterpriseProject bool   // a grant through an enterprise project counts
	Evidence          Evidence
}

// ErrorCodes is x-error-codes: the error codes of the responses with one status.
type ErrorCodes struct {
	At    string // the JSON pointer of the code in the body
	Codes []ErrorCode
	Node  *Node
}

// ErrorCode is one code with its message, literally as the vendor's pages have it, including placeholders.
type ErrorCode struct {
	Code    string
	Message string
	When    []Probe // the causes of the code
}

// Evidence returns the x-evidence of a node or of its nearest ancestor that has one, or else inherited. For a node in
// components it ignores the root: a component inherits from the node that refers to it, whose evidence the caller passes as
// inherited.
func (d *Document) Evidence(n *Node, inherited Evidence) Evidence {
	for ; n != nil; n = n.parent {
		if e, ok := d.evidence[n]; ok {
			return e
		}
		if n.parent == d.Root && n.token() == "components" {
			break
		}
	}
	return inherited
}

// Page returns the page that a source names before the first slash. It is nil for a document without x-sources.
func (d *Document) Page(source string) *Page {
	name, _, _ := strings.Cut(source, "/")
	for _, s := range d.Sources {
		if s.Name == name {
			return s
		}
	}
	return nil
}

// Code returns the first error code whose causes include the probe, and its status.
func (o *Operation) Code(p Probe) (status string, code ErrorCode, ok bool) {
	for _, r := range o.Responses {
		if code := r.Codes.of(p); code != nil {
			return r.Status, *code, true
		}
	}
	return "", ErrorCode{}, false
}

// Statuses returns the statuses whose error codes include the probe among their causes. It may be empty, but is not nil.
func (o *Operation) Statuses(p Probe) []string {
	statuses := []string{}
	for _, r := range o.Responses {
		if r.Codes.of(p) != nil {
			statuses = append(statuses, r.Status)
		}
	}
	return statuses
}

// of returns the first code whose causes include the probe, or nil.
func (c *ErrorCodes) of(p Probe) *ErrorCode {
	if c == nil {
		return nil
	}
	i := slices.IndexFunc(c.Codes, func(code ErrorCode) bool { return slices.Contains(code.When, p) })
	if i < 0 {
		return nil
	}
	return &c.Codes[i]
}
