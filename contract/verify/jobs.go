package verify

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/probe"
	"github.com/quotaspec/quotaspec/contract/report"
)

// job is a check to be made.
type job struct {
	check  report.Check
	judge  *contract.Judge
	breaks []string // ids that the judge must give for the request, which is wrong on purpose
	alone  bool     // made after the others, one at a time
	// ask gets the exchange. It may be called again after an error of the connection.
	ask func(context.Context) (contract.Exchange, error)
}

// attempts is how often a request is made at most, if the connection fails.
const attempts = 3

// outcome is what became of a job. The exchange itself is not kept: its body may be large.
type outcome struct {
	check  report.Check
	result contract.Result
	err    error
	done   bool // false: the run was stopped before
}

// errStopped ends a run that was stopped.
var errStopped = errors.New("stopped: what was judged so far is reported")

// judgeAll makes the jobs, some at once, and reports them in their order, so that the report does not depend on the pace.
// Those that must be alone are made after the others, one at a time.
func (r *run) judgeAll(ctx context.Context) error {
	outcomes := make([]outcome, len(r.jobs))
	var done atomic.Int32
	limiter := newRateLimiter(r.Rate)
	together, alone := []int{}, []int{}
	for i, j := range r.jobs {
		if j.alone {
			alone = append(alone, i)
		} else {
			together = append(together, i)
		}
	}
	for _, part := range []struct {
		jobs   []int
		atOnce int
	}{{together, r.Concurrency}, {alone, 1}} {
		next := make(chan int)
		var workers sync.WaitGroup
		for range max(1, part.atOnce) {
			workers.Go(func() {
				for i := range next {
					outcomes[i] = r.judge(ctx, r.jobs[i])
					if n := done.Add(1); r.Progress != nil {
						r.Progress(int(n), len(r.jobs))
					}
				}
			})
		}
		r.hand(ctx, part.jobs, next, limiter)
		workers.Wait()
	}
	unread := map[report.Source]map[string]int{report.Recordings: {}, report.Probes: {}}
	for _, o := range outcomes {
		for _, what := range o.result.NotChecked {
			unread[o.check.Source][what+" of "+o.result.Operation]++
		}
		switch {
		case !o.done:
		case o.err != nil:
			r.report.Add(errorCheck(o.check, o.err))
		default:
			r.conclude(o.check, o.result)
		}
	}
	for _, source := range []report.Source{report.Recordings, report.Probes} {
		if reason := notChecked(nil, unread[source]); reason != "" {
			r.report.Add(skipped(report.Check{ID: string(source) + "/not-checked", Source: source}, reason))
		}
	}
	if ctx.Err() != nil {
		return errStopped
	}
	return nil
}

// hand gives out the jobs, probes at the rate, until the run is stopped.
func (r *run) hand(ctx context.Context, jobs []int, next chan<- int, limiter *rateLimiter) {
	defer close(next)
	for _, job := range jobs {
		probes := r.jobs[job].check.Source == report.Probes
		if probes {
			limiter.wait(ctx)
		}
		select {
		case next <- job:
		case <-ctx.Done():
			return
		}
		if probes {
			limiter.sent()
		}
	}
}

// ask makes one request, again if the connection fails, and says so.
func (r *run) ask(ctx context.Context, j job) (ex contract.Exchange, err error) {
	for attempt := 1; ; attempt++ {
		ex, err = j.ask(ctx)
		if attempt == attempts || ctx.Err() != nil || !errors.Is(err, probe.ErrUnreachable) {
			return ex, err
		}
		fmt.Fprintf(r.Log, "quotaspec: %s, trying again\n", oneLine(fmt.Errorf("%s: %w", j.check.ID, err)))
		select {
		case <-time.After(time.Duration(attempt) * 100 * time.Millisecond):
		case <-ctx.Done():
		}
	}
}

// judge makes one request and brings the exchange to the judge.
func (r *run) judge(ctx context.Context, j job) outcome {
	ex, err := r.ask(ctx, j)
	if err != nil || ctx.Err() != nil {
		return outcome{check: j.check, err: err, done: ctx.Err() == nil}
	}
	result := j.judge.Check(ex)
	if j.check.Source == report.Recordings {
		found := []string{}
		for _, d := range result.Findings {
			if d.Request() {
				found = append(found, d.ID)
			}
		}
		if !slices.Equal(found, j.breaks) {
			err = fmt.Errorf("the manifest says that the request breaks %v, the judge found %v", j.breaks, found)
		}
	}
	j.check.HTTP = ex.Response.Status
	j.check.Asked, j.check.Answered = j.judge.Excerpt(ex)
	return outcome{j.check, result, err, true}
}
