package contract

import (
	"cmp"
	"fmt"
	"time"
)

// timeLimit is how long one exchange may be judged.
const timeLimit = 30 * time.Second

// limits says whether judging went to its end.
func (out *findings) limits() {
	if err := out.budget.Err(); err != nil {
		clear(out.kept) // a rule may not have been evaluated everywhere
		out.Errors = append(out.Errors, fmt.Errorf("%s %w", cmp.Or(out.Operation, "the exchange"), err))
	}
}
