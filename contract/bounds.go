package contract

import (
	"cmp"
	"fmt"
	"time"

	"github.com/quotaspec/quotaspec/contract/internal/pattern"
)

// A budget (internal/schema) counts the time of one exchange and the memory that the judge allocates for it. Each step asks
// the budget before it begins and stops when the budget is spent. The result then lists the findings so far and one error
// with the place in the document at which judging ended.

// timeLimit is how long judging one exchange may take. The search for secrets, which findings must not show, has no limit.
const timeLimit = 30 * time.Second

// memoryLimit is about how many bytes the judge may hold for one exchange, in addition to the exchange itself.
const memoryLimit = 512 << 20

// Bytes that are held for each value.
const (
	nodeSize  = 16 // parsed
	ruleSize  = 64 // as a value of a rule
	placeSize = 8  // as one that failed its schema
	ruledSize = 24 // as one that a schema with rules describes
)

// reportLimits adds what was not checked because a pattern took too long, and the error of an exchange beyond its limits.
func (out *findings) reportLimits() {
	for _, n := range out.budget.SlowPatterns() {
		out.addNotChecked(fmt.Sprintf("pattern at %s, which takes more than %g s", n.Place(), pattern.Timeout.Seconds()), nil)
	}
	if err := out.budget.Err(); err != nil {
		clear(out.passed) // no promise is certain: parts may be unjudged
		out.unchecked = append(out.unchecked, out.Covered()...)
		clear(out.covered)
		out.Errors = append(out.Errors, fmt.Errorf("%s %w", cmp.Or(out.Operation, "the exchange"), err))
	}
}
