// Package report holds what a run found, and writes it down: one file a format.
//
// It knows findings and documents. It does not know where the exchanges came from, nor how they were judged.
package report

import (
	"fmt"
	"slices"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Status is what became of a check.
type Status string

// The statuses of a check.
const (
	Pass  Status = "pass"  // judged, and kept
	Fail  Status = "fail"  // judged, and broken
	Known Status = "known" // judged, and broken, as a list of known failures says with its reason
	Skip  Status = "skip"  // not judged, on purpose: the reason says why
	Error Status = "error" // not judged, by our own fault or the network's
)

// Suite is where the exchange of a check came from.
type Suite string

// The sources of checks.
const (
	Documents  Suite = "documents"
	Recordings Suite = "recordings"
	Traffic    Suite = "traffic"
	Probes     Suite = "probes"
)

// Check is one thing that was judged.
type Check struct {
	ID        string // operation and name: showDomainQuota/type=user
	Suite     Suite
	Operation string // the operation's id; empty: of none
	HTTP      int    // the status that was answered; 0: none
	Status    Status
	Reason    string // of a skip, an error or a known failure; of a failure without findings, or whose exchange was not judged to its end
	Times     int    // how many exchanges it stands for; 0: one
	Failures  []contract.Finding
	Warnings  []contract.Finding // of a weaker grade than the run fails on
	Passed    []*spec.Rule       // the promises that it kept
	Covered   []*spec.Node       // the parts of the document that it had and that were checked
	Unchecked []*spec.Node       // the parts of the document that it had and that were not checked
	NearMiss  bool               // the documents do not know the path, only one that is almost the same
	Repeat    string             // a command that repeats it
	Request   string             // the request, for people; credentials are replaced
	Response  string             // the response, for people
}

// NotChecked is what nothing looked at: a part of exchanges that were judged, or requests to a server of the API for a path
// that the documents do not know.
type NotChecked struct {
	Part      string `json:"part"`      // such as "response body in application/xml"; empty: a path
	Operation string `json:"operation"` // whose exchanges have the part; empty: of none
	Reason    string `json:"reason"`
	Method    string `json:"method"` // of a path, as are Origin and Path; else empty
	Origin    string `json:"origin"` // scheme and host: https://api.example.com; empty: unknown
	Path      string `json:"path"`   // without the query
	Times     int    `json:"times"`  // exchanges that have it; 0: it is a part of the document, or only its examples have it
}

// String is one line: what was not checked, in how many exchanges, and why.
func (n NotChecked) String() string {
	if n.Part == "" {
		return fmt.Sprintf("%s %s%s%s: %s", n.Method, n.Origin, n.Path, timesOf(Check{Times: n.Times}), n.Reason)
	}
	what := n.Part
	if n.Operation != "" {
		what += " of " + n.Operation
	}
	if n.Times > 0 {
		what += ", " + text.Count(n.Times, "exchange", "exchanges")
	}
	return what + ": " + n.Reason
}

// Report is what a run found.
type Report struct {
	Subject   string // what was judged: the reference server, a URL
	Documents []*spec.Document
	FailOn    spec.Grade // a broken promise of this grade or a surer one is a failure
	Checks    []Check
	// OnlyDocuments says that the documents themselves were to be judged, and no exchange.
	OnlyDocuments bool
	// NotChecked lists what nothing looked at: each part of an operation once, and then each method and path that no document
	// knows once.
	NotChecked []NotChecked
	Error      string // one line: why the run ended before everything was judged; empty: it did not
}

// AddJudged adds a check that was judged. What is wrong with a request is the prober's own doing and left out; in traffic it
// is the consumer's, and a warning. If the judge met an error, which is the check's reason, the check is an error unless what was
// found before fails it.
func (r *Report) AddJudged(check Check, result contract.Result) {
	check.Status = Pass
	check.Operation, check.Passed, check.Covered, check.Unchecked = result.Operation, result.Passed(), result.Covered(), result.Unchecked()
	for _, d := range result.Findings {
		switch {
		case d.Request():
			if check.Suite == Traffic {
				check.Warnings = append(check.Warnings, d)
			}
		case d.Evidence.Grade <= r.FailOn:
			check.Status = Fail
			check.Failures = append(check.Failures, d)
		default:
			check.Warnings = append(check.Warnings, d)
		}
	}
	if len(result.Errors) > 0 && check.Status == Pass {
		check.Status = Error
	}
	r.Checks = append(r.Checks, check)
}

// Add adds a check that was not judged.
func (r *Report) Add(check Check) { r.Checks = append(r.Checks, check) }

// Count counts the checks of a status; an empty source counts all.
func (r *Report) Count(source Suite, status Status) int {
	n := 0
	for _, c := range r.Checks {
		if c.Status == status && (source == "" || c.Suite == source) {
			n++
		}
	}
	return n
}

// Warnings counts the findings that do not fail the run.
func (r *Report) Warnings() int {
	n := 0
	for _, c := range r.Checks {
		n += len(c.Warnings)
	}
	return n
}

// JudgedAny says whether anything was judged that the run is about. The documents' own checks are that only where there was to be
// no exchange.
func (r *Report) JudgedAny() bool {
	return slices.ContainsFunc(r.Checks, func(c Check) bool {
		return (c.Suite != Documents || r.OnlyDocuments) && !c.NearMiss && c.Judged()
	})
}

// Judged says whether the check was judged.
func (c Check) Judged() bool { return c.Status == Pass || c.Status == Fail || c.Status == Known }

// Conclusion is the report in one word or few.
func (r *Report) Conclusion() string {
	switch {
	case r.Count("", Fail) > 0:
		return "broken"
	case !r.JudgedAny():
		return "not judged"
	case r.Error != "", r.Count("", Error) > 0:
		return "kept, as far as it could be judged"
	}
	return "kept"
}
