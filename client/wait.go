package client

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The wait before the first retry, which doubles each time, and the longest wait.
const (
	firstPause   = 500 * time.Millisecond
	longestPause = 30 * time.Second
)

// pause returns how long to wait after a try, of which the first is 0: half of the backoff and up to as much jitter, or as long
// as Retry-After says and a little jitter. It is not ok to retry if Retry-After exceeds longestPause, since an earlier retry
// would go against it.
func pause(try int, response *http.Response) (wait time.Duration, ok bool) {
	backoff := min(firstPause<<min(try, 10), longestPause)
	jitter := rand.N(backoff/2 + 1) //nolint:gosec // no secret
	if response != nil {
		if requested, set := retryAfter(response.Header, time.Now()); set {
			return requested + jitter/2, requested <= longestPause
		}
	}
	return backoff/2 + jitter, true
}

// retryAfter reads Retry-After, in seconds or as a date. A date is compared with the Date of the same response, since the clock
// of the service may differ from ours.
func retryAfter(header http.Header, now time.Time) (wait time.Duration, set bool) {
	value := strings.TrimSpace(header.Get("Retry-After"))
	seconds, err := strconv.ParseUint(value, 10, 32)
	if err == nil {
		return time.Duration(seconds) * time.Second, true
	}
	if errors.Is(err, strconv.ErrRange) {
		return math.MaxUint32 * time.Second, true
	}
	date, err := http.ParseTime(value)
	if err != nil {
		return 0, false
	}
	if theirs, err := http.ParseTime(header.Get("Date")); err == nil {
		now = theirs
	}
	return max(date.Sub(now), 0), true
}

// sleep waits, or returns the error of the context if that ends first.
func sleep(ctx context.Context, wait time.Duration) error {
	select {
	case <-time.After(wait):
	case <-ctx.Done():
	}
	return ctx.Err()
}
