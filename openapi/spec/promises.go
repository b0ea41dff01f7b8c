package spec

import (
	"regexp"
	"slices"
	"strings"
)

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
	Probe    Probe  // the probe whose responses the rule is about; empty: any exchange
	Scope    Scope
	Holder   *Node // the node that carries x-rules
	Node     *Node
}

// Page is one entry of x-sources: a page that promises come from. A source is the name of one, or the name, a slash and a
// row of that page.
type Page struct {
	Name    string // such as iam_02_0114@2024-02
	Title   string
	URL     string
	Edition string // a date, a version, or in words
	Node    *Node
}

// SigningHeader is one header of x-signing-headers. Only a signed request carries it, so it is no parameter.
type SigningHeader struct {
	Name     string
	Says     string         // what it means, in one sentence
	Pattern  *regexp.Regexp // of the value in a signed request; nil: any
	Evidence Evidence
	Node     *Node
}

// Authorization is x-authorization: what a caller must be granted.
type Authorization struct {
	Action            string
	DefaultAllow      bool // a caller with neither a grant nor a denial may do it
	IAMProject        bool // a grant through an IAM project counts
	EnterpriseProject bool // a grant through an enterprise project counts
	Evidence          Evidence
}

// ErrorCodes is x-error-codes: what may come with a status.
type ErrorCodes struct {
	At    string // JSON pointer into the body
	Codes []ErrorCode
	Node  *Node
}

// ErrorCode is one code and its message, in the vendor's words with the vendor's placeholders.
type ErrorCode struct {
	Code    string
	Message string
	When    []Probe
}

// Evidence returns what stands behind a node: its own x-evidence or that of the nearest node above it, else inherited. What
// components hold is part of the node that refers to them, so there the root is not above: it comes with inherited.
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

// Code finds the status and the code that the operation gives for the fault of a probe.
func (o *Operation) Code(p Probe) (status string, code ErrorCode, ok bool) {
	for _, r := range o.Responses {
		if code := r.Codes.of(p); code != nil {
			return r.Status, *code, true
		}
	}
	return "", ErrorCode{}, false
}

// Statuses lists the statuses that the operation gives for the fault of a probe, none if it does not name the fault.
func (o *Operation) Statuses(p Probe) []string {
	statuses := []string{}
	for _, r := range o.Responses {
		if r.Codes.of(p) != nil {
			statuses = append(statuses, r.Status)
		}
	}
	return statuses
}

// of is the first code for the fault of a probe, or nil.
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
