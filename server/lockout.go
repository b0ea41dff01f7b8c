package server

import (
	"sync/atomic"
	"time"
)

// The vendor's gateway locks a key after this many failures in a row, for this long (API Gateway, signing guide).
const (
	failuresToLock = 5
	lockedFor      = 5 * time.Minute
)

// lockout blocks a key after too many wrong signatures. Only known keys have one, so unknown keys cannot fill memory. It needs
// no mutex: whichever of several concurrent failures is the fifth starts the lockout.
type lockout struct {
	failures atomic.Int32
	until    atomic.Int64 // Unix nanoseconds
}

func (l *lockout) closed(now time.Time) bool { return now.UnixNano() < l.until.Load() }

func (l *lockout) fail(now time.Time) {
	if l.failures.Add(1) >= failuresToLock {
		l.failures.Store(0)
		l.until.Store(now.Add(lockedFor).UnixNano())
	}
}

func (l *lockout) succeed() {
	if l.failures.Load() != 0 {
		l.failures.Store(0)
	}
}
