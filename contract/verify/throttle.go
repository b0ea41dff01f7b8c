package verify

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/quotaspec/quotaspec/contract"
)

// A provider that throttles (429) says nothing about a request, so the request is sent again. All requests of the run pause
// until then: one that is sent meanwhile would be throttled, too. The pause is as long as Retry-After says, else 1 s, 2 s, 4 s
// as long as nothing but 429 comes back:
//
//	0 s    GET /a  429            1 s    GET /a  429            3 s    GET /a  200    no pause is left
//	0 s    GET /b  429 (waits)    1 s    GET /b  429 (waits)    3 s    GET /b  200
//
// The pauses are bounded: what is still throttled then is an error of the run, not of the provider.

const (
	maxPause  = 30 * time.Second // one pause
	maxPauses = 2 * time.Minute  // all pauses of a run
	maxTries  = 4                // of one request; also the pauses without a Retry-After, and one more
)

// throttle is the pause of a run. The zero value pauses nothing.
type throttle struct {
	mu     sync.Mutex
	until  time.Time     // no request is sent before
	total  time.Duration // of all pauses
	lines  int           // pauses that were logged
	logged time.Time     // the last of them
	series int           // pauses without a Retry-After since the last response that is not 429
}

// patiently returns a function that sends a request again as long as the provider throttles it. It logs the first pauses,
// then one every 10 seconds.
func (t *throttle) patiently(
	log io.Writer, send func(context.Context) (contract.Exchange, error),
) func(context.Context) (contract.Exchange, error) {
	return func(ctx context.Context) (contract.Exchange, error) {
		for try := 1; ; try++ {
			t.mu.Lock()
			wait := time.Until(t.until)
			t.mu.Unlock()
			if pause(ctx, wait); ctx.Err() != nil {
				return contract.Exchange{}, ctx.Err()
			}
			sent := time.Now()
			ex, err := send(ctx)
			header, isThrottled := throttled(ex)
			if err != nil || !isThrottled {
				t.passed(err)
				return ex, err
			}
			d, ok := t.extend(sent, header)
			if !ok || try == maxTries {
				return ex, errors.New("the provider throttles (status 429): lower --rate")
			}
			if t.isWorthALine(d) {
				fmt.Fprintf(log, "quotaspec: the provider throttles (status 429): waiting %s\n", d.Round(time.Second))
			}
		}
	}
}

// isWorthALine reports whether a pause is logged. A provider that throttles each fifth request pauses a run a hundred times.
func (t *throttle) isWorthALine(d time.Duration) bool {
	const first, gap = 3, 10 * time.Second
	t.mu.Lock()
	defer t.mu.Unlock()
	now := time.Now()
	isRare := t.lines < first || now.Sub(t.logged) >= gap
	if d == 0 || !isRare {
		return false
	}
	t.lines++
	t.logged = now
	return true
}

// throttled reports whether a response has status 429, and its header.
func throttled(ex contract.Exchange) (http.Header, bool) {
	if ex.Previous != nil && ex.Previous.Status == http.StatusTooManyRequests {
		return ex.Previous.Header, true
	}
	return ex.Response.Header, ex.Response.Status == http.StatusTooManyRequests
}

// passed notes a response that is not 429.
func (t *throttle) passed(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err == nil {
		t.series = 0
	}
}

// extend begins a pause after a 429 to a request that was sent at this time, and returns its length: 0 if another request has
// begun one meanwhile. ok is false if there is no more patience.
func (t *throttle) extend(sent time.Time, header http.Header) (pause time.Duration, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := time.Now()
	if sent.Before(t.until) {
		return 0, true
	}
	pause, given := retryAfter(header.Get("Retry-After"), now)
	if !given {
		pause = time.Second << min(t.series, maxTries)
		t.series++
	}
	if pause > maxPause || t.total+pause > maxPauses || t.series >= maxTries {
		return 0, false
	}
	t.total += pause
	t.until = now.Add(pause)
	return pause, true
}

// retryAfter reads a Retry-After (RFC 9110, 10.2.3): seconds or a date. given is false if it is neither.
func retryAfter(text string, now time.Time) (wait time.Duration, given bool) {
	text = strings.TrimSpace(text)
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second, true
	}
	date, err := http.ParseTime(text)
	return max(0, date.Sub(now)), err == nil
}
