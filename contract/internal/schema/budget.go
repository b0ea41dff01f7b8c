package schema

import (
	"fmt"
	"time"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Budget is what all checks of one exchange may take together. A check that finds the budget spent ends at once: it reports
// nothing more, and what it returns says nothing. So whoever gives a budget asks Err at last.
//
// A nil Budget has no limits. One goroutine may use a Budget.
type Budget struct {
	begin  time.Time
	limit  time.Duration
	memory int // bytes that may be held
	held   int // bytes
	err    error
	slow   []*spec.Node // patterns that took too long on a text
}

// NewBudget returns a budget that is spent after some time from now on, or when more bytes of memory are held.
func NewBudget(limit time.Duration, memory int) *Budget {
	return &Budget{begin: time.Now(), limit: limit, memory: memory}
}

// Err is nil unless the budget is spent. Then it names the limit and the place in the document at which judging ended.
func (b *Budget) Err() error {
	if b == nil {
		return nil
	}
	return b.err
}

// SlowPatterns gives the patterns that took too long on a text (pattern.Timeout). What they say is not checked from there on.
func (b *Budget) SlowPatterns() []*spec.Node {
	if b == nil {
		return nil
	}
	return b.slow
}

// Untimed runs what does not judge: its time does not count.
func (b *Budget) Untimed(run func()) {
	begin := time.Now()
	run()
	if b != nil {
		b.begin = b.begin.Add(time.Since(begin))
	}
}

// InTime reports whether the budget is not spent when judging comes to a node of the document.
func (b *Budget) InTime(n *spec.Node) bool {
	if b == nil {
		return true
	}
	if b.err == nil && time.Since(b.begin) > b.limit {
		b.err = fmt.Errorf("could not be judged within %g s: judging ended at %s", b.limit.Seconds(), n.Place())
	}
	return b.err == nil
}

// Hold counts bytes of memory that are held from now on, until Release, and reports whether the budget is not spent. The number
// is an estimate for what grows with the exchange. Judging has come to a node of the document.
func (b *Budget) Hold(bytes int, n *spec.Node) bool {
	if b == nil {
		return true
	}
	if b.held += bytes; b.err == nil && b.held > b.memory {
		b.err = fmt.Errorf("could not be judged within %d MiB of memory: judging ended at %s", b.memory>>20, n.Place())
	}
	return b.err == nil
}

// Release counts bytes that are no longer held.
func (b *Budget) Release(bytes int) {
	if b != nil {
		b.held -= bytes
	}
}

// maxEffort is after how much effort a visitor looks at the clock: a visit is 1, and what takes longer adds to it.
const maxEffort = 4096

// works notes a visit by a checker, and says whether there is still time for it.
func (v *visitor) works(c *Checker) bool {
	v.effort++
	return v.effort < maxEffort || v.inTime(c)
}

// inTime looks at the clock.
func (v *visitor) inTime(c *Checker) bool {
	v.effort = 0
	if v.Budget.InTime(c.schema.Node) {
		return true
	}
	v.end()
	return false
}

// end ends the check: the next visit sees that the budget is spent.
func (v *visitor) end() { v.effort, v.done = maxEffort, true }

// hold counts bytes that the visitor holds until it is free.
func (v *visitor) hold(bytes int, c *Checker) {
	v.held += bytes
	if !v.Budget.Hold(bytes, c.schema.Node) {
		v.end()
	}
}
