package server

import (
	"sync/atomic"
	"time"
)

// The vendor's gateway locks a key after so many failures in a row, for so long (API Gateway, signing guide).
const (
	failuresToLock = 5
	lockedFor      = 5 * time.Minute
)

// lock keeps a key from being tried. Only keys that somebody holds have one, so that whoever makes up keys fills no memory.
// It is lock-free: of failures at the same moment, the fifth closes it, whichever that is.
type lock struct {
	failures atomic.Int32
	until    atomic.Int64 // Unix nanoseconds
}

func (l *lock) closed(now time.Time) bool { return now.UnixNano() < l.until.Load() }

func (l *lock) fail(now time.Time) {
	if l.failures.Add(1) >= failuresToLock {
		l.failures.Store(0)
		l.until.Store(now.Add(lockedFor).UnixNano())
	}
}

func (l *lock) succeed() {
	if l.failures.Load() != 0 {
		l.failures.Store(0)
	}
}
