package verify

import (
	"context"
	"errors"
	"fmt"
	"syscall"
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
		case err == nil && responded, r.Wait == 0 && err == nil:
			return responded, nil
		case r.Wait == 0:
			return false, whetherRunning(err)
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

// whetherRunning adds to the error of a refused connection what to do about it.
func whetherRunning(err error) error {
	if errors.Is(err, syscall.ECONNREFUSED) {
		return fmt.Errorf("%w: is the server running? If it is still starting, put wait: 30s into quotaspec.yaml", err)
	}
	return err
}
