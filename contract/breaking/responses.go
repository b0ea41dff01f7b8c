package breaking

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// responses compares the responses of two operations. A status that only one document lists may be one of a range, or the
// default, of the other.
func (l *list) responses(p part) {
	p.isResponse, p.kind = true, ofStatus
	for _, is := range p.new.op.Responses {
		p.status, p.new.response, p.old.response = is.Status, is, responseFor(p.old.op, is.Status)
		if p.old.response == nil {
			says := is.Status + " is new"
			l.status(p, difference{id: "status/added", says: says, new: is.Node})
			continue
		}
		l.response(p)
	}
	for _, was := range p.old.op.Responses {
		p.status, p.old.response, p.new.response = was.Status, was, responseFor(p.new.op, was.Status)
		switch {
		case p.new.response == nil:
			says := was.Status + " is gone"
			l.status(p, difference{id: "status/removed", says: says, old: was.Node})
		case !strings.EqualFold(p.new.response.Status, was.Status):
			l.response(p)
		}
	}
}

// status adds a status that only one document has. Operations share responses, but its place is that in the first operation.
func (l *list) status(p part, d difference) {
	if ch, isKnown := l.find(p, d); !isKnown {
		ch.old, ch.new = statusNode(p.old.op, p.status), statusNode(p.new.op, p.status)
	}
}

// statusNode is the place of a status in an operation, or that of its responses.
func statusNode(op *spec.Operation, status string) *spec.Node {
	responses := op.Node.Member("responses")
	return orNode(responses.Member(status), orNode(responses, op.Node))
}

// responseFor is the response of an operation for a status as a document writes it: 200, 4XX or default.
func responseFor(op *spec.Operation, status string) *spec.Response {
	if n, err := strconv.Atoi(status); err == nil {
		return op.Response(n)
	}
	for _, key := range []string{status, "default"} {
		for _, r := range op.Responses {
			if strings.EqualFold(r.Status, key) {
				return r
			}
		}
	}
	return nil
}

// response compares two responses.
func (l *list) response(p part) {
	old, new := p.old.response, p.new.response
	l.prose(p, old.Node, new.Node)
	l.grade(p, old.Node, new.Node)
	p.kind = ofHeader
	for _, is := range new.Headers {
		p.name, p.new.parameter, p.old.parameter = is.Name, is, header(old.Headers, is.Name)
		if p.old.parameter == nil {
			says := quoted(is.Name) + " is new"
			if is.Required {
				says += ", and required"
			}
			l.addAt(p, difference{id: "header/added", says: says, new: is.Node}, old.Node)
			continue
		}
		l.parameter(p, "header")
	}
	p.new.parameter = nil
	for _, was := range old.Headers {
		if header(new.Headers, was.Name) == nil {
			says := quoted(was.Name) + " is gone"
			if was.Required {
				says += "; it was required"
			}
			p.name, p.old.parameter = was.Name, was
			l.addAt(p, difference{id: "header/removed", says: says, old: was.Node}, new.Node)
		}
	}
	p.name, p.old.parameter = "", nil
	l.content(p, old.Content, new.Content, old.Node, new.Node)
}

func header(list []*spec.Header, name string) *spec.Header {
	for _, h := range list {
		if http.CanonicalHeaderKey(h.Name) == http.CanonicalHeaderKey(name) {
			return h
		}
	}
	return nil
}
