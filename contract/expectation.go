package contract

import (
	"bytes"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// The status of a response to a probe is judged by the first of these that applies: a rule that names the probe, the
// statuses whose x-error-codes name it, and what HTTP says about such a request (RFC 9110, 15.5):
//
//	x-error-codes: {at: /code, codes: [{code: A.1, message: No., when: no-permission}]}   // under responses: '403':
//
// Without a rule, a response to the probe no-permission must then have the status 403.

// expectation is the set of right statuses for a probe.
type expectation struct {
	want   string // in words, for findings
	allows func(status int) bool
}

// expected returns the right statuses for the probe of the exchange.
func (s *subject) expected() expectation {
	probe := s.ex.Probe
	if probe == spec.ValidRequest || probe == spec.Repeat {
		return success(s.op)
	}
	if keys := listed(s.op); onlyRefuses(s.op) && len(s.op.Statuses(probe)) == 0 {
		return documented(s.op, keys) // whatever is wrong with the request, nothing else is listed
	}
	// An unknown id may be refused like the id of another account, unless a rule lists the right statuses.
	isListed := probe != spec.UnknownResource || len(s.statusRules) > 0
	if statuses := s.op.Statuses(probe); isListed && len(statuses) > 0 {
		return refusal(s.op, statuses)
	}
	switch {
	case s.unlistedRefusal():
		success := success(s.op)
		return expectation{success.want + " or 4XX", func(status int) bool { return status/100 == 4 || success.allows(status) }}
	case probe == spec.InvalidParameter:
		return expectation{"4XX for a wrong request", isRefusalOfParameter}
	case probe == spec.UnknownResource:
		return absent(s.op)
	case probe == spec.NoPermission:
		return oneOf(http.StatusForbidden)
	case probe == spec.OtherAccount:
		return oneOf(http.StatusForbidden, http.StatusNotFound)
	}
	return oneOf(http.StatusUnauthorized, http.StatusForbidden)
}

// isRefusalOfParameter reports whether a status can refuse a parameter: those about credentials, methods and load cannot.
func isRefusalOfParameter(status int) bool {
	other := []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusMethodNotAllowed, http.StatusTooManyRequests}
	return status/100 == 4 && !slices.Contains(other, status)
}

// absent returns the right statuses for a resource that does not exist. The probe sends valid credentials, so that 401 is
// wrong, unless the document lists no other refusal. Whether the status is documented is judged for every exchange.
func absent(op *spec.Operation) expectation {
	listsOther := slices.ContainsFunc(op.Responses, func(r *spec.Response) bool {
		isOther4XX := strings.HasPrefix(r.Status, "4") && r.Status != strconv.Itoa(http.StatusUnauthorized)
		return r.Status == "default" || isOther4XX
	})
	return expectation{"4XX for what does not exist", func(status int) bool {
		isWrong := status == http.StatusTooManyRequests || listsOther && status == http.StatusUnauthorized
		return status/100 == 4 && !isWrong
	}}
}

// rulesOfStatus returns the rules of an operation that name a probe and have no expression: they are about the status alone.
func (j *Judge) rulesOfStatus(op *spec.Operation, probe spec.Probe) []*spec.Rule {
	return slices.DeleteFunc(slices.Clone(j.doc.Rules), func(r *spec.Rule) bool {
		return r.Expr != "" || r.Probe != probe || !isAbout(r, op)
	})
}

// isAbout reports whether a rule about exchanges is about those of an operation, which is nil for undocumented methods.
func isAbout(r *spec.Rule, op *spec.Operation) bool {
	return r.Scope == spec.ScopeDocument || op != nil && slices.Contains(op.Rules, r)
}

// unlistedRefusal reports whether the exchange is a probe with a wrong request of an operation that lists no refusal. Both
// success and refusal are right then: NoRefusal is a finding about the document, not about the provider.
func (s *subject) unlistedRefusal() bool {
	return s.op != nil && !s.op.ListsRefusal() && NeedsRefusal(s.ex.Probe)
}

// NeedsRefusal reports whether a provider must answer a probe with a refusal: a 4XX or default response that the operation
// lists. If the operation lists none, see [Judge.NoRefusal].
func NeedsRefusal(probe spec.Probe) bool {
	return probe == spec.InvalidParameter || probe == spec.UnknownResource
}

// NoRefusal returns the finding to report if a probe that [NeedsRefusal] was sent to an operation that lists no refusal,
// neither a 4XX nor the default: such a probe has no expected status. The finding is about the document, not about an
// exchange.
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

// refusal returns the statuses of the responses that name a probe. A range or the default that names it does not include
// a status with a response of its own. 429 and 5xx say nothing about the request, and a default below 400 refuses nothing.
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

// success returns the statuses with which an operation succeeds: the documented 2XX and redirects, and a documented conflict
// with an earlier request unless the method is GET (RFC 9110, 15.5.10). Without any, the document decides:
//
//	default         any status below 500: the default says all that the document says
//	default, 404    2XX or 3XX, which are the default; the refusals are listed
//	401             401: the operation only refuses
//	none at all     2XX
func success(op *spec.Operation) expectation {
	switch keys := listed(op); {
	case onlyRefuses(op):
		return documented(op, keys)
	case len(keys) == 1 && keys[0] == "default":
		return expectation{"a status below 500", func(status int) bool {
			return status/100 < 5 && status != http.StatusTooManyRequests
		}}
	}
	keys := []string{}
	for _, r := range op.Responses {
		redirect := strings.HasPrefix(r.Status, "3") && r.Status != strconv.Itoa(http.StatusNotModified)
		if strings.HasPrefix(r.Status, "2") || redirect {
			keys = append(keys, r.Status)
		}
	}
	anySuccess := len(keys) == 0
	if anySuccess {
		keys = append(keys, "2XX")
	}
	hasDefault := slices.Contains(listed(op), "default")
	conflict := strconv.Itoa(http.StatusConflict)
	if op.Method != http.MethodGet && slices.Contains(listed(op), conflict) {
		keys = append(keys, conflict)
	}
	return expectation{strings.Join(keys, " or "), func(status int) bool {
		isDefault := hasDefault && status/100 == 3
		if anySuccess && (status/100 == 2 || isDefault) {
			return true
		}
		r := op.Response(status)
		return r != nil && slices.Contains(keys, r.Status)
	}}
}

