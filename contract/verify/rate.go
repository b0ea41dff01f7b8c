package verify

import (
	"context"
	"time"
)

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
