package contract

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/quotaspec/quotaspec/openapi"
)

// expectation is what a probe may be answered with.
type expectation struct {
	want  string // in words
	holds func(status int) bool
}

// expected says which statuses are right for a probe: success for a valid request, and for a fault those whose
// x-error-codes name it. Where the document names no fault, HTTP says what its statuses are for (RFC 9110, 15.5).
func (c *hearing) expected(probe string) expectation {
	if probe == ValidRequest || probe == openapi.Repeat {
		return c.success()
	}
	fault := openapi.Fault(probe)
	// An id that nobody has may be refused like one of somebody else, unless a rule says which statuses are right.
	named := fault != openapi.UnknownResource || len(c.statusRules()) > 0
	if statuses := c.op.Statuses(fault); named && len(statuses) > 0 {
		return c.refusal(statuses)
	}
	switch {
	case c.unlistedRefusal():
		success := c.success()
		return expectation{success.want + " or 4XX", func(status int) bool { return success.holds(status) || status/100 == 4 }}
	case fault == openapi.InvalidParameter:
		return expectation{"4XX for a wrong request", func(status int) bool {
			return status/100 == 4 && !slices.Contains([]int{http.StatusUnauthorized, http.StatusForbidden, http.StatusMethodNotAllowed, http.StatusTooManyRequests}, status)
		}}
	case fault == openapi.UnknownResource:
		return c.absent()
	case fault == openapi.NoPermission:
		return oneOf(http.StatusForbidden)
	case fault == openapi.OtherAccount:
		return oneOf(http.StatusForbidden, http.StatusNotFound)
	}
	return oneOf(http.StatusUnauthorized, http.StatusForbidden)
}

// absent is what a resource that does not exist must get. The credentials were right, so that 401 is wrong, unless the
// document lists nothing else. That the status must be a documented one is judged of every exchange.
func (c *hearing) absent() expectation {
	more := slices.ContainsFunc(c.op.Responses, func(r *openapi.Response) bool {
		return r.Status == "default" || strings.HasPrefix(r.Status, "4") && r.Status != strconv.Itoa(http.StatusUnauthorized)
	})
	return expectation{"4XX for what does not exist", func(status int) bool {
		return status/100 == 4 && status != http.StatusTooManyRequests && (status != http.StatusUnauthorized || !more)
	}}
}

// statusRules are the rules by which the status alone is judged: they name the probe and have no expression.
func (c *hearing) statusRules() []*openapi.Rule {
	rules := []*openapi.Rule{}
	for _, r := range c.doc.Rules {
		if r.Expr == "" && r.Probe == c.ex.Probe && (r.Scope != openapi.ScopeOperation || r.Holder == c.op.Pointer) {
			rules = append(rules, r)
		}
	}
	return rules
}

// unlistedRefusal says whether the exchange is a probe with a wrong request of an operation that lists no refusal. It may
// succeed or be refused: the gap is in the document (NoRefusal), and the provider does not pay for it.
func (c *hearing) unlistedRefusal() bool {
	return c.op != nil && !c.op.ListsRefusal() && NeedsRefusal(c.ex.Probe)
}

// NeedsRefusal says whether the answer to a probe is judged by the refusals that the operation lists.
func NeedsRefusal(probe string) bool {
	return probe == string(openapi.InvalidParameter) || probe == string(openapi.UnknownResource)
}

// NoRefusal is the finding about an operation that lists no refusal, neither a 4XX nor the default: nothing says how it
// answers a probe that NeedsRefusal. It is a finding about the document, of no exchange.
func (j *Judge) NoRefusal(op *openapi.Operation) Finding {
	listed := []string{}
	for _, r := range op.Responses {
		listed = append(listed, r.Status)
	}
	node := op.Pointer + "/responses"
	return Finding{
		ID: "document/no-refusal", Evidence: unknown, Pointer: "/response/status", Place: j.doc.Place(node), Node: node,
		Want: "a 4XX or the default: the document lists no refusal", Got: "only " + strings.Join(listed, ", "),
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
func (c *hearing) refusal(keys []string) expectation {
	return expectation{strings.Join(keys, " or "), func(status int) bool {
		switch r := c.op.Response(status); {
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
func (c *hearing) success() expectation {
	keys := []string{}
	for _, r := range c.op.Responses {
		redirect := strings.HasPrefix(r.Status, "3") && r.Status != strconv.Itoa(http.StatusNotModified)
		if strings.HasPrefix(r.Status, "2") || redirect {
			keys = append(keys, r.Status)
		}
	}
	undocumented := len(keys) == 0
	if undocumented {
		keys = append(keys, "2XX")
	}
	if conflict := strconv.Itoa(http.StatusConflict); c.op.Method != http.MethodGet && slices.ContainsFunc(c.op.Responses, func(r *openapi.Response) bool { return r.Status == conflict }) {
		keys = append(keys, conflict)
	}
	return expectation{strings.Join(keys, " or "), func(status int) bool {
		r := c.op.Response(status)
		return undocumented && status/100 == 2 || r != nil && slices.Contains(keys, r.Status)
	}}
}

// noAnswer refuses 429 and 5xx as the answer to a probe off the paths and methods of the document: it says nothing.
func (c *hearing) noAnswer() {
	status := c.ex.Response.Status
	if c.ex.Probe != "" && c.op == nil && (status == http.StatusTooManyRequests || status >= 500) {
		c.deviate("status/no-answer", c.inherited, "/response/status", "", "an answer to the question", strconv.Itoa(status))
	}
}

// probeStatus judges the status by what the probe tried, unless a rule about the probe has said what is right. Rules that
// name the probe and have no expression say just this.
func (c *hearing) probeStatus(said bool, outcome outcomes) {
	status := c.ex.Response.Status
	if c.ex.Probe == "" || c.op == nil || c.ex.Unseen&UnseenResponse != 0 {
		return
	}
	want := c.expected(c.ex.Probe)
	kept := want.holds(status)
	for _, r := range c.statusRules() {
		said = true
		outcome[r.ID] = kept
		if !kept {
			c.deviate(r.ID, r.Evidence, "/response/status", r.Pointer, want.want, strconv.Itoa(status))
		}
	}
	evidence := c.op.Evidence
	if c.ex.Probe == string(openapi.UnknownResource) {
		evidence = absence
	}
	if !kept && !said {
		c.deviate("status/"+c.ex.Probe, evidence, "/response/status", c.op.Pointer+"/responses", want.want, strconv.Itoa(status))
	}
}
