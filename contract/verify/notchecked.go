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

// partCounts counts exchanges by the part of them that was not checked; Times of its keys is 0.
type partCounts map[report.NotChecked]int

// add counts some exchanges of an operation for each of their parts: 0 for an example of the document.
func (n partCounts) add(operation, reason string, times int, parts ...string) {
	for _, part := range parts {
		n[report.NotChecked{Part: part, Operation: operation, Reason: reason}] += times
	}
}

// list returns each part once with its count, in the order of operation, part and reason.
func (n partCounts) list() []report.NotChecked {
	list := slices.SortedFunc(maps.Keys(n), func(a, b report.NotChecked) int {
		return cmp.Or(cmp.Compare(a.Operation, b.Operation), cmp.Compare(a.Part, b.Part), cmp.Compare(a.Reason, b.Reason))
	})
	for i, part := range list {
		list[i].Times = n[part]
	}
	return list
}

// addNotChecked adds to the report the parts of exchanges that were not checked, and the unknown paths.
func (r *run) addNotChecked(t *Tally) {
	r.report.NotChecked = append(r.notChecked.list(), t.misses.unknownPaths()...)
}
