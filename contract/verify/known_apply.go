package verify

import (
	"slices"
	"strings"
	"time"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/known"
	"github.com/quotaspec/quotaspec/contract/report"
)

// applyKnown changes the status of checks that are listed as known failing, and returns the lines of findings that do not occur
// any more. A check whose failures are all known is known; if only some are, these become warnings.
func (r *run) applyKnown() (stale []string) {
	active := slices.DeleteFunc(slices.Clone(r.Known), func(k known.Line) bool { return k.Expired(time.Now()) })
	occurred := make([]bool, len(active))
	for i := range r.report.Checks {
		r.applyTo(&r.report.Checks[i], active, occurred)
	}
	for i, k := range active {
		if k.Finding != "" && !occurred[i] && r.wasJudged(k) {
			stale = append(stale, k.Place+" "+k.What())
		}
	}
	return stale
}

// applyTo applies lines to a check, and marks those of findings that occur.
func (r *run) applyTo(c *report.Check, lines []known.Line, occurred []bool) {
	if i := slices.IndexFunc(lines, func(k known.Line) bool { return k.Finding == "" && k.ID == c.ID }); i >= 0 {
		switch {
		case c.Status == report.Fail:
			c.Status, c.Reason = report.Known, lines[i].Reason
		case c.Status == report.Pass && !r.DropFixed:
			c.Status, c.Reason = report.Fail, "it is listed as known failing but passes: remove it from the list"
		}
	}
	isKnown := func(f contract.Finding) bool {
		return slices.ContainsFunc(lines, func(k known.Line) bool { return expects(k, *c, f) })
	}
	reasons := []string{}
	for _, f := range slices.Concat(c.Failures, c.Warnings) {
		for i, k := range lines {
			if expects(k, *c, f) {
				occurred[i] = true
				reasons = append(reasons, k.Reason)
			}
		}
	}
	unknown := slices.DeleteFunc(slices.Clone(c.Failures), isKnown)
	switch {
	case c.Status != report.Fail || len(unknown) == len(c.Failures):
	case len(unknown) == 0 && c.Reason == "":
		slices.Sort(reasons)
		c.Status, c.Reason = report.Known, strings.Join(slices.Compact(reasons), "; ")
	default:
		known := slices.DeleteFunc(slices.Clone(c.Failures), func(f contract.Finding) bool { return !isKnown(f) })
		c.Failures, c.Warnings = unknown, append(known, c.Warnings...)
	}
}

// expects reports whether a line expects a finding of a check.
func expects(k known.Line, c report.Check, f contract.Finding) bool {
	return k.IsAbout(c.ID, c.Operation) && k.Expects(f.ID, f.Pointer)
}

// wasJudged reports whether all checks that a line is about were selected and judged, so that its finding would have occurred.
func (r *run) wasJudged(k known.Line) bool {
	isReported := map[string]bool{}
	for _, c := range r.report.Checks {
		isReported[c.ID] = true
	}
	for id := range r.ids {
		if !isReported[id] && (id == k.ID || r.operationID(id) == k.ID) {
			return false
		}
	}
	return wasTested(r.report, k)
}
