package contract

import (
	"cmp"
	"fmt"
	"time"

	"github.com/quotaspec/quotaspec/contract/internal/pattern"
)

// timeLimit is how long one exchange may be judged, not counting the search for secrets that findings must not show.
const timeLimit = 30 * time.Second

// memoryLimit is about how many bytes one exchange may make the judge hold beside the exchange itself.
const memoryLimit = 512 << 20

// What is held of each value.
const (
	nodeSize  = 16 // of a body that was read
	ruleSize  = 64 // as rules see it
	placeSize = 8  // that it is wrong
	ruledSize = 24 // that a schema with rules describes it
)

// reportLimits says what was not checked or not judged since it took too long or too much.
func (out *findings) reportLimits() {
	for _, n := range out.budget.Slow() {
		out.addNotChecked(fmt.Sprintf("pattern at %s, which takes more than %g s", n.Place(), pattern.Timeout.Seconds()), nil)
	}
	if err := out.budget.Err(); err != nil {
		clear(out.passed) // a rule may not have been evaluated everywhere, nor a part judged to its end
		out.unchecked = append(out.unchecked, out.Covered()...)
		clear(out.covered)
		out.Errors = append(out.Errors, fmt.Errorf("%s %w", cmp.Or(out.Operation, "the exchange"), err))
	}
}
