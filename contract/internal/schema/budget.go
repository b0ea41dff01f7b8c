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
	begin time.Time
	limit time.Duration
	err   error
	slow  []*spec.Node // patterns that took too long on a text
}

// NewBudget returns a budget that is spent after some time from now on.
func NewBudget(limit time.Duration) *Budget {
	return &Budget{begin: time.Now(), limit: limit}
}

// Err is nil unless the budget is spent. Then it names the limit and the place in the document at which judging ended.
func (b *Budget) Err() error {
	if b == nil {
		return nil
	}
	return b.err
}

// Slow gives the patterns that took too long on a text (pattern.Timeout). What they say is not checked from there on.
func (b *Budget) Slow() []*spec.Node {
	if b == nil {
		return nil
	}
	return b.slow
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
	v.effort, v.done = maxEffort, true // so the next visit ends too
	return false
}
