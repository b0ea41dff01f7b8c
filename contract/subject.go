package contract

import (
	"net/url"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/parameter"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Before anything is judged, the parts of the document that describe the exchange are found, from the outside in: the server
// and the path (route.go), the operation by its method, the response by its status. Each may be missing, and each case means
// something else:
//
//	no path         not judged, unless it is a near miss or a probe
//	no operation    method/undocumented; the rules of the document apply
//	no response     status/undocumented; the body has no schema
//
// All later steps take the subject and never search the document again.

// subject is an exchange with the parts of the document that describe it. It does not change while the exchange is judged.
type subject struct {
	ex *Exchange
	match
	prepared  *operation // the prepared op; nil if there is none or it cannot be judged
	response  *response  // of the status; nil if it is undocumented
	path      string
	query     parameter.Query
	values    url.Values    // of the query, decoded
	inherited spec.Evidence // of findings that have no evidence of their own

	statusRules []*spec.Rule // rules about the status of the probe

	few [4]parameter.Pair // has the params of most paths
}

// find fills a subject, which must be empty, with the parts of the document that describe an exchange. pairs has room for
// those of the query.
func (j *Judge) find(ex *Exchange, s *subject, pairs []parameter.Pair) {
	path, rawQuery, _ := strings.Cut(originForm(ex.Request.Target), "?")
	s.ex, s.path, s.query, s.inherited = ex, path, parameter.ParseQueryInto(pairs, rawQuery), j.defaultEvidence
	s.values = s.query.Values()
	s.match = j.match(ex, path, s.values)
	if s.route != nil {
		s.params = s.route.appendParams(s.few[:0], s.rest)
	}
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
}

// node returns the most exact part of the document that describes the exchange: the response, else the operation, else nil.
func (s *subject) node() *spec.Node {
	switch {
	case s.response != nil:
		return s.response.Node
	case s.op != nil:
		return s.op.Node
	}
	return nil
}
