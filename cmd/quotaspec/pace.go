package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/probe"
	"github.com/quotaspec/quotaspec/contract/report"
)

// pace says how fast a provider is asked.
type pace struct {
	timeout     time.Duration // of one request
	rate        float64       // requests a second; 0: no limit
	concurrency int           // requests at once
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
func (v *verification) judgeAll(ctx context.Context) error {
	results := make([]outcome, len(v.jobs))
	progress := newProgress(v.log, len(v.jobs))
	limiter := newRateLimiter(v.pace.rate)
	together, alone := []int{}, []int{}
	for i, j := range v.jobs {
		if j.alone {
			alone = append(alone, i)
		} else {
			together = append(together, i)
		}
	}
	for _, part := range []struct {
		jobs   []int
		atOnce int
	}{{together, v.pace.concurrency}, {alone, 1}} {
		next := make(chan int)
		var workers sync.WaitGroup
		for range max(1, part.atOnce) {
			workers.Go(func() {
				for i := range next {
					results[i] = v.judge(ctx, v.jobs[i])
					progress.step()
				}
			})
		}
		v.hand(ctx, part.jobs, next, limiter)
		workers.Wait()
	}
	progress.end()
	for _, r := range results {
		switch {
		case !r.done:
		case r.err != nil:
			v.report.Add(errorCheck(r.check, r.err))
		default:
			v.conclude(r.check, r.result)
		}
	}
	if ctx.Err() != nil {
		return errStopped
	}
	return nil
}

// hand gives out the jobs, probes at the rate, until the run is stopped.
func (v *verification) hand(ctx context.Context, jobs []int, next chan<- int, limiter *rateLimiter) {
	defer close(next)
	for _, job := range jobs {
		probes := v.jobs[job].check.Source == report.Probes
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

// rateLimiter keeps probes apart. It counts from when the last one was sent, so that slow answers do not let two go at once.
type rateLimiter struct {
	interval time.Duration // 0: no limit
	next     time.Time     // no probe is sent before
}

func newRateLimiter(rate float64) *rateLimiter {
	if rate == 0 {
		return &rateLimiter{}
	}
	return &rateLimiter{interval: time.Duration(float64(time.Second) / rate)}
}

func (l *rateLimiter) sent() { l.next = time.Now().Add(l.interval) }

// wait returns when a probe may be sent, or the run is stopped.
func (l *rateLimiter) wait(ctx context.Context) {
	if l.interval == 0 {
		return
	}
	select {
	case <-time.After(time.Until(l.next)):
	case <-ctx.Done():
	}
}

// ask makes one request, again if the connection fails, and says so.
func (v *verification) ask(ctx context.Context, j job) (ex contract.Exchange, err error) {
	for attempt := 1; ; attempt++ {
		ex, err = j.ask(ctx)
		if attempt == attempts || ctx.Err() != nil || !errors.Is(err, probe.ErrUnreachable) {
			return ex, err
		}
		fmt.Fprintf(v.log, "quotaspec: %s, trying again\n", oneLine(fmt.Errorf("%s: %w", j.check.ID, err)))
		select {
		case <-time.After(time.Duration(attempt) * 100 * time.Millisecond):
		case <-ctx.Done():
		}
	}
}

// judge makes one request and brings the exchange to the judge.
func (v *verification) judge(ctx context.Context, j job) outcome {
	ex, err := v.ask(ctx, j)
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

// progress counts on a terminal what is done.
type progress struct {
	mu         sync.Mutex
	out        *os.File // nil: nobody watches
	done, all  int
	lastUpdate time.Time
}

func newProgress(log io.Writer, all int) *progress {
	p := &progress{all: all}
	if f, ok := unwrapped(log).(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			p.out = f
		}
	}
	return p
}

func (p *progress) step() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done++
	if p.out != nil && time.Since(p.lastUpdate) > 100*time.Millisecond {
		p.lastUpdate = time.Now()
		fmt.Fprintf(p.out, "\r%d of %d", p.done, p.all)
	}
}

func (p *progress) end() {
	if p.out != nil {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}
