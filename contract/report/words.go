package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
)

// statusWords says what is said of the checks of a status, in the order in which they are counted.
var statusWords = []struct {
	Status    Status
	One, Word string // for one check, and for any other number of them
}{
	{Pass, "kept", "kept"}, {Fail, "broken", "broken"}, {Known, "known failing", "known failing"},
	{Error, "error", "errors"}, {Skip, "skipped", "skipped"},
}

// subject is what was judged; a run that ended early may not know it.
func (r *Report) subject() string { return cmp.Or(r.Subject, "nothing") }

// tally counts the parts of a kind in words. Warned is named only where there are any.
func tally(parts []Part, kind Kind) string {
	n, warned := Tally(parts, kind), ""
	if n[Warned] > 0 {
		warned = fmt.Sprintf(", %d warned", n[Warned])
	}
	return fmt.Sprintf("%d kept, %d broken%s, %d never seen", n[Kept], n[Broken], warned, n[NeverSeen])
}

// sources lists where the checks came from, in the order of their first.
func (r *Report) sources() []Source {
	list := []Source{}
	for _, c := range r.Checks {
		if !slices.Contains(list, c.Source) {
			list = append(list, c.Source)
		}
	}
	return list
}

// of returns the checks of a source.
func (r *Report) of(source Source) []Check {
	list := []Check{}
	for _, c := range r.Checks {
		if c.Source == source {
			list = append(list, c)
		}
	}
	return list
}

// findings are all that were found, failures first.
func (c Check) findings() []contract.Finding { return slices.Concat(c.Failures, c.Warnings) }

// times is how many exchanges the check stands for.
func (c Check) times() int { return max(c.Times, 1) }

// evidence is what stands behind a finding, as people read it.
func evidence(d contract.Finding) string {
	return d.Evidence.Grade.String() + ": " + strings.Join(d.Evidence.Source, ", ")
}
