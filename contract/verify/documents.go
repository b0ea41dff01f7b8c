package verify

import (
	"slices"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/probe"
	"github.com/quotaspec/quotaspec/contract/report"
)

// documents lists what is wrong with the documents themselves, if anything is. No provider pays for it, so at every threshold
// they are warnings; where the documents alone are judged they are failures. Where exchanges are judged too, their webhooks are
// not checked.
func (r *run) documents(alone bool) {
	r.report.OnlyDocuments = alone
	for _, judge := range r.judges {
		if doc := judge.Document(); !alone && len(doc.Webhooks) > 0 {
			r.unchecked[report.NotChecked{Part: "webhooks of " + doc.Name, Reason: notLookedAt}] = 0
		}
	}
	check := report.Check{ID: "documents", Suite: report.Documents, Status: report.Pass}
	if !r.wanted(check.ID) {
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
	r.applyKnown()
}

// examples judges the named examples of each operation by its document: its own check, which counts as no traffic.
func (r *run) examples() {
	for _, judge := range r.judges {
		for _, op := range judge.Document().Operations {
			check := report.Check{ID: op.ID + "/examples", Suite: report.Documents}
			if !r.wanted(check.ID) {
				continue
			}
			whole := contract.Result{Judged: true, Operation: op.ID}
			for _, ex := range judge.Examples(op) {
				result := judge.Check(ex)
				whole.Findings = append(whole.Findings, result.Findings...)
				whole.Errors = append(whole.Errors, result.Errors...)
				r.unchecked.add(op.ID, notLookedAt, 0, result.NotChecked...)
			}
			r.conclude(check, whole)
		}
	}
}

// refusals warns of each operation that lists no refusal and has probes that need one: the warning is about the document, so
// no grade makes it a failure of the provider.
func (r *run) refusals(judge *contract.Judge, probes []probe.Probe) {
	for _, op := range judge.Document().Operations {
		check := report.Check{ID: op.ID + "/refusals", Suite: report.Documents, Status: report.Pass}
		needed := slices.ContainsFunc(probes, func(p probe.Probe) bool { return p.Operation == op && contract.NeedsRefusal(p.Kind) })
		if op.ListsRefusal() || !needed || !r.wanted(check.ID) {
			continue
		}
		check.Warnings = []contract.Finding{judge.NoRefusal(op)}
		r.report.Add(check)
	}
}
