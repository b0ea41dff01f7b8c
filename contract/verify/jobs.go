package verify

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/probe"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/contract/traffic"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// A job is a recording or probe to be judged. All jobs are known before the first one runs, so that the report can list them in
// this order whatever order they finish in. They run at the rate and concurrency of the options; jobs that may change something
// at the provider run after the others, one at a time.

// job is a check and, once done, its result. It does not hold the exchange, because bodies may be large.
type job struct {
	check  report.Check
	judge  *contract.Judge
	breaks []string // ids of the findings that the judge must report about the request, which is wrong on purpose
	alone  bool     // it runs after the others, one at a time
	from   sender   // of a probe
	doubt  string   // error of the run if all requests of the principal get 401; "" if this one says nothing about that

	unlisted bool // it is in no report: it was sent for others only
	// send returns the exchange. It may be called again if the connection fails.
	send func(context.Context) (contract.Exchange, error)

	result contract.Result
	err    error
	done   bool // false: the run was stopped first
}

// notSent is the error of a job that could not be sent because an earlier one failed; it skips the check, for this reason.
type notSent string //nolint:errname // a reason that is also an error

func (reason notSent) Error() string { return string(reason) }

// sender is where the exchange of a probe comes from, for a recording.
type sender struct {
	principal string // the role, or none
	origin    string // the URL where the paths begin
}

// attempts is how often a request is sent at most, if the connection fails.
const attempts = 3

// errStopped ends a run whose context ended.
var errStopped = errors.New("stopped: what was judged so far is reported")

// judgeJobs runs the jobs and reports them in their order, so that the report does not depend on timing.
func (r *run) judgeJobs(ctx context.Context) error {
	sending, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	watch := newWatch(max(minPatience, r.Concurrency), stop)
	r.runJobs(sending, watch)
	futile := watch.verdict(r.jobs, r.silent)
	for _, j := range r.jobs {
		if !j.unlisted {
			r.notChecked.add(j.result.Operation, notLookedAt, 1, j.result.NotChecked...)
		}
		switch {
		case !j.done || j.unlisted:
		case errors.As(j.err, new(notSent)):
			r.addUnjudged(j.check, report.Skip, oneLine(j.err))
		case j.err != nil:
			r.addUnjudged(j.check, report.Error, oneLine(j.err))
		default:
			r.addResult(j.check, j.result)
		}
	}
	if ctx.Err() != nil {
		return errStopped
	}
	return futile
}

// runJobs runs the jobs until the run is stopped. The rate limiter spaces probes by the time when the last one was sent, so
// that slow responses are not followed by a burst.
func (r *run) runJobs(ctx context.Context, watch *watch) {
	var next time.Time // the earliest time for the next probe
	var done atomic.Int32
	for _, alone := range []bool{false, true} {
		limit := max(1, r.Concurrency)
		if alone {
			limit = 1
		}
		slots := make(chan struct{}, limit)
		var group sync.WaitGroup
		order, inFront := sendingOrder(r.jobs)
		for i, j := range order {
			if i == inFront { // their responses may end the run before anything else is sent
				group.Wait()
			}
			if j.alone != alone {
				continue
			}
			slots <- struct{}{}
			if r.Rate > 0 && j.check.Suite == report.Probes {
				pause(ctx, time.Until(next))
				next = time.Now().Add(time.Duration(float64(time.Second) / r.Rate))
			}
			if ctx.Err() != nil {
				break
			}
			group.Go(func() {
				defer func() { <-slots }()
				if why := r.timeouts.skips(j); why != "" {
					j.err, j.done = notSent(why), true
				} else {
					r.judgeJob(ctx, j)
					r.timeouts.saw(j, r.Timeout)
				}
				watch.saw(j)
				if n := done.Add(1); r.Progress != nil {
					r.Progress(int(n), len(r.jobs), j.check.ID)
				}
			})
		}
		group.Wait()
	}
}

// pause waits for a duration, or until the run is stopped.
func pause(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

// sendWithRetries sends one request, and again if the connection fails. It logs each further attempt, until a request has failed
// for good: a server that is gone is reported once, and again when it has come back and is lost again.
func (r *run) sendWithRetries(ctx context.Context, j *job) (ex contract.Exchange, err error) {
	for attempt := 1; ; attempt++ {
		ex, err = j.send(ctx)
		isLost := errors.Is(err, probe.ErrUnreachable)
		if attempt == attempts || ctx.Err() != nil || !isLost {
			r.gone.Store(isLost)
			return ex, err
		}
		if !r.gone.Load() {
			fmt.Fprintf(r.Log, "quotaspec: %s, trying again\n", oneLine(fmt.Errorf("%s: %w", j.check.ID, err)))
		}
		pause(ctx, time.Duration(attempt)*100*time.Millisecond)
	}
}

// judgeJob sends one request and judges the exchange.
func (r *run) judgeJob(ctx context.Context, j *job) {
	started := time.Now()
	ex, err := r.sendWithRetries(ctx, j)
	j.err, j.done, j.check.Took = err, ctx.Err() == nil, time.Since(started)
	if err != nil || !j.done {
		return
	}
	if r.Record != nil && j.check.Suite == report.Probes {
		entry := traffic.Entry{Exchange: ex, Origin: j.from.origin, Started: started, Took: time.Since(started)}
		r.Record(entry, j.from.principal)
	}
	j.result = j.judge.Check(ex)
	j.check.HTTP = ex.Response.Status
	j.check.Request, j.check.Response = j.judge.Excerpt(ex)
	switch {
	case j.check.Suite == report.Recordings:
		j.err = r.judgeRecordedRequest(j)
	case ex.Probe == spec.ValidRequest:
		j.err = j.otherOperation()
	}
}

// otherOperation is an error if the judge did not judge a probe by its own operation, as that of GET /pets/{id} with the id
// mine if there is also a path /pets/mine: it shows nothing about its operation.
func (j *job) otherOperation() error {
	switch j.result.Operation {
	case j.check.Operation:
		return nil
	case "":
		return errors.New("the judge finds no operation for this request in the document")
	}
	return fmt.Errorf("this request is one of %s: give the parameters of the path other values", j.result.Operation)
}

// judgeRecordedRequest compares the findings about the request of a recording with those that its manifest lists:
//
//	manifest          judge             result
//	parameter/enum    parameter/enum    they are removed: the request is wrong on purpose and fails no side
//	none              parameter/enum    a finding of the consumer, if it is judged; else an error, as in all other cases
func (r *run) judgeRecordedRequest(j *job) error {
	isOfRequest := func(f contract.Finding) bool { return f.Side() == contract.Consumer }
	found := []string{}
	for _, f := range j.result.Findings {
		if isOfRequest(f) {
			found = append(found, f.ID)
		}
	}
	switch {
	case slices.Equal(found, j.breaks):
		j.result.Findings = slices.DeleteFunc(slices.Clone(j.result.Findings), isOfRequest)
		return nil
	case len(j.breaks) == 0 && r.report.JudgesConsumer():
		method, target := requestLine(j.check.Request)
		_, name, _ := strings.Cut(j.check.ID, "/recording=")
		j.check.Repeat = fmt.Sprintf("recording %s: %s %s", name, method, target)
		return nil
	}
	return fmt.Errorf("want the findings %q about the request, got %q", strings.Join(j.breaks, ", "), strings.Join(found, ", "))
}
