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

// job is a check to be made, and what became of it. The exchange itself is not kept: its body may be large.
type job struct {
	check  report.Check
	judge  *contract.Judge
	breaks []string // ids that the judge must give for the request, which is wrong on purpose
	alone  bool     // made after the others, one at a time
	// ask gets the exchange. It may be called again after an error of the connection.
	ask func(context.Context) (contract.Exchange, error)

	result contract.Result
	err    error
	done   bool // false: the run was stopped before
}

// attempts is how often a request is made at most, if the connection fails.
const attempts = 3

// errStopped ends a run that was stopped.
var errStopped = errors.New("stopped: what was judged so far is reported")

// judgeAll makes the jobs, and reports them in their order, so that the report does not depend on the pace.
func (r *run) judgeAll(ctx context.Context) error {
	r.makeAll(ctx)
	for _, j := range r.jobs {
		r.unchecked.add(j.result.Operation, notLookedAt, 1, j.result.NotChecked...)
		switch {
		case !j.done:
		case j.err != nil:
			r.add(j.check, report.Error, oneLine(j.err))
		default:
			r.conclude(j.check, j.result)
		}
	}
	if ctx.Err() != nil {
		return errStopped
	}
	return nil
}

// makeAll makes the jobs, some at once, until the run is stopped. Those that must be alone are made after the others, one at a
// time. Probes are kept apart by the rate, counted from when the last one was sent, so that slow answers do not let two go at
// once.
func (r *run) makeAll(ctx context.Context) {
	var next time.Time // no probe is sent before
	var done atomic.Int32
	for _, alone := range []bool{false, true} {
		atOnce := max(1, r.Concurrency)
		if alone {
			atOnce = 1
		}
		free := make(chan struct{}, atOnce)
		var working sync.WaitGroup
		for i := range r.jobs {
			j := &r.jobs[i]
			if j.alone != alone {
				continue
			}
			free <- struct{}{}
			if r.Rate > 0 && j.check.Suite == report.Probes {
				pause(ctx, time.Until(next))
				next = time.Now().Add(time.Duration(float64(time.Second) / r.Rate))
			}
			if ctx.Err() != nil {
				break
			}
			working.Go(func() {
				defer func() { <-free }()
				r.judge(ctx, j)
				if n := done.Add(1); r.Progress != nil {
					r.Progress(int(n), len(r.jobs))
				}
			})
		}
		working.Wait()
	}
}

// pause returns after a time, or when the run is stopped.
func pause(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

// ask makes one request, again if the connection fails, and says so.
func (r *run) ask(ctx context.Context, j *job) (ex contract.Exchange, err error) {
	for attempt := 1; ; attempt++ {
		ex, err = j.ask(ctx)
		if attempt == attempts || ctx.Err() != nil || !errors.Is(err, probe.ErrUnreachable) {
			return ex, err
		}
		fmt.Fprintf(r.Log, "quotaspec: %s, trying again\n", oneLine(fmt.Errorf("%s: %w", j.check.ID, err)))
		pause(ctx, time.Duration(attempt)*100*time.Millisecond)
	}
}

// judge makes one request and brings the exchange to the judge.
func (r *run) judge(ctx context.Context, j *job) {
	ex, err := r.ask(ctx, j)
	j.err, j.done = err, ctx.Err() == nil
	if err != nil || !j.done {
		return
	}
	j.result = j.judge.Check(ex)
	if j.check.Suite == report.Recordings {
		found := []string{}
		for _, d := range j.result.Findings {
			if d.Request() {
				found = append(found, d.ID)
			}
		}
		if !slices.Equal(found, j.breaks) {
			j.err = fmt.Errorf("the manifest says that the request breaks %v, the judge found %v", j.breaks, found)
		}
	}
	j.check.HTTP = ex.Response.Status
	j.check.Request, j.check.Response = j.judge.Excerpt(ex)
}
