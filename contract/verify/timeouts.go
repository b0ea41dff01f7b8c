package verify

import (
	"fmt"
	"sync"
	"time"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/report"
)

// An operation that hangs takes the whole time limit of each request. What its first requests show stays in the report. After
// some in a row, its others are skipped:
//
//	getLicense/plain            framing/no-answer after 10 s
//	getLicense/text-unknown     the same
//	getLicense/method-PUT       the same
//	getLicense/method-PATCH     skipped: the last 3 requests of this operation had no whole response in time

// maxTimeouts is how many requests of an operation may time out in a row.
const maxTimeouts = 3

// timeouts counts the requests of each operation that timed out in a row. The zero value has counted none.
type timeouts struct {
	mu  sync.Mutex
	row map[timeoutKey]int
}

// timeoutKey is an operation of a provider.
type timeoutKey struct {
	judge     *contract.Judge
	origin    string
	operation string
}

func timeoutKeyOf(j *job) timeoutKey { return timeoutKey{j.judge, j.from.origin, j.check.Operation} }

// skips is the reason not to send a probe; "" if it is sent.
func (t *timeouts) skips(j *job) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if j.check.Suite != report.Probes || t.row[timeoutKeyOf(j)] < maxTimeouts {
		return ""
	}
	return fmt.Sprintf("the last %d requests of this operation had no whole response in time", maxTimeouts)
}

// saw notes how a probe ended. The limit is the time limit of a request.
func (t *timeouts) saw(j *job, limit time.Duration) {
	if j.check.Suite != report.Probes || j.err != nil || !j.done {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.row == nil {
		t.row = map[timeoutKey]int{}
	}
	if t.row[timeoutKeyOf(j)]++; limit == 0 || j.check.Took < limit || !isCutShort(j.result) {
		t.row[timeoutKeyOf(j)] = 0
	}
}

// isCutShort reports whether no whole response came.
func isCutShort(r contract.Result) bool {
	for _, f := range r.Findings {
		if f.ID == contract.NoResponse || f.ID == contract.Unfinished {
			return true
		}
	}
	return false
}
