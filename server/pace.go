package server

import (
	"sync"
	"time"
)

// pace lets somebody ask a number of times a second: evenly, or all at once after a second of rest.
type pace struct {
	each time.Duration // between two requests

	mu   sync.Mutex
	next time.Time // at which an even pace would allow the next request
}

// newPace returns nil, which sets no limit, for a rate of 0.
func newPace(perSecond int) *pace {
	if perSecond <= 0 {
		return nil
	}
	return &pace{each: max(1, time.Second/time.Duration(perSecond))}
}

// wait returns 0 if a request may go on now, and has counted it then; else for how long it is too early.
func (p *pace) wait(now time.Time) time.Duration {
	if p == nil {
		return 0
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.next.Before(now) {
		p.next = now
	}
	if early := p.next.Sub(now) - (time.Second - p.each); early > 0 {
		return early
	}
	p.next = p.next.Add(p.each)
	return 0
}
