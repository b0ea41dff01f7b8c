package schema

import (
	"fmt"
	"time"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Budget limits the time and the memory that all checks of one exchange may use together. A nil Budget has no limits. A Budget
// is not safe for concurrent use.
//
// A budget is checked from within. While it works, a check counts its effort: one for each visit, and more for a step that
// takes longer, such as searching a large object. After maxEffort it looks at the clock, since the clock is too slow to read at
// each visit. Memory is counted where it grows with the value: results that are remembered, places that were reported, arrays
// that are sorted. Once the budget is spent, every check stops at its next visit and returns a result without meaning. So the
// caller must look at [Budget.Err] after the last check:
//
//	budget := schema.NewBudget(30*time.Second, 512<<20)
//	valid := checker.Valid(body, schema.Options{Budget: budget})
//	if err := budget.Err(); err != nil { … } // valid has no meaning
type Budget struct {
	begin  time.Time
	limit  time.Duration
	memory int // the limit in bytes
	used   int // bytes in use
	err    error
	slow   []*spec.Node // patterns that took too long to match
}

// NewBudget returns a budget that is spent when the time has passed or more bytes of memory are in use.
func NewBudget(limit time.Duration, memory int) *Budget {
	return &Budget{begin: time.Now(), limit: limit, memory: memory}
}

// Err returns nil until the budget is spent. Then it names the limit and the place in the document where judging
// stopped.
func (b *Budget) Err() error {
	if b == nil {
		return nil
	}
	return b.err
}

// SlowPatterns returns the patterns that took longer than pattern.Timeout on a string. After its first timeout, a
// pattern is not checked any more.
func (b *Budget) SlowPatterns() []*spec.Node {
	if b == nil {
		return nil
	}
	return b.slow
}

// Untimed runs a function without counting its time, such as work on a report.
func (b *Budget) Untimed(run func()) {
	begin := time.Now()
	run()
	if b != nil {
		b.begin = b.begin.Add(time.Since(begin))
	}
}

// InTime reports whether the budget is unspent. The node is the place in the document that judging has reached.
func (b *Budget) InTime(n *spec.Node) bool {
	if b == nil {
		return true
	}
	if b.err == nil && time.Since(b.begin) > b.limit {
		b.err = fmt.Errorf("could not be judged within %g s: judging ended at %s", b.limit.Seconds(), n.Place())
	}
	return b.err == nil
}

// Hold counts bytes of memory as used until Release, and reports whether the budget is unspent. The number is an
// estimate. The node is the place in the document that judging has reached.
func (b *Budget) Hold(bytes int, n *spec.Node) bool {
	if b == nil {
		return true
	}
	if b.used += bytes; b.err == nil && b.used > b.memory {
		b.err = fmt.Errorf("could not be judged within %d MiB of memory: judging ended at %s", b.memory>>20, n.Place())
	}
	return b.err == nil
}

// Release counts bytes of memory as free again.
func (b *Budget) Release(bytes int) {
	if b != nil {
		b.used -= bytes
	}
}

// maxEffort is the effort after which a visitor looks at the clock.
const maxEffort = 4096

// startVisit counts a visit and reports whether the budget allows it.
func (v *visitor) startVisit(c *Checker) bool {
	v.effort++
	return v.effort < maxEffort || v.inTime(c)
}

// inTime looks at the clock and reports whether the check may go on.
func (v *visitor) inTime(c *Checker) bool {
	v.effort = 0
	if v.Budget.InTime(c.schema.Node) {
		return true
	}
	v.abort()
	return false
}

// abort stops the check: the next visit finds the budget spent.
func (v *visitor) abort() { v.effort, v.done = maxEffort, true }

// hold counts bytes of memory that the visitor uses until it is free.
func (v *visitor) hold(bytes int, c *Checker) {
	v.reserved += bytes
	if !v.Budget.Hold(bytes, c.schema.Node) {
		v.abort()
	}
}
