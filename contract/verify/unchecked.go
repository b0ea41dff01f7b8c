package verify

import (
	"cmp"
	"maps"
	"slices"

	"github.com/quotaspec/quotaspec/contract/report"
)

// Why a part of an exchange is not checked.
const (
	notLookedAt = "the judge does not look at it"
	notRecorded = "not recorded or redacted"
)

// unchecked counts the exchanges that have a part that was not checked, by the part and its operation.
type unchecked map[report.NotChecked]int

// add counts so many exchanges of an operation for each of their parts; an example of the document is none.
func (u unchecked) add(operation, reason string, times int, parts ...string) {
	for _, part := range parts {
		u[report.NotChecked{Part: part, Operation: operation, Reason: reason}] += times
	}
}

// list has each part once, in the order of operations and then of parts.
func (u unchecked) list() []report.NotChecked {
	list := slices.SortedFunc(maps.Keys(u), func(a, b report.NotChecked) int {
		return cmp.Or(cmp.Compare(a.Operation, b.Operation), cmp.Compare(a.Part, b.Part), cmp.Compare(a.Reason, b.Reason))
	})
	for i, n := range list {
		list[i].Times = u[n]
	}
	return list
}

// notChecked puts what was not checked into the report: parts of exchanges, and the paths of those that matched none.
func (r *run) notChecked(m *misses) {
	r.report.NotChecked = append(r.unchecked.list(), m.notChecked()...)
}
