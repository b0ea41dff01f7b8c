package contract

import (
	"net/url"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/parameter"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// subject is an exchange, and what of the document it is about. It does not change while the exchange is judged.
type subject struct {
	ex *Exchange
	match
	prepared  *operation // of op; nil: none, or one that cannot be judged
	response  *response  // what the document says of the status; nil: nothing
	path      string
	query     parameter.Query
	values    url.Values    // of the query, decoded
	inherited spec.Evidence // of what the document says of its own

	statusRules []*spec.Rule // by which the status alone is judged, where the exchange is a probe
}

// newSubject finds what an exchange is about.
func (j *Judge) newSubject(ex *Exchange) *subject {
	path, rawQuery, _ := strings.Cut(originForm(ex.Request.Target), "?")
	s := &subject{ex: ex, path: path, query: parameter.ParseQuery(rawQuery), inherited: j.defaultEvidence}
	s.values = s.query.Values()
	s.match = j.match(ex, path, s.values)
	if ex.Probe != "" {
		s.statusRules = j.rulesOfStatus(s.op, ex.Probe)
	}
	if s.op != nil {
		s.inherited = s.op.Evidence
	}
	if s.op != nil && s.op.Refused == nil {
		s.prepared = j.operations[s.op]()
		if ex.Unrecorded&UnrecordedResponse == 0 {
			s.response = s.prepared.response(ex.Response.Status)
		}
	}
	return s
}

// node is where the exchange stands in the document: the response, else the operation, else nil.
func (s *subject) node() *spec.Node {
	switch {
	case s.response != nil:
		return s.response.Node
	case s.op != nil:
		return s.op.Node
	}
	return nil
}
