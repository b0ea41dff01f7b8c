package verify

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
)

// TestThrottle tests, with a fake clock, when a request is sent again after 429, and when the run gives up.
func TestThrottle(t *testing.T) {
	const none, ok = "none", "ok" // a 429 without Retry-After; another status
	start := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		name      string
		responses []string // to each attempt: its Retry-After, or the above
		want      []time.Duration
		fails     bool
		log       int // lines
	}{
		{name: "no 429", responses: []string{ok}, want: []time.Duration{0}},
		{name: "seconds", responses: []string{"7", ok}, want: []time.Duration{0, 7 * time.Second}, log: 1},
		{
			name: "a date", responses: []string{start.Add(9 * time.Second).Format(http.TimeFormat), ok},
			want: []time.Duration{0, 9 * time.Second}, log: 1,
		},
		{name: "a date in the past", responses: []string{start.Add(-time.Hour).Format(http.TimeFormat), ok}, want: []time.Duration{0, 0}},
		{name: "now", responses: []string{"0", ok}, want: []time.Duration{0, 0}},
		{
			name: "without Retry-After", responses: []string{none, none, none, ok},
			want: []time.Duration{0, time.Second, 3 * time.Second, 7 * time.Second}, log: 3,
		},
		{name: "neither", responses: []string{"soon", ok}, want: []time.Duration{0, time.Second}, log: 1},
		{
			name: "always", responses: []string{none, none, none, none}, fails: true,
			want: []time.Duration{0, time.Second, 3 * time.Second, 7 * time.Second}, log: 3,
		},
		{name: "too long", responses: []string{"31"}, want: []time.Duration{0}, fails: true},
		{name: "very long", responses: []string{"2147483647"}, want: []time.Duration{0}, fails: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				got, log := []time.Duration{}, strings.Builder{}
				send := new(throttle).patiently(&log, func(context.Context) (contract.Exchange, error) {
					got = append(got, time.Since(start))
					return throttledBy(test.responses[min(len(got), len(test.responses))-1]), nil
				})
				_, err := send(t.Context())
				if diff := cmp.Diff(test.want, got); diff != "" || (err != nil) != test.fails {
					t.Errorf("error %v, sent after (-want +got):\n%s", err, diff)
				}
				if lines := strings.Count(log.String(), "throttles (status 429): waiting "); lines != test.log {
					t.Errorf("got %d lines, want %d: %s", lines, test.log, log.String())
				}
			})
		})
	}
}

// throttledBy returns a 429 with this Retry-After.
func throttledBy(after string) contract.Exchange {
	r := contract.Response{Status: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {after}}}
	switch after {
	case "ok":
		r.Status = http.StatusOK
	case "none":
		r.Header = nil
	}
	return contract.Exchange{Response: r}
}

// TestThrottleTogether tests that all requests wait for one pause, and that the pauses of a run are bounded.
func TestThrottleTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start, sent := time.Now(), make(chan time.Duration, 1000)
		var shared throttle
		var log strings.Builder
		send := shared.patiently(&log, func(context.Context) (contract.Exchange, error) {
			at := time.Since(start)
			sent <- at
			time.Sleep(time.Millisecond) // so that all of them are on their way
			if at < 5*time.Second {
				return throttledBy("5"), nil
			}
			return throttledBy("ok"), nil
		})
		done := make(chan error)
		for range 3 {
			go func() { _, err := send(t.Context()); done <- err }()
		}
		for range 3 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		close(sent)
		late := 0
		for at := range sent {
			if at == 5*time.Second+time.Millisecond {
				late++
			} else if at != 0 {
				t.Errorf("sent after %s", at)
			}
		}
		if late != 3 || strings.Count(log.String(), "\n") != 1 {
			t.Errorf("%d requests after the pause, log %q", late, log.String())
		}
		always := shared.patiently(&log, func(context.Context) (contract.Exchange, error) { return throttledBy("30"), nil })
		for range 10 {
			if _, err := always(t.Context()); err == nil {
				t.Error("got no error")
			}
		}
		if all := time.Since(start); all > maxPauses+time.Second || all < maxPauses-30*time.Second {
			t.Errorf("the run paused for %s", all)
		}
	})
}

// TestThrottleAgain tests that the pauses begin anew after a response that is not 429.
func TestThrottleAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var shared throttle
		for range 5 {
			start, attempts := time.Now(), 0
			send := shared.patiently(&strings.Builder{}, func(context.Context) (contract.Exchange, error) {
				if attempts++; attempts < 3 {
					return throttledBy("none"), nil
				}
				return throttledBy("ok"), nil
			})
			if _, err := send(t.Context()); err != nil || time.Since(start) != 3*time.Second {
				t.Errorf("got %v after %s", err, time.Since(start))
			}
		}
	})
}

// TestThrottleCancelled tests that a run that is stopped does not wait.
func TestThrottleCancelled(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	attempts := 0
	send := new(throttle).patiently(&strings.Builder{}, func(context.Context) (contract.Exchange, error) {
		attempts++
		stop()
		return throttledBy("20"), nil
	})
	if _, err := send(ctx); err == nil || attempts != 1 {
		t.Errorf("got %v after %d attempts", err, attempts)
	}
}

// TestPausesInTheLog tests how many lines the pauses of a second each fill in the log: the first ones, then one in ten seconds.
func TestPausesInTheLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log, throttles := strings.Builder{}, new(throttle)
		for range 40 {
			responses := []string{"1", "ok"}
			send := throttles.patiently(&log, func(context.Context) (contract.Exchange, error) {
				response := responses[0]
				responses = responses[1:]
				return throttledBy(response), nil
			})
			if _, err := send(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if lines := strings.Count(log.String(), "\n"); lines != 6 {
			t.Errorf("got %d lines, want 6:\n%s", lines, log.String())
		}
	})
}
