package verify

import (
	"slices"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/probe"
	"github.com/quotaspec/quotaspec/contract/report"
)

// documents adds a check of the documents themselves. If exchanges are judged too, its findings are warnings at every
// threshold, because they are not the provider's mistakes, and webhooks are listed as not checked. If the documents are judged
// alone, its findings are failures.
func (r *run) documents(alone bool) {
	r.report.OnlyDocuments = alone
	for _, judge := range r.judges {
		if doc := judge.Document(); !alone && len(doc.Webhooks) > 0 {
			r.notChecked[report.NotChecked{Part: "webhooks of " + doc.Name, Reason: notLookedAt}] = 0
		}
	}
	check := report.Check{ID: "documents", Suite: report.Documents, Status: report.Pass}
	if !r.selected(check.ID) {
		return
	}
	found := []contract.Finding{}
	for _, judge := range r.judges {
		found = append(found, judge.DocumentFindings()...)
	}
	switch {
	case !alone && len(found) == 0:
		return
	case !alone:
		check.Warnings = found
	case len(found) > 0:
		check.Status, check.Failures = report.Fail, found
	}
	r.report.Add(check)
}

// examples judges the named examples of each operation, one check per operation.
func (r *run) examples() {
	for _, judge := range r.judges {
		for _, op := range judge.Document().Operations {
			check := report.Check{ID: op.ID + "/examples", Suite: report.Documents}
			if !r.selected(check.ID) {
				continue
			}
			all := contract.Result{Judged: true, Operation: op.ID}
			for _, ex := range judge.Examples(op) {
				result := judge.Check(ex)
				all.Findings = append(all.Findings, result.Findings...)
				all.Errors = append(all.Errors, result.Errors...)
				r.notChecked.add(op.ID, notLookedAt, 0, result.NotChecked...)
			}
			r.addResult(check, all)
		}
	}
}

// refusals warns about each operation that has probes which must be refused but lists no status for that. The document lacks
// something, so this is a warning at every threshold.
func (r *run) refusals(judge *contract.Judge, probes []probe.Probe) {
	for _, op := range judge.Document().Operations {
		check := report.Check{ID: op.ID + "/refusals", Suite: report.Documents, Status: report.Pass}
		needed := slices.ContainsFunc(probes, func(p probe.Probe) bool { return p.Operation == op && contract.NeedsRefusal(p.Kind) })
		if op.ListsRefusal() || !needed || !r.selected(check.ID) {
			continue
		}
		check.Warnings = []contract.Finding{judge.NoRefusal(op)}
		r.report.Add(check)
	}
}
