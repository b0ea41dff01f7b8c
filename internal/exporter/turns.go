package exporter

import (
	"context"
	"sync"
	"time"
)

// One goroutine gives out the turns, and maxConcurrent others take them, one request at a time. So a thousand places that wait cost
// no stacks, and a place that waits, for its next turn or for Retry-After, keeps nobody from asking.

// askInTurn asks for each place when it is due, until the context ends.
func (e *Exporter) askInTurn(ctx context.Context) {
	e.mu.Lock()
	now := time.Now()
	for i, w := range e.watches {
		w.next = now.Add(spread(i, len(e.watches), e.options.Interval))
	}
	e.mu.Unlock()
	turns := make(chan *watch)
	var all sync.WaitGroup
	for range maxConcurrent {
		all.Go(func() {
			for w := range turns {
				result := ask(ctx, w)
				e.mu.Lock()
				if ctx.Err() == nil {
					e.record(w, result)
				}
				e.end(w)
				e.mu.Unlock()
			}
		})
	}
	for ctx.Err() == nil {
		w, wait := e.begin(time.Now())
		if w != nil {
			turns <- w
			continue
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-e.ended:
		case <-ctx.Done():
		}
		timer.Stop()
	}
	close(turns)
	all.Wait()
}

// begin takes the place that has been due for the longest time, among those that may be asked now. If there is none, it returns
// how long to wait; a request that ends may come first.
func (e *Exporter) begin(now time.Time) (first *watch, wait time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	var at time.Time
	for _, w := range e.watches {
		if w.isAsked || w.target.asked >= maxOfTarget || !w.known.Up && e.doubtful >= maxDoubtful {
			continue
		}
		if due := later(w.next, w.target.pause); first == nil || due.Before(at) {
			first, at = w, due
		}
	}
	switch {
	case first == nil:
		return nil, time.Hour
	case at.After(now):
		return nil, at.Sub(now)
	}
	first.isAsked, first.isDoubtful = true, !first.known.Up
	first.target.asked++
	if first.isDoubtful {
		e.doubtful++
	}
	return first, 0
}

// end counts a request as ended, and wakes who gives out the turns. The caller has locked mu.
func (e *Exporter) end(w *watch) {
	w.target.asked--
	if w.isDoubtful {
		e.doubtful--
	}
	w.isAsked, w.isDoubtful = false, false
	select {
	case e.ended <- struct{}{}:
	default: // it is awake already
	}
}
