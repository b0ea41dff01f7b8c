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
	want     string // in words
	statuses []string
	except   []int
}

func (e expectation) holds(status int) bool {
	for _, not := range e.except {
		if status == not {
			return false
		}
	}
	for _, key := range e.statuses {
		if key == strconv.Itoa(status) || strings.EqualFold(key, strconv.Itoa(status/100)+"XX") {
			return true
		}
	}
	return false
}

// expected says which statuses are right for a probe: success for a valid request, and for a fault those whose
// x-error-codes name it. Where the document names no fault, HTTP says what its statuses are for (RFC 9110, 15.5).
func (c *hearing) expected(probe string) expectation {
	if probe == ValidRequest || probe == openapi.Repeat {
		statuses := c.successes()
		return expectation{want: strings.Join(statuses, " or "), statuses: statuses}
	}
	fault := openapi.Fault(probe)
	if statuses := c.op.Statuses(fault); len(statuses) > 0 {
		return expectation{want: strings.Join(statuses, " or "), statuses: statuses}
	}
	switch fault {
	case openapi.InvalidParameter:
		return expectation{
			want: "4XX for a wrong request", statuses: []string{"4XX"},
			except: []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusMethodNotAllowed, http.StatusTooManyRequests},
		}
	case openapi.NoPermission:
		return expectation{want: "403", statuses: []string{"403"}}
	case openapi.OtherAccount:
		return expectation{want: "403 or 404", statuses: []string{"403", "404"}}
	}
	return expectation{want: "401 or 403", statuses: []string{"401", "403"}}
}

// successes are the statuses with which an operation does what it was asked for. Where it sends elsewhere by its document,
// that is one. So is a documented conflict with what was done before, unless the method changes nothing (RFC 9110, 15.5.10).
func (c *hearing) successes() []string {
	statuses := []string{}
	for _, r := range c.op.Responses {
		redirect := strings.HasPrefix(r.Status, "3") && r.Status != strconv.Itoa(http.StatusNotModified)
		if strings.HasPrefix(r.Status, "2") || redirect {
			statuses = append(statuses, r.Status)
		}
	}
	if len(statuses) == 0 {
		statuses = append(statuses, "2XX")
	}
	if conflict := strconv.Itoa(http.StatusConflict); c.op.Method != http.MethodGet && slices.ContainsFunc(c.op.Responses, func(r *openapi.Response) bool { return r.Status == conflict }) {
		statuses = append(statuses, conflict)
	}
	return statuses
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
	if c.ex.Probe == "" || c.op == nil {
		return
	}
	want := c.expected(c.ex.Probe)
	kept := want.holds(status)
	for _, r := range c.doc.Rules {
		if r.Expr != "" || r.Probe != c.ex.Probe || r.Scope == openapi.ScopeOperation && r.Holder != c.op.Pointer {
			continue
		}
		said = true
		outcome[r.ID] = kept
		if !kept {
			c.deviate(r.ID, r.Evidence, "/response/status", r.Pointer, want.want, strconv.Itoa(status))
		}
	}
	if !kept && !said {
		c.deviate("status/"+c.ex.Probe, c.op.Evidence, "/response/status", c.op.Pointer+"/responses", want.want, strconv.Itoa(status))
	}
}
