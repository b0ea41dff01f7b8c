package main

import (
	"context"
	"errors"
	"fmt"
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

// result is what became of a job.
type result struct {
	ex   contract.Exchange
	err  error
	done bool // false: the run was stopped before
}

// judgeAll makes the jobs, some at once, and judges them in their order, so that the report does not depend on the pace.
func (v *verification) judgeAll(ctx context.Context) error {
	results := make([]result, len(v.jobs))
	next := make(chan int)
	var workers sync.WaitGroup
	progress := newProgress(v.log, len(v.jobs))
	for range max(1, v.pace.concurrency) {
		workers.Go(func() {
			for i := range next {
				ex, err := v.ask(ctx, v.jobs[i])
				results[i] = result{ex, err, ctx.Err() == nil}
				progress.step()
			}
		})
	}
	v.hand(ctx, next)
	workers.Wait()
	progress.end()
	for i, r := range results {
		if r.done {
			v.judge(v.jobs[i], r)
		}
	}
	if ctx.Err() != nil {
		return errors.New("stopped: what was judged so far is reported")
	}
	return nil
}

// hand gives out the jobs at the rate, until the run is stopped.
func (v *verification) hand(ctx context.Context, next chan<- int) {
	defer close(next)
	var tick <-chan time.Time
	if v.pace.rate > 0 {
		ticker := time.NewTicker(time.Duration(float64(time.Second) / v.pace.rate))
		defer ticker.Stop()
		tick = ticker.C
	}
	for i := range v.jobs {
		if tick != nil && i > 0 && v.jobs[i].check.Source == report.Probes {
			select {
			case <-tick:
			case <-ctx.Done():
				return
			}
		}
		select {
		case next <- i:
		case <-ctx.Done():
			return
		}
	}
}

// ask makes one request, again if the connection fails, and says so.
func (v *verification) ask(ctx context.Context, j job) (ex contract.Exchange, err error) {
	for attempt := 1; ; attempt++ {
		ex, err = j.ask(ctx)
		if attempt == attempts || ctx.Err() != nil || !errors.Is(err, probe.ErrUnreachable) {
			return ex, err
		}
		fmt.Fprintf(v.log, "quotaspec: %s: %s, trying again\n", j.check.ID, oneLine(err))
		select {
		case <-time.After(time.Duration(attempt) * 100 * time.Millisecond):
		case <-ctx.Done():
		}
	}
}

// judge brings one exchange to the judge.
func (v *verification) judge(j job, r result) {
	if r.err != nil {
		v.report.Add(errorCheck(j.check, r.err))
		return
	}
	verdict := j.judge.Exchange(r.ex)
	if j.check.Source == report.Recordings {
		found := []string{}
		for _, d := range verdict.Deviations {
			if d.Request() {
				found = append(found, d.ID)
			}
		}
		if !slices.Equal(found, j.breaks) {
			v.report.Add(errorCheck(j.check, fmt.Errorf("the manifest says that the request breaks %v, the judge found %v", j.breaks, found)))
			return
		}
	}
	j.check.HTTP = r.ex.Response.Status
	j.check.Asked, j.check.Answered = j.judge.Excerpt(r.ex)
	v.conclude(j.check, verdict)
}

// progress counts on a terminal what is done.
type progress struct {
	mu         sync.Mutex
	out        *os.File // nil: nobody watches
	done, all  int
	lastUpdate time.Time
}

func newProgress(log any, all int) *progress {
	p := &progress{all: all}
	if f, ok := log.(*os.File); ok {
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
