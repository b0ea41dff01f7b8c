package server

import (
	"sync"
	"time"
)

// rateLimiter limits the requests of one principal to a number per second: evenly spaced, or all at once after an idle second.
type rateLimiter struct {
	each time.Duration // between two requests

	mu   sync.Mutex
	next time.Time // when the next request is due if they are evenly spaced
}

// newRateLimiter returns nil, which sets no limit, for a rate of 0.
func newRateLimiter(perSecond int) *rateLimiter {
	if perSecond <= 0 {
		return nil
	}
	return &rateLimiter{each: max(1, time.Second/time.Duration(perSecond))}
}

// wait counts a request and returns 0, or returns how long the request is too early and does not count it.
func (l *rateLimiter) wait(now time.Time) time.Duration {
	if l == nil {
		return 0
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.next.Before(now) {
		l.next = now
	}
	if early := l.next.Sub(now) - (time.Second - l.each); early > 0 {
		return early
	}
	l.next = l.next.Add(l.each)
	return 0
}
