package verify

import (
	"fmt"
	"strings"

	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/internal/text"
)

// Gates fail a run in which every check passed. Each that is not met is a failed check of its own:
//
//	coverage         fewer parts of the documents were observed than MinCoverage wants
//	not-checked      something was not checked, and FailOnUnchecked is set
//	known-failing    a line of the known failures does not occur any more (known.go)

// The ids of these checks.
const (
	coverageGate   = "coverage"
	notCheckedGate = "not-checked"
	knownGate      = "known-failing"
)

// conclude ends a run that ended with this error, and returns it. The known failures are applied to what was judged; the gates
// hold for a complete run only.
func (r *run) conclude(err error) error {
	stale := r.applyKnown()
	if err != nil || !r.report.JudgedAny() {
		return err
	}
	if len(stale) > 0 && !r.DropFixed {
		r.failGate(knownGate, "not found any more, remove "+text.Count(len(stale), "line", "lines")+": "+few(stale)+
			"; --write-known-failing does that")
	}
	if seen, missing := r.report.Observed(); percent(len(seen), len(missing)) < r.MinCoverage {
		names := []string{}
		for _, part := range missing {
			names = append(names, part.Name())
		}
		r.failGate(coverageGate, fmt.Sprintf("%.1f %% of %d parts were observed, want at least %g %%: not %s",
			percent(len(seen), len(missing)), len(seen)+len(missing), r.MinCoverage, few(names)))
	}
	if list := r.report.NotChecked; r.FailOnUnchecked && len(list) > 0 {
		lines := []string{}
		for _, part := range list {
			lines = append(lines, part.String())
		}
		r.failGate(notCheckedGate, text.Count(len(list), "part was", "parts were")+" not checked: "+few(lines))
	}
	return nil
}

func percent(part, rest int) float64 { return 100 * float64(part) / float64(max(part+rest, 1)) }

// maxFew is how many elements of a list a gate names.
const maxFew = 3

func few(list []string) string {
	shown := strings.Join(list[:min(len(list), maxFew)], "; ")
	if more := len(list) - maxFew; more > 0 {
		shown += fmt.Sprintf("; and %d more", more)
	}
	return shown
}

func (r *run) failGate(id, reason string) {
	r.addUnjudged(report.Check{ID: id, Suite: report.Documents}, report.Fail, reason)
}

// isGate reports whether a check is that of a gate.
func isGate(c report.Check) bool {
	return c.Suite == report.Documents && (c.ID == coverageGate || c.ID == notCheckedGate || c.ID == knownGate)
}
