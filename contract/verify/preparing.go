package verify

import (
	"fmt"
	"time"

	"github.com/quotaspec/quotaspec/contract/probe"
)

// Before the first check is done, a run may create what the probes need and search for values. With a slow provider that takes
// a while, in which the log says every 10 seconds what is sent:
//
//	quotaspec: preparing: POST /flows

// preparing is when the log last said so; over is set once the checks begin.
type preparing struct {
	last time.Time
	over bool
}

// says writes the line, if the last one is long enough ago.
func (r *run) says(p probe.Probe) {
	const gap = 10 * time.Second
	now, at := time.Now(), &r.preparing
	switch {
	case at.over:
	case at.last.IsZero():
		at.last = now
	case now.Sub(at.last) >= gap:
		at.last = now
		fmt.Fprintf(r.Log, "quotaspec: preparing: %s %s\n", p.Operation.Method, p.Operation.Path)
	}
}
