package contract

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// expectation is what a probe may be answered with.
type expectation struct {
	want  string // in words
	holds func(status int) bool
}

// expected says which statuses are right for a probe: success for a valid request, and for a fault those whose
// x-error-codes name it. Where the document names no fault, HTTP says what its statuses are for (RFC 9110, 15.5).
func (s *subject) expected() expectation {
	fault := s.ex.Probe
	if fault == spec.ValidRequest || fault == spec.Repeat {
		return success(s.op)
	}
	// An id that nobody has may be refused like one of somebody else, unless a rule says which statuses are right.
	named := fault != spec.UnknownResource || len(s.statusRules) > 0
	if statuses := s.op.Statuses(fault); named && len(statuses) > 0 {
		return refusal(s.op, statuses)
	}
	switch {
	case s.unlistedRefusal():
		success := success(s.op)
		return expectation{success.want + " or 4XX", func(status int) bool { return success.holds(status) || status/100 == 4 }}
	case fault == spec.InvalidParameter:
		return expectation{"4XX for a wrong request", func(status int) bool {
			return status/100 == 4 && !slices.Contains([]int{http.StatusUnauthorized, http.StatusForbidden, http.StatusMethodNotAllowed, http.StatusTooManyRequests}, status)
		}}
	case fault == spec.UnknownResource:
		return absent(s.op)
	case fault == spec.NoPermission:
		return oneOf(http.StatusForbidden)
	case fault == spec.OtherAccount:
		return oneOf(http.StatusForbidden, http.StatusNotFound)
	}
	return oneOf(http.StatusUnauthorized, http.StatusForbidden)
}

// absent is what a resource that does not exist must get. The credentials were right, so that 401 is wrong, unless the
// document lists nothing else. That the status must be a documented one is judged of every exchange.
func absent(op *spec.Operation) expectation {
	more := slices.ContainsFunc(op.Responses, func(r *spec.Response) bool {
		return r.Status == "default" || strings.HasPrefix(r.Status, "4") && r.Status != strconv.Itoa(http.StatusUnauthorized)
	})
	return expectation{"4XX for what does not exist", func(status int) bool {
		return status/100 == 4 && status != http.StatusTooManyRequests && (status != http.StatusUnauthorized || !more)
	}}
}

// rulesOfStatus are the rules about an operation by which the status alone is judged: they name the probe and have no expression.
func (j *Judge) rulesOfStatus(op *spec.Operation, probe spec.Probe) []*spec.Rule {
	return slices.DeleteFunc(slices.Clone(j.doc.Rules), func(r *spec.Rule) bool {
		concerns := r.Scope == spec.ScopeDocument || op != nil && slices.Contains(op.Rules, r)
		return !concerns || r.Expr != "" || r.Probe != probe
	})
}

// unlistedRefusal says whether the exchange is a probe with a wrong request of an operation that lists no refusal. It may
// succeed or be refused: the gap is in the document (NoRefusal), and the provider does not pay for it.
func (s *subject) unlistedRefusal() bool {
	return s.op != nil && !s.op.ListsRefusal() && NeedsRefusal(s.ex.Probe)
}

// NeedsRefusal says whether the answer to a probe is judged by the refusals that the operation lists.
func NeedsRefusal(probe spec.Probe) bool {
	return probe == spec.InvalidParameter || probe == spec.UnknownResource
}

// NoRefusal is the finding about an operation that lists no refusal, neither a 4XX nor the default: nothing says how it
// answers a probe that NeedsRefusal. It is a finding about the document, of no exchange.
func (j *Judge) NoRefusal(op *spec.Operation) Finding {
	return Finding{
		ID: "document/no-refusal", Evidence: undocumented, Pointer: "/response/status", Node: op.Node.Member("responses"),
		Want: "a 4XX or the default: the document lists no refusal", Got: "only " + strings.Join(listed(op), ", "),
	}
}

func oneOf(statuses ...int) expectation {
	words := []string{}
	for _, status := range statuses {
		words = append(words, strconv.Itoa(status))
	}
	return expectation{strings.Join(words, " or "), func(status int) bool { return slices.Contains(statuses, status) }}
}

// refusal is one of the responses that name a fault. A range or default that names it is not meant for a status with a
// response of its own. 429 and 5xx say nothing about the fault, and below 400 nothing is refused by default.
func refusal(op *spec.Operation, keys []string) expectation {
	return expectation{strings.Join(keys, " or "), func(status int) bool {
		switch r := op.Response(status); {
		case r == nil, !slices.Contains(keys, r.Status), status == http.StatusTooManyRequests, status >= 500:
			return false
		default:
			return r.Status != "default" || status >= 400
		}
	}}
}

// success is a status with which an operation does what it was asked for. Where it sends elsewhere by its document,
// that is one. So is a documented conflict with what was done before, unless the method changes nothing (RFC 9110,
// 15.5.10).
func success(op *spec.Operation) expectation {
	keys := []string{}
	for _, r := range op.Responses {
		redirect := strings.HasPrefix(r.Status, "3") && r.Status != strconv.Itoa(http.StatusNotModified)
		if strings.HasPrefix(r.Status, "2") || redirect {
			keys = append(keys, r.Status)
		}
	}
	undocumented := len(keys) == 0
	if undocumented {
		keys = append(keys, "2XX")
	}
	if conflict := strconv.Itoa(http.StatusConflict); op.Method != http.MethodGet && slices.ContainsFunc(op.Responses, func(r *spec.Response) bool { return r.Status == conflict }) {
		keys = append(keys, conflict)
	}
	return expectation{strings.Join(keys, " or "), func(status int) bool {
		r := op.Response(status)
		return undocumented && status/100 == 2 || r != nil && slices.Contains(keys, r.Status)
	}}
}

// judgeProbeOffPaths refuses 429 and 5xx as the answer to a probe off the paths and methods of the document: it says nothing.
func judgeProbeOffPaths(s *subject, out *findings) {
	status := s.ex.Response.Status
	if s.ex.Probe != "" && s.op == nil && (status == http.StatusTooManyRequests || status >= 500) {
		out.add(Finding{ID: "status/no-answer", Evidence: s.inherited, Pointer: "/response/status", Want: "an answer to the question", Got: strconv.Itoa(status)})
	}
}

// judgeProbeStatus judges the status by what the probe tried, unless a rule about the probe has said what is right. Rules that
// name the probe and have no expression say just this.
func (e *evaluation) judgeProbeStatus(said bool) {
	s, out := e.subject, e.out
	if s.ex.Probe == "" || s.op == nil || s.ex.Unrecorded&UnrecordedResponse != 0 {
		return
	}
	want := s.expected()
	kept := want.holds(s.ex.Response.Status)
	f := Finding{Pointer: "/response/status", Want: want.want, Got: strconv.Itoa(s.ex.Response.Status)}
	for _, r := range s.statusRules {
		said = true
		e.mark(slices.Index(e.judge.doc.Rules, r), kept)
		if f.ID, f.Evidence, f.Node = r.ID, r.Evidence, r.Node; !kept {
			out.add(f)
		}
	}
	if kept || said {
		return
	}
	f.ID, f.Evidence, f.Node = "status/"+string(s.ex.Probe), s.op.Evidence, s.op.Node.Member("responses")
	if s.ex.Probe == spec.UnknownResource {
		f.Evidence = absenceEvidence
	}
	out.add(f)
}
