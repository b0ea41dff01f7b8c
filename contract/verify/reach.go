package verify

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/quotaspec/quotaspec/contract/probe"
)

// reach connects to a provider before the first probe, and reports whether it responded. With Options.Wait it asks until there
// is a response, or the time is over. A certificate that is not trusted does not get better by waiting.
func (r *run) reach(ctx context.Context, target probe.Target) (responded bool, err error) {
	end := time.Now().Add(r.Wait)
	for attempt := 0; ; attempt++ {
		responded, err = target.Reach(ctx)
		isOver := !time.Now().Before(end) || ctx.Err() != nil || errors.Is(err, probe.ErrCertificate)
		switch {
		case err == nil && responded, r.Wait == 0:
			return responded, err
		case isOver && err == nil:
			return false, fmt.Errorf("no response within %s", r.Wait)
		case isOver:
			return false, err
		}
		if attempt == 0 {
			fmt.Fprintf(r.Log, "quotaspec: waiting up to %s for %s\n", r.Wait, target.URL)
		}
		pause(ctx, min(time.Second/2, time.Until(end)))
	}
}
