package report

import (
	"cmp"
	"fmt"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/internal/text"
)

// Findings about requests are the consumer's, and each format shows them apart from the others, whoever is judged. A check that
// has findings of both kinds is split in two; each half has the status that its findings give:
//
//	FAIL  listThings/traffic=200:parameter/enum,schema/type    FAIL  schema/type       with the findings about responses
//	                                                           warn  parameter/enum    under "consumer"

// JudgesConsumer reports whether findings about requests may fail the run.
func (r *Report) JudgesConsumer() bool { return r.Side == contract.Consumer || r.Side == contract.Both }

// bySide splits the checks: those with anything to say about responses or documents, or nothing at all, and those with findings
// about requests.
func (r *Report) bySide() (others, ofConsumer []Check) {
	for _, c := range r.Checks {
		requests := c.withFindings(func(f contract.Finding) bool { return f.Side() == contract.Consumer })
		rest := c.withFindings(func(f contract.Finding) bool { return f.Side() != contract.Consumer })
		saysNothing := len(requests.findings()) == 0
		if saysNothing || len(rest.findings()) > 0 || c.Status == Error {
			others = append(others, rest)
		}
		if !saysNothing {
			ofConsumer = append(ofConsumer, requests)
		}
	}
	return others, ofConsumer
}

// withFindings returns the check with some of its findings. A check that failed by other findings passes.
func (c Check) withFindings(matches func(contract.Finding) bool) Check {
	had := len(c.Failures) > 0
	c.Failures, c.Warnings = only(c.Failures, matches), only(c.Warnings, matches)
	if isByOthers := c.Status == Fail && had && len(c.Failures) == 0; isByOthers {
		c.Status = Pass
	}
	return c
}

// terms says in one sentence what fails the run.
func (r *Report) terms() string {
	switch r.Side {
	case contract.Consumer:
		return fmt.Sprintf("Requests that break promises graded %s or higher fail the run (side consumer).", r.FailOn)
	case contract.Both:
		return fmt.Sprintf("Requests and responses that break promises graded %s or higher fail the run (side both).", r.FailOn)
	}
	return fmt.Sprintf("Broken promises graded %s or higher fail the run.", r.FailOn)
}

// judgedSide is ", side consumer" for the first line of the text format; "" for the provider, the default.
func (r *Report) judgedSide() string {
	if !r.JudgesConsumer() {
		return ""
	}
	return ", side " + string(r.Side)
}

// otherSide counts the exchanges that only a run of the other side fails on: "7 wrong requests: --side consumer fails on them".
// It is "" if there are none, or if both sides are judged.
func (r *Report) otherSide() string {
	other, one := contract.Consumer, "wrong request"
	switch r.Side {
	case contract.Both:
		return ""
	case contract.Consumer:
		other, one = contract.Provider, "wrong response"
	}
	n := 0
	for _, c := range r.Checks {
		fails := only(c.Warnings, func(f contract.Finding) bool { return f.Side() == other && f.Fails(other, r.FailOn) })
		if len(fails) > 0 && c.Status != Known && c.Suite != Documents {
			n += cmp.Or(c.Times, 1)
		}
	}
	switch n {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf("1 %s: --side %s fails on it", one, other)
	}
	return fmt.Sprintf("%s: --side %s fails on them", text.Count(n, one, one+"s"), other)
}
