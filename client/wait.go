package client

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	firstPause   = 500 * time.Millisecond
	longestPause = 30 * time.Second
)

// pause is how long to wait after a try, the first being 0. It is not ok to try again where the service asks for more patience
// than there is: to come earlier would be the very thing that it asks not to do.
func pause(try int, response *http.Response) (wait time.Duration, ok bool) {
	backoff := min(firstPause<<min(try, 10), longestPause)
	jitter := rand.N(backoff/2 + 1) //nolint:gosec // no secret
	if response != nil {
		if asked, told := retryAfter(response.Header, time.Now()); told {
			return asked + jitter/2, asked <= longestPause
		}
	}
	return backoff/2 + jitter, true
}

// retryAfter reads Retry-After, in seconds or as a date. A date counts from the service's own Date, whose clock may be another
// than ours.
func retryAfter(header http.Header, now time.Time) (wait time.Duration, told bool) {
	value := strings.TrimSpace(header.Get("Retry-After"))
	seconds, err := strconv.ParseUint(value, 10, 32)
	if err == nil {
		return time.Duration(seconds) * time.Second, true
	}
	if errors.Is(err, strconv.ErrRange) {
		return longestPause + 1, true
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

func sleep(ctx context.Context, wait time.Duration) error {
	select {
	case <-time.After(wait):
	case <-ctx.Done():
	}
	return ctx.Err()
}
