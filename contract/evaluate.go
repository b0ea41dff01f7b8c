package contract

import (
	"fmt"
	"strings"

	"cel.dev/cel-go/cel"

	"github.com/quotaspec/quotaspec/openapi"
)

// applyRules evaluates the rules that the exchange is about.
func (c *hearing) applyRules() {
	var variables *variables // made when a rule asks for them
	outcome := outcomes{}
	said := false // a rule about this probe said which answer is right
	c.noAnswer()
	for _, r := range c.rulesOf[c.op] {
		if !c.concerns(r) {
			continue
		}
		if variables == nil {
			variables = c.variables()
		}
		side, got := "/response", c.summary
		if r.ofConsumer {
			side, got = "/request", c.requestLine
		}
		spoke := c.evaluate(r, r.Evidence, variables, side, got, outcome)
		said = said || spoke && r.Probe != "" && r.Probe != openapi.Repeat
	}
	c.probeStatus(said, outcome)
	if c.op != nil {
		c.rulesOfBodies(outcome)
	}
	for _, r := range c.doc.Rules {
		if outcome[r.ID] {
			c.result.Kept = append(c.result.Kept, r.ID)
		}
	}
}

// outcomes says of a rule that was evaluated whether it held every time.
type outcomes map[string]bool

// concerns says whether a rule about the exchanges of the operation, or of the document, is about this one.
func (c *hearing) concerns(r *compiledRule) bool {
	if r.Probe != "" && r.Probe != c.ex.Probe {
		return false
	}
	if r.Probe == openapi.Repeat && (c.ex.Previous == nil || r.speaksOf("previous.body") && c.firstFailed) {
		return false
	}
	if r.Probe == "" && c.ex.Probe == string(openapi.UnknownPath) {
		return false // no path of the document, so no promise about traffic
	}
	unseen := c.ex.Unseen
	switch {
	case unseen&UnseenRequest != 0 && r.speaksOf("request."),
		unseen&(UnseenRequestHeaders|UnseenCredentials) != 0 && r.speaksOf("request.headers"),
		unseen&UnseenResponse != 0 && r.speaksOf("response."),
		unseen&UnseenResponseHeaders != 0 && r.speaksOf("response.headers"),
		unseen&UnseenResponseBody != 0 && r.speaksOf("response.body"):
		return false
	case (c.failedAt("/response/body") || c.failedAt("/response/headers")) && r.speaksOf("response.body"),
		(c.failedAt("/request/body") || c.failedAt("/request/headers")) && r.speaksOf("request.body"):
		return false // the schema has said it
	}
	return true
}

// evaluate notes a rule as kept, broken or impossible to evaluate, and says whether it said anything at all. A rule is kept
// if it held every time it said something.
func (c *hearing) evaluate(r *compiledRule, evidence openapi.Evidence, variables cel.Activation, pointer string, got func() string, outcome outcomes) (spoke bool) {
	holds := true
	var err error
	if r.premise != nil {
		if holds, err = r.premise.decide(variables, c.extent); err == nil && !holds {
			return false
		}
	}
	if err == nil {
		holds, err = r.conclusion.decide(variables, c.extent)
	}
	switch {
	case err != nil:
		// What CEL says after the colon may be what the provider sent.
		why, _, _ := strings.Cut(oneLine(err.Error()), ":")
		c.result.Errors = append(c.result.Errors, fmt.Errorf("%s: rule %s cannot be evaluated: %s", c.doc.Place(r.Pointer), r.ID, why))
		outcome[r.ID] = false
		return false
	case !holds:
		c.deviate(r.ID, evidence, pointer, r.Pointer, r.Says, got())
		outcome[r.ID] = false
	default:
		if _, seen := outcome[r.ID]; !seen {
			outcome[r.ID] = true
		}
	}
	return true
}

// requestLine is the request in few words, for rules about it alone. Its query is left out.
func (c *hearing) requestLine() string { return c.ex.Request.Method + " " + c.path }

// summary is the answer in few words, for rules that speak of the whole of it.
func (c *hearing) summary() string {
	got := fmt.Sprintf("status %d", c.ex.Response.Status)
	if c.responseBody != nil {
		got += " " + compact(c.responseBody)
	}
	return got
}
