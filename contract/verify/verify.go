// Package verify is one run of verify: exchanges come from several sources, a judge judges them, and the results become a
// report.
//
// It knows judges, probes, traffic and reports. Documents, recordings, providers and principals are handed in: no document and
// no service is known here, and neither is the command line.
//
// A run takes one straight way. Traffic is judged as it is read, and only what a report needs is kept of it (ahead.go,
// collector.go). Recordings and probes become jobs, which are made at the given pace and reported in their own order (jobs.go).
package verify

import (
	"context"
	"io"
	"slices"
	"time"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/contract/traffic"
	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Options say how a run judges.
type Options struct {
	FailOn spec.Grade // a broken promise of this grade or a surer one fails the run

	Only, Skip []string // globs over the ids of checks; an Only that is empty takes all
	Known      []KnownFailing

	Timeout      time.Duration // of one request
	Rate         float64       // requests a second; 0: no limit
	Concurrency  int           // requests at once
	AllowChanges bool          // send what may change something at a provider, one at a time after all others

	RepeatCommand func(id string) string // the command line that makes one check again
	Log           io.Writer              // gets a line for each request that is made again
	Progress      func(done, all int)    // is called after each job, by several goroutines; nil: nobody watches
}

// Inputs are where the exchanges of a run come from. Without any, the documents alone are judged: what is wrong with them
// fails the run.
type Inputs struct {
	Examples   bool // the named examples of each document
	Recordings []Recording
	Providers  []Provider
	HAR        []HAR
}

func (s Inputs) none() bool {
	return !s.Examples && len(s.Recordings) == 0 && len(s.Providers) == 0 && len(s.HAR) == 0
}

// Run judges what comes from the sources. The report is there also beside an error, as far as the run got.
func Run(ctx context.Context, judges []*contract.Judge, from Inputs, o Options) (*report.Report, error) {
	r := newRun(judges, o)
	return r.report, r.all(ctx, from)
}

// run is a run, and what it has found so far.
type run struct {
	Options
	judges []*contract.Judge
	ids    map[string]bool // of all checks, selected or not
	report *report.Report
	jobs   []job

	unchecked unchecked
}

func newRun(judges []*contract.Judge, o Options) *run {
	return &run{Options: o, judges: judges, ids: map[string]bool{}, report: NewReport(judges, o.FailOn), unchecked: unchecked{}}
}

// NewReport is the report of a run that has not begun.
func NewReport(judges []*contract.Judge, failOn spec.Grade) *report.Report {
	r := &report.Report{FailOn: failOn}
	for _, judge := range judges {
		r.Documents = append(r.Documents, judge.Document())
	}
	return r
}

func (r *run) all(ctx context.Context, from Inputs) error {
	r.documents(from.none())
	if from.Examples {
		r.examples()
	}
	r.recordings(from.Recordings)
	for _, p := range from.Providers {
		if err := r.probes(ctx, p); err != nil {
			return err
		}
	}
	var unmatched misses // of all files
	defer r.notChecked(&unmatched)
	for _, har := range from.HAR {
		if err := r.har(ctx, har, &unmatched); err != nil {
			return err
		}
	}
	if err := unmatched.err(); err != nil {
		return err
	}
	if err := r.unmatched(); err != nil {
		return err
	}
	if err := r.judgeAll(ctx); err != nil {
		return err
	}
	return r.misplaced(from.Providers)
}

// conclude puts a result into the report. What is wrong with the request is the prober's doing, not the provider's.
func (r *run) conclude(check report.Check, result contract.Result) {
	if !result.Judged && !check.NearMiss {
		r.add(check, report.Error, "the document does not know the path")
		return
	}
	if len(result.Errors) > 0 {
		check.Reason = oneLine(result.Errors[0])
	}
	r.report.AddJudged(check, result)
	r.applyKnown()
}

// applyKnown changes the status of the last check if it is listed as known to fail: it must still fail.
func (r *run) applyKnown() {
	check := &r.report.Checks[len(r.report.Checks)-1]
	known := slices.IndexFunc(r.Known, func(k KnownFailing) bool { return k.ID == check.ID && !k.Expired(time.Now()) })
	switch {
	case known < 0:
	case check.Status == report.Fail:
		check.Status, check.Reason = report.Known, r.Known[known].Reason
	case check.Status == report.Pass:
		check.Status, check.Reason = report.Fail, "it is listed as known to fail, and it passes: take it off the list"
	}
}

// add adds a check that was not judged.
func (r *run) add(check report.Check, status report.Status, reason string) {
	check.Status, check.Reason = status, reason
	r.report.Add(check)
}

// oneLine is an error in one line and without a secret: it may name a URL with a password in it.
func oneLine(err error) string { return traffic.HideSecrets(text.OneLine(err.Error())) }
