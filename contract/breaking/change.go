package breaking

import (
	"cmp"
	"regexp"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/pointer"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// change is one difference between the documents, before anything is known about what it breaks.
type change struct {
	id, says string
	part     part
	// path leads from the value of the part to the schemas that differ; empty: they are those of the part.
	path []step
	// oldSchema and newSchema are at the end of path. Both are nil for a change that is not one of schemas; one may be nil if
	// only the other document has the value.
	oldSchema, newSchema *spec.Schema
	// old and new are the places that reports show. One may be nil.
	old, new *spec.Node
	// names are the members or values that the change is about: the members no longer required, the values new in an enum.
	names []string
	also  []string // the other parts with the same change

	checks map[string]bool // all parts with it
	others []change        // the change at some of the other parts, which may show it if the first does not
}

// part is the part of an exchange that the change is about, in both documents. What only one document has is nil in the other.
type part struct {
	old, new   element
	isResponse bool
	kind       partKind
	status     string // of a response: 200, 4XX, default
	name       string // of a parameter, header or media type
}

// element is a part in one document.
type element struct {
	op        *spec.Operation // nil: the document has no such operation
	response  *spec.Response
	parameter *spec.Parameter // or a header of the response
	media     *spec.MediaType
	rule      *spec.Rule
}

// partKind says what a part is.
type partKind string

// The kinds of parts.
const (
	ofDocument  partKind = "document"  // what belongs to no operation
	ofOperation partKind = "operation" // it is there or not, and what belongs to no part of it
	ofStatus    partKind = "status"
	ofMedia     partKind = "media" // the media type of a body
	ofBody      partKind = "body"  // the value of a body in a media type; of a request, also whether it is there
	ofParameter partKind = "parameter"
	ofHeader    partKind = "header" // of a response
	ofSecurity  partKind = "security"
	ofServer    partKind = "server"
	ofRule      partKind = "rule"
)

// step leads from a value to a part of it, or to another schema of the same value.
type step struct {
	kind stepKind
	name string // of a member
	// index is that of an element of prefixItems, or of a schema in allOf, anyOf or oneOf of the old document.
	index    int
	old, new *spec.Schema // after the step; one may be nil
}

type stepKind string

// The kinds of steps.
const (
	toMember     stepKind = "member"     // properties
	toAdditional stepKind = "additional" // additionalProperties and patternProperties: a member of any name, or of a name that matches
	toItem       stepKind = "item"       // items
	toPrefix     stepKind = "prefix"     // prefixItems
	toBranch     stepKind = "branch"     // one schema of anyOf or oneOf: the same value
)

// pointer is the place in an exchange, with * for any index or key.
func (c *change) pointer() string {
	at := c.part.pointer()
	for _, s := range c.path {
		switch s.kind {
		case toMember:
			at = pointer.Join(at, s.name)
		case toAdditional, toItem, toPrefix:
			at += "/*"
		}
	}
	return at
}

func (p part) pointer() string {
	message := "/request"
	if p.isResponse {
		message = "/response"
	}
	switch p.kind {
	case ofStatus:
		return message + "/status"
	case ofMedia:
		return message + "/headers/content-type"
	case ofBody:
		return message + "/body"
	case ofHeader:
		return message + "/headers/" + strings.ToLower(p.name)
	case ofSecurity:
		return message + "/headers"
	case ofParameter:
		in := cmp.Or(p.new.parameter, p.old.parameter).In
		switch in {
		case "header":
			return message + "/headers/" + strings.ToLower(p.name)
		case "cookie":
			return message + "/headers/cookie"
		case "querystring":
			in = "query"
		}
		return pointer.Join(message, in, p.name)
	}
	return ""
}

// check is the part of the contract that a finding names.
func (p part) check() string {
	op := cmp.Or(p.new.op, p.old.op)
	switch {
	case op == nil:
		return "document"
	case p.isResponse:
		return op.ID + "/" + p.status
	case p.kind == ofRule, p.kind == ofOperation:
		return op.ID
	}
	return op.ID + "/request"
}

// partOfCheck is the last word of a check that is not that of a whole operation.
var partOfCheck = regexp.MustCompile(`/(request|default|[1-5]([0-9][0-9]|[xX][xX]))$`)

// operationOf is the operation of a check. Ids of operations may have slashes: GET /pets/all.
func operationOf(check string) string { return partOfCheck.ReplaceAllString(check, "") }

// side is who may break by a change of the part.
func (p part) side() contract.Side {
	if p.isResponse || p.kind == ofRule {
		return contract.Consumer
	}
	return contract.Provider
}