// onlyRefuses reports whether an operation lists statuses, none of them a success and none the default: it expects to refuse
// every request.
func onlyRefuses(op *spec.Operation) bool {
	isRefusal := func(status string) bool { return status[0] == '4' || status[0] == '5' }
	return len(op.Responses) > 0 && !slices.ContainsFunc(listed(op), func(status string) bool { return !isRefusal(status) })
}

// documented returns the statuses that an operation lists.
func documented(op *spec.Operation, keys []string) expectation {
	return expectation{strings.Join(keys, " or "), func(status int) bool { return op.Response(status) != nil }}
}

// judgeProbeOffPaths judges a probe of an undocumented path or method. Rules of the document say what is right; 429 and 5xx
// are always wrong, since they show nothing. Servers answer a method that they do not have with 501 (RFC 9110, 15.6.2) or fail
// at it, and break no promise of the document, so that a 5xx to one is only inferred to be wrong, as the rules about methods are.
func judgeProbeOffPaths(s *subject, out *findings) {
	status := s.ex.Response.Status
	showsNothing := status == http.StatusTooManyRequests || status >= 500
	if s.ex.Probe == "" || s.op != nil || !showsNothing {
		return
	}
	f := Finding{
		ID: "status/no-answer", Evidence: s.inherited, Pointer: "/response/status",
		Want: "a response other than 429 and 5XX", Got: strconv.Itoa(status),
	}
	if s.ex.Probe == spec.OtherMethod && status >= 500 {
		f.Evidence = methodEvidence
	}
	out.add(f)
}

// methodEvidence is the evidence of a finding about the response to a method that the document does not have.
var methodEvidence = spec.Evidence{Grade: spec.Inferred, Source: []string{"RFC 9110"}}

// judgeProbeStatus judges the status of a response to a probe, and marks the rules that name the probe and have no
// expression. decided means that a rule with an expression has judged it already.
func (e *evaluation) judgeProbeStatus(decided bool) {
	s, out := e.subject, e.out
	if s.ex.Probe == "" || s.op == nil || s.ex.Unrecorded&UnrecordedResponse != 0 {
		return
	}
	want := s.expected()
	passed := want.allows(s.ex.Response.Status)
	f := Finding{Pointer: "/response/status", Want: want.want, Got: strconv.Itoa(s.ex.Response.Status)}
	for _, r := range s.statusRules {
		decided = true
		e.mark(slices.Index(e.judge.doc.Rules, r), passed)
		if f.ID, f.Evidence, f.Node = r.ID, r.Evidence, r.Node; !passed {
			out.add(f)
		}
	}
	isUndocumented := s.response == nil && len(s.op.Responses) > 0
	isReported := isUndocumented && (s.ex.Response.Status/100 == 5 || onlyRefuses(s.op) || s.refusesInvented()) // by undocumentedStatus
	if passed || decided || isReported || s.refusedTwice() || s.findsNone() {
		return
	}
	f.ID, f.Evidence, f.Node = "status/"+string(s.ex.Probe), s.op.Evidence, s.op.Node.Member("responses")
	switch {
	case s.ex.Response.Status/100 == 5:
		f.ID = serverError
	case s.ex.Probe == spec.UnknownResource:
		f.Evidence = absenceEvidence
	case s.refusesInvented():
		f.Evidence = inventedEvidence
	}
	out.add(f)
}

// inventedEvidence is the evidence that a request with invented values must succeed: no promise says that what they name exists.
var inventedEvidence = spec.Evidence{Grade: spec.Inferred, Source: []string{"values made from the schema"}}

// refusesInvented reports whether the response may refuse values that nobody said to be right: an id that nothing has, a page
// token of the provider's own. The status may be any 4XX that is about values. An undocumented one is a finding of its own.
//
//	POST /runs {"flow_id": "8c4a…"}    404, documented    status/valid-request, inferred
//	                                   404 otherwise      status/undocumented alone
//	                                   401, 405, 415      status/valid-request, documented
func (s *subject) refusesInvented() bool {
	status := s.ex.Response.Status
	mustPass := s.ex.Probe == spec.ValidRequest || s.ex.Probe == spec.Repeat
	isOther := slices.Contains([]int{
		http.StatusUnauthorized, http.StatusMethodNotAllowed, http.StatusNotAcceptable, http.StatusUnsupportedMediaType,
	}, status)
	return s.ex.Invented && mustPass && status/100 == 4 && !isOther
}

// refusedTwice reports whether both requests of the probe repeat were refused alike. That shows nothing that the plain request
// does not.
func (s *subject) refusedTwice() bool {
	status := s.ex.Response.Status
	return s.ex.Probe == spec.Repeat && s.ex.Previous != nil && s.ex.Previous.Status == status && status/100 == 4
}

// findsNone reports whether the response to the probe unknown-resource is an empty list: the id is that of a filter, and a list
// without members shows none of what does not exist.
func (s *subject) findsNone() bool {
	r := s.ex.Response
	return s.ex.Probe == spec.UnknownResource && r.Status/100 == 2 && string(bytes.Join(bytes.Fields(r.Body), nil)) == "[]"
}
