package breaking

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
)

// TestCompareStops checks that a comparison ends with its context, between two changes, and that it says how far it is.
func TestCompareStops(t *testing.T) {
	changed := changedTo(t, "maximum: 100", "maximum: 50", "maxLength: 40", "maxLength: 30", "/owners/{id}", "/holders/{id}")
	ctx, stop := context.WithCancel(t.Context())
	stop()
	c := comparerOf(t, usedPets, changed)
	c.Progress = func(int, int, string) { t.Error("a change was shown after the end") }
	if got, err := c.Compare(ctx); got != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, %v; want no comparison", got, err)
	}

	var calls, last atomic.Int64
	c = comparerOf(t, usedPets, changed)
	c.Progress = func(done, all int, operation string) {
		if calls.Add(1); done == all {
			last.Store(int64(all))
		}
		if operation == "" {
			t.Error("no operation")
		}
	}
	if n := int64(len(findingsOf(t, c))); n < 3 || calls.Load() != n || last.Load() != n {
		t.Errorf("%d findings, %d calls, the last one of %d", n, calls.Load(), last.Load())
	}
}
