package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
)

// statusWords has the words of the formats for counts of checks, in their order.
var statusWords = []struct {
	Status    Status
	One, Word string // for one check, and for any other number
}{
	{Pass, "passed", "passed"}, {Fail, "failed", "failed"}, {Known, "known failing", "known failing"},
	{Error, "error", "errors"}, {Skip, "skipped", "skipped"},
}

// subject is what was judged; "nothing" if the run ended before it was known.
func (r *Report) subject() string { return cmp.Or(r.Subject, "nothing") }

// tally counts the parts of a kind by state, as in "12 kept, 1 broken, 2 warned, 3 not observed". Each part counts once, in its
// one state (coverage.go). Warned and not checked are left out if there are none; the others always stand there.
func tally(parts []Part, kind Kind) string {
	n, some := countStates(parts, kind), ""
	for _, state := range []State{Warned, Unchecked} {
		if n[state] > 0 {
			some += fmt.Sprintf(", %d %s", n[state], state)
		}
	}
	return fmt.Sprintf("%d kept, %d broken%s, %d not observed", n[Kept], n[Broken], some, n[NotObserved])
}

// made says what wrote the report and when: " 1.2.0 on 2026-11-26 14:00 UTC, in 1.2 s"; "" if nothing is known.
func (r *Report) made() string {
	out := ""
	if r.Version != "" {
		out = " " + r.Version
	}
	if !r.Started.IsZero() {
		out += fmt.Sprintf(" on %s, in %.1f s", r.Started.UTC().Format("2006-01-02 15:04 MST"), r.Took.Seconds())
	}
	return out
}

// suites lists the suites of the checks, in the order of their first check.
func (r *Report) suites() []Suite { return suitesOf(r.Checks) }

func suitesOf(checks []Check) []Suite {
	list := []Suite{}
	for _, c := range checks {
		if !slices.Contains(list, c.Suite) {
			list = append(list, c.Suite)
		}
	}
	return list
}

// of returns the checks of a suite; an empty suite means all.
func (r *Report) of(suite Suite) []Check {
	return only(r.Checks, func(c Check) bool { return c.Suite == suite || suite == "" })
}

// findings returns the failures, then the warnings.
func (c Check) findings() []contract.Finding { return slices.Concat(c.Failures, c.Warnings) }

// warning returns "warning: " for the index of a finding that is a warning, "" for a failure.
func (c Check) warning(i int) string {
	if i < len(c.Failures) {
		return ""
	}
	return "warning: "
}

// whose returns "consumer: " for a finding about a request, "" for others: for formats without a section of the consumer.
func whose(d contract.Finding) string {
	if d.Side() == contract.Consumer {
		return "consumer: "
	}
	return ""
}

// evidence is the grade and the sources of a finding.
func evidence(d contract.Finding) string {
	return d.Evidence.Grade.String() + ": " + strings.Join(d.Evidence.Source, ", ")
}

// mapped returns the results of f for each element. It is never nil, so that JSON has [] instead of null.
func mapped[T, U any](list []T, f func(T) U) []U {
	out := make([]U, 0, len(list))
	for _, v := range list {
		out = append(out, f(v))
	}
	return out
}

// only returns the elements of a list that match.
func only[T any](list []T, matches func(T) bool) (found []T) {
	for _, v := range list {
		if matches(v) {
			found = append(found, v)
		}
	}
	return found
}

// aboutWarnings says what a warning is.
const aboutWarnings = "broken at a lower grade than the run fails on, by the side that is not judged, or about the document itself."
