// Package verify performs one run of "quotaspec verify": a judge checks exchanges from several inputs, and the results become a
// report.
//
// A run has two ways. Traffic is judged while it is read, in batches on all cores (batches.go), and a Tally groups exchanges
// that are alike (tally.go). Recordings and probes become jobs, which run at a limited rate and are reported in
// their own order (jobs.go). Both ways add their checks to one report, filtered by --only and --skip (selection.go) and
// compared with the list of known failing checks (known_apply.go). What no check covers is listed too (notchecked.go, misses.go).
// At its end, gates may fail a run that judged too little (gates.go).
//
// The caller provides documents, recordings, providers and principals. The package knows no document, no service and no command
// line.
package verify

import (
	"cmp"
	"context"
	"crypto/x509"
	"io"
	"sync/atomic"
	"time"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/known"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/contract/traffic"
	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Options say how a run judges.
type Options struct {
	Side   contract.Side // who is judged: findings of the other side are warnings
	FailOn spec.Grade    // a broken promise graded like this or higher fails the run

	Only, Skip []string // globs over the ids of checks, or tag:NAME for operations with a tag; an empty Only selects all
	Known      []known.Line
	DropFixed  bool // a known failure that does not occur any more does not fail the run, because its line will be removed

	MinCoverage     float64 // percentage of the parts of the documents that must be observed, or the run fails
	FailOnUnchecked bool    // a part of an exchange that was not checked fails the run

	Timeout      time.Duration  // of one request
	Wait         time.Duration  // how long a provider may take to respond at all; 0: it must be there already
	CAs          *x509.CertPool // to trust in; nil: those of the system
	UserAgent    string         // of requests to providers; "" means quotaspec
	Rate         float64        // requests a second; 0: no limit
	Concurrency  int            // requests at once
	AllowChanges bool           // send requests that may change something, one at a time after all others
	Allow        Allow          // is no finding

	RepeatCommand func(id string) string // returns the command line that repeats a check; needed if there are Providers
	Log           io.Writer              // gets a line for each repeated attempt; needed if there are Providers
	// Progress is called after each job with the id of its check, by several goroutines; it may be nil.
	Progress func(done, all int, check string)

	// Record gets each exchange with a provider and each entry of a HAR, but none of a Pact file, which has no responses. The
	// principal is the role of a probe, "none" without credentials, and "" for traffic. Several goroutines call Record. It may
	// be nil.
	Record func(e traffic.Entry, principal string)
}

// Inputs are the exchanges of a run. Without any, the documents alone are judged, and their findings fail the run.
type Inputs struct {
	Examples   bool // the named examples of each document
	Recordings []Recording
	Providers  []Provider
	HAR        []HAR
}

func (in Inputs) none() bool {
	return !in.Examples && len(in.Recordings) == 0 && len(in.Providers) == 0 && len(in.HAR) == 0
}

// Run judges the inputs. It returns a report even with an error: what was judged until then.
func Run(ctx context.Context, judges []*contract.Judge, in Inputs, o Options) (*report.Report, error) {
	r := newRun(judges, o)
	return r.report, r.conclude(r.execute(ctx, in))
}

// run is the state of a run.
type run struct {
	Options
	judges []*contract.Judge
	ids    map[string]bool     // of all checks, selected or skipped
	tags   map[string][]string // by the ids of all operations
	report *report.Report
	jobs   []job
	makers []*maker

	silent     map[string]bool // the URLs of providers that did not respond to the first request
	gone       atomic.Bool     // no connection could be made for the last request that is done
	throttle   throttle
	timeouts   timeouts
	preparing  preparing
	notChecked partCounts
}

func newRun(judges []*contract.Judge, o Options) *run {
	r := &run{
		Options: o, judges: judges, ids: map[string]bool{}, tags: map[string][]string{}, report: NewReport(judges, o),
		silent: map[string]bool{}, notChecked: partCounts{},
	}
	for _, judge := range judges {
		for _, op := range judge.Document().Operations {
			r.tags[op.ID] = op.Tags
		}
	}
	return r
}

// NewReport returns an empty report about the documents of the judges, for a run that ends before it judges anything.
func NewReport(judges []*contract.Judge, o Options) *report.Report {
	r := &report.Report{Side: o.Side, FailOn: o.FailOn}
	for _, judge := range judges {
		r.Documents = append(r.Documents, judge.Document())
	}
	return r
}

func (r *run) execute(ctx context.Context, in Inputs) error {
	defer r.cleanUp(ctx)
	r.documents(in.none())
	if in.Examples {
		r.examples()
	}
	r.recordings(in.Recordings)
	if err := r.probes(ctx, in.Providers); err != nil {
		return err
	}
	t := NewTally(r.judges)
	t.Allow = r.Allow
	defer r.addNotChecked(t)
	err := r.readAll(ctx, in.HAR, t)
	r.addTraffic(t)
	if err := cmp.Or(err, t.misses.err(r.report.JudgesConsumer()), r.unmatchedPatterns()); err != nil {
		return err
	}
	if err := r.judgeJobs(ctx); err != nil {
		return err
	}
	return r.notFound(in.Providers)
}

// addResult adds a judged check to the report.
func (r *run) addResult(check report.Check, result contract.Result) {
	if !result.Judged && !check.NearMiss {
		r.addUnjudged(check, report.Error, noSuchPath)
		return
	}
	if len(result.Errors) > 0 {
		check.Reason = oneLine(result.Errors[0])
	}
	result.Findings = r.Allow.without(result.Findings, check.HTTP)
	r.report.AddJudged(check, result)
}

// addUnjudged adds a check that was not judged.
func (r *run) addUnjudged(check report.Check, status report.Status, reason string) {
	check.Status, check.Reason = status, reason
	r.report.Add(check)
}

// oneLine returns the text of an error in one line, without secrets such as the password of a URL.
func oneLine(err error) string { return traffic.HideSecrets(text.OneLine(err.Error())) }
