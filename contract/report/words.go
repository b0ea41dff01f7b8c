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

// tally counts the parts of a kind in words. Warned and not checked are named only where there are any.
func tally(parts []Part, kind Kind) string {
	n, some := countStates(parts, kind), ""
	for _, state := range []State{Warned, Unchecked} {
		if n[state] > 0 {
			some += fmt.Sprintf(", %d %s", n[state], state)
		}
	}
	return fmt.Sprintf("%d kept, %d broken%s, %d not observed", n[Kept], n[Broken], some, n[NotObserved])
}

// sources lists where the checks came from, in the order of their first.
func (r *Report) sources() []Suite {
	list := []Suite{}
	for _, c := range r.Checks {
		if !slices.Contains(list, c.Suite) {
			list = append(list, c.Suite)
		}
	}
	return list
}

// of returns the checks of a source; an empty source has all.
func (r *Report) of(source Suite) []Check {
	return only(r.Checks, func(c Check) bool { return c.Suite == source || source == "" })
}

// findings are all that were found, failures first.
func (c Check) findings() []contract.Finding { return slices.Concat(c.Failures, c.Warnings) }

// warning is the word before the finding of an index, if it is no failure.
func (c Check) warning(i int) string {
	if i < len(c.Failures) {
		return ""
	}
	return "warning: "
}

// evidence is what stands behind a finding, as people read it.
func evidence(d contract.Finding) string {
	return d.Evidence.Grade.String() + ": " + strings.Join(d.Evidence.Source, ", ")
}

// mapped gives what f makes of each element. It is never nil: a list in JSON is not null.
func mapped[T, U any](list []T, f func(T) U) []U {
	out := make([]U, 0, len(list))
	for _, v := range list {
		out = append(out, f(v))
	}
	return out
}

// only gives the elements of a list that are wanted.
func only[T any](list []T, wanted func(T) bool) (found []T) {
	for _, v := range list {
		if wanted(v) {
			found = append(found, v)
		}
	}
	return found
}
