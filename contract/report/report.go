// Package report holds what a run found, and writes it down: one file a format.
//
// It knows deviations and documents. It does not know where the exchanges came from, nor how they were judged.
package report

import (
	"slices"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi"
)

// Status is what became of a check.
type Status string

// The statuses of a check.
const (
	Pass  Status = "pass"  // judged, and kept
	Fail  Status = "fail"  // judged, and broken
	Skip  Status = "skip"  // not judged, on purpose: the reason says why
	Error Status = "error" // not judged, by our own fault or the network's
)

// Source is where the exchange of a check came from.
type Source string

// The sources of checks.
const (
	Documents  Source = "documents"
	Recordings Source = "recordings"
	Probes     Source = "probes"
)

// Check is one thing that was judged.
type Check struct {
	ID       string // operation and name: showDomainQuota/type=user
	Source   Source
	Status   Status
	Reason   string // of a skip or an error
	Failures []contract.Deviation
	Warnings []contract.Deviation // of a weaker grade than the run fails on
	Repeat   string               // a command that repeats it
}

// Report is what a run found.
type Report struct {
	Subject   string // what was judged: the reference server, a URL
	Documents []*openapi.Document
	Checks    []Check

	kept   map[string]bool
	broken map[string]bool
}

// Judged adds a check that was judged. Deviations of a grade up to failOn fail it, the others warn.
func (r *Report) Judged(check Check, deviations []contract.Deviation, kept []string, failOn openapi.Grade) {
	if r.kept == nil {
		r.kept, r.broken = map[string]bool{}, map[string]bool{}
	}
	check.Status = Pass
	for _, d := range deviations {
		r.broken[d.ID] = true
		if d.Evidence.Grade <= failOn {
			check.Status = Fail
			check.Failures = append(check.Failures, d)
		} else {
			check.Warnings = append(check.Warnings, d)
		}
	}
	for _, id := range kept {
		r.kept[id] = true
	}
	r.Checks = append(r.Checks, check)
}

// Add adds a check that was not judged.
func (r *Report) Add(check Check) { r.Checks = append(r.Checks, check) }

// Count counts the checks of a status; an empty source counts all.
func (r *Report) Count(source Source, status Status) int {
	n := 0
	for _, c := range r.Checks {
		if c.Status == status && (source == "" || c.Source == source) {
			n++
		}
	}
	return n
}

// JudgedTraffic says whether any exchange was judged: the documents' own checks are none.
func (r *Report) JudgedTraffic() bool {
	return slices.ContainsFunc(r.Checks, func(c Check) bool {
		return c.Source != Documents && (c.Status == Pass || c.Status == Fail)
	})
}

// Promise is a rule of a document and what the run saw of it.
type Promise struct {
	*openapi.Rule
	Document *openapi.Document
	Kept     bool // at least once, by an exchange that the rule is about
	Broken   bool // at least once
}

// Promises lists the rules of the documents.
func (r *Report) Promises() []Promise {
	list := []Promise{}
	for _, doc := range r.Documents {
		for _, rule := range doc.Rules {
			list = append(list, Promise{Rule: rule, Document: doc, Kept: r.kept[rule.ID], Broken: r.broken[rule.ID]})
		}
	}
	return list
}
