// Package report holds the results of a run and writes them, one file per format.
//
// A Report is a list of checks. Each check was judged by a document and passed or failed, or was not judged for a reason. From
// the checks and the documents the report derives everything else: the conclusion and counts (report.go, words.go), the state
// of every part of the documents (coverage.go), the promises by status (grid.go), and groups of findings with one cause
// (html_checks.go). The formats only write this down. None of them calls a terminal, a network or a clock.
//
// The package knows findings and documents. It does not know where exchanges came from, nor how they were judged.
package report

import (
	"fmt"
	"slices"
	"time"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Status is the result of a check.
type Status string

// The statuses of a check.
const (
	Pass  Status = "pass"  // judged: no failures
	Fail  Status = "fail"  // judged: it has failures, or a reason
	Known Status = "known" // judged: it fails as the list of known failing checks says, with its reason
	Skip  Status = "skip"  // not judged, for a reason
	Error Status = "error" // not judged, because of our own error or the network's
)

// Suite is where the exchanges of a check come from.
type Suite string

// The suites, in the order of the text format.
const (
	Documents  Suite = "documents"
	Recordings Suite = "recordings"
	Traffic    Suite = "traffic"
	Probes     Suite = "probes"
)

// Check is one exchange, or several alike, and its result.
type Check struct {
	ID        string // operation and name: showDomainQuota/type=user
	Suite     Suite
	Operation string // the operation's id; empty: of none
	HTTP      int    // the status of the response; 0: none
	Status    Status
	Reason    string // of any status but Pass; of Fail only if it has no findings or was not judged to the end
	Times     int    // how many exchanges it stands for; 0: one
	Took      time.Duration
	Missing   [][]string // what the config lacks for a skipped probe: keys and a value, as of probe.Probe
	About     *spec.Node // what a probe tests, if that is smaller than the operation, such as a parameter
	Failures  []contract.Finding
	Warnings  []contract.Finding // findings that do not fail the check
	Passed    []*spec.Rule       // the promises that it keeps
	Covered   []*spec.Node       // the parts of the document that were checked
	Unchecked []*spec.Node       // the parts of the document that it had but that were not checked
	NearMiss  bool               // the documents have only a path that is almost the same
	Repeat    string             // a command that repeats it
	Request   string             // the request, for people; credentials are replaced
	Response  string             // the response, for people
}

// NotChecked is what no check covers: a part of judged exchanges, or requests to a server of the API for a path that the
// documents do not have.
type NotChecked struct {
	Part      string `json:"part"`      // such as "response body in application/xml"; empty: a path
	Operation string `json:"operation"` // whose exchanges have the part; empty: of none
	Reason    string `json:"reason"`
	Method    string `json:"method"` // of a path, as are Origin and Path; else empty
	Origin    string `json:"origin"` // scheme and host: https://api.example.com; empty: unknown
	Path      string `json:"path"`   // without the query
	Times     int    `json:"times"`  // exchanges that have it; 0: it is a part of the document, or only its examples have it
}

// String is one line: the part, the number of exchanges, and the reason.
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

// Report is the result of a run.
type Report struct {
	Subject   string // what was judged: the reference server, a URL
	Documents []*spec.Document
	Side      contract.Side // who is judged
	FailOn    spec.Grade    // a broken promise graded like this or higher is a failure
	Checks    []Check
	// OnlyDocuments means that the run judges the documents themselves and no exchange.
	OnlyDocuments bool
	// NotChecked lists each part of an operation that was not checked, then each method and path that no document has.
	NotChecked []NotChecked
	Error      string // one line: why the run ended early; empty: it did not

	Folder  string    // the absolute path of the folder in which it was made; empty: unknown
	Version string    // of quotaspec; empty: unknown
	Started time.Time // zero: unknown, and then Took too
	Took    time.Duration
}

// AddJudged adds a check with the findings of its result. A finding that fails Side at FailOn fails the check; others are
// warnings. Findings about requests count in traffic and recordings only, where they are the consumer's; elsewhere the request
// is ours. If the result has errors and no failure, the check is an error; its reason must already be set.
func (r *Report) AddJudged(check Check, result contract.Result) {
	check.Status = Pass
	check.Operation, check.Passed = result.Operation, result.Passed()
	check.Covered, check.Unchecked = result.Covered(), result.Unchecked()
	isOurs := check.Suite != Traffic && check.Suite != Recordings
	for _, d := range result.Findings {
		switch {
		case d.Side() == contract.Consumer && isOurs:
		case d.Fails(r.Side, r.FailOn):
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

// Add adds a check whose status is already known, such as one that was not judged.
func (r *Report) Add(check Check) { r.Checks = append(r.Checks, check) }

// Count counts the checks of a suite with a status; an empty suite means all.
func (r *Report) Count(suite Suite, status Status) int {
	return len(only(r.of(suite), func(c Check) bool { return c.Status == status }))
}

// Warnings counts the findings that do not fail the run.
func (r *Report) Warnings() int {
	n := 0
	for _, c := range r.Checks {
		n += len(c.Warnings)
	}
	return n
}

// JudgedAny reports whether anything was judged that the run is about. Checks of the documents count only if the run judges the
// documents alone, near misses of a path only if it judges the consumer.
func (r *Report) JudgedAny() bool {
	return slices.ContainsFunc(r.Checks, func(c Check) bool {
		isOfRun := c.Suite != Documents || r.OnlyDocuments
		matches := !c.NearMiss || r.JudgesConsumer()
		return isOfRun && matches && c.Judged()
	})
}

// Judged reports whether the check was judged.
func (c Check) Judged() bool { return c.Status == Pass || c.Status == Fail || c.Status == Known }

// Conclusion is the report in a few words: broken, not judged, or kept.
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
