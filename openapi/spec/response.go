package spec

import (
	"fmt"
	"regexp"
	"strings"
)

// Response is the response with one status.
type Response struct {
	Status      string // "200", "4XX" or "default"
	Description string
	Headers     []*Header // without Content-Type, which OpenAPI ignores
	Content     []*MediaType
	Links       []Member
	Evidence    Evidence
	Codes       *ErrorCodes // nil: not declared
	Node        *Node

	cause  *Finding
	shared *Response // the response as components has it, for all operations
}

// Many operations refer to one response in components. It is read once, as the shared response of its node, so that its
// findings occur once. Each operation gets a copy, since status and evidence differ: the same node may be the 401 of one
// operation and the 403 of another, and a response without x-evidence inherits that of its operation.

var statusText = regexp.MustCompile(`^(?:[1-5][0-9][0-9]|[1-5][xX][xX]|default)$`)

// responses reads the responses of an operation. Each is a copy of the shared response with its own status and evidence.
func (d *Document) responses(op *Operation) []*Response {
	list := []*Response{}
	for _, m := range d.object(op.Node, "responses") {
		if strings.HasPrefix(m.Name, "x-") {
			continue
		}
		if !statusText.MatchString(m.Name) {
			d.find("response/status", m.Value,
				"response %q: want a status such as 200, 4XX or default; it is ignored", shortened(m.Name))
			continue
		}
		shared := d.response(m.Value)
		r := *shared
		r.Status, r.shared = m.Name, shared
		list = append(list, &r)
	}
	required := d.Version.Minor == 0 || op.Node.Member("responses") != nil
	if required && len(list) == 0 {
		d.find("operation/no-response", op.Node, "%s %s has no response", op.Method, shortened(op.Path))
	}
	return list
}

// response reads a response, once for all operations that refer to it.
func (d *Document) response(ref *Node) *Response {
	n, f := d.followObject(ref, "response")
	if r := d.parts.responses[n]; r != nil {
		return r
	}
	r := &Response{Node: n, cause: f}
	d.parts.responses[n] = r
	if f != nil {
		return r
	}
	r.Description, r.Content, r.Links = d.text(n, "description"), d.content(n), d.object(n, "links")
	r.Headers = d.headers(n)
	if n.Member("description") == nil && d.Version.Minor < 2 {
		d.find("response/description", n, "response: description is missing")
	}
	return r
}

// Response returns the response for a status: that of the exact status, or else of its range (4XX), or else the default, or
// nil.
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
