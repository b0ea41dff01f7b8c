package server

import (
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/quotaspec/quotaspec/contract/contracttest"
)

const throttled = `{"error_msg":"The throttling threshold has been reached.","error_code":"APIGW.0308","request_id":"ID"}`

func TestRateLimit(t *testing.T) {
	c := newClock(signedAt)
	address := start(t, Options{RateLimit: 2, Now: c.Now}, contracttest.Ignore("/v2"))
	limited := "X-Auth-Token: " + LimitedToken
	steps := []struct {
		name   string
		before time.Duration
		target string
		header string
		status int
		want   string
		retry  string
	}{
		{name: "first", target: imsPath, header: reader, status: 200, want: resources(imageQuota)},
		{name: "second", target: iamPath + "?type=user", header: reader, status: 200, want: resources(seed003[0])},
		{name: "third", target: imsPath, header: reader, status: 429, want: throttled, retry: "1"},
		{name: "of both operations", target: iamPath, header: reader, status: 429, want: throttled, retry: "1"},
		{
			name:   "signed, too",
			target: imsPath,
			header: strings.Join(sign(t, imsPath, "", readerKey, signedAt, nil), "\r\n"),
			status: 429,
			want:   throttled,
			retry:  "1",
		},
		{name: "401 first", target: imsPath, header: "X-Other: none", status: 401, want: noToken},
		{name: "404 first", target: "/v2", header: reader, status: 404, want: noSuchPath},
		{name: "429 before 400", target: iamPath + "?type=", header: reader, status: 429, want: throttled, retry: "1"},
		{name: "another principal", target: imsPath, header: limited, status: 403, want: noRole},
		{
			name:   "too early",
			before: 499 * time.Millisecond,
			target: imsPath,
			header: reader,
			status: 429,
			want:   throttled,
			retry:  "1",
		},
		{
			name:   "one may go on",
			before: time.Millisecond,
			target: imsPath,
			header: reader,
			status: 200,
			want:   resources(imageQuota),
		},
		{name: "one only", target: imsPath, header: reader, status: 429, want: throttled, retry: "1"},
		{
			name:   "after a rest",
			before: time.Hour,
			target: imsPath,
			header: reader,
			status: 200,
			want:   resources(imageQuota),
		},
		{name: "two again", target: imsPath, header: reader, status: 200, want: resources(imageQuota)},
		{name: "and no more", target: imsPath, header: reader, status: 429, want: throttled, retry: "1"},
	}
	for _, s := range steps {
		c.advance(s.before)
		got := ask(t, address, "GET "+s.target, s.header)
		t.Run(s.name, func(t *testing.T) {
			wantAnswer(t, got, s.status, s.want)
			if retry := got.header.Get("Retry-After"); retry != s.retry {
				t.Errorf("Retry-After: got %q, want %q", retry, s.retry)
			}
		})
	}
}

// TestPace sends many requests at once: no more than the limit are served.
func TestPace(t *testing.T) {
	for _, rate := range []int{1, 7, 1000, 2_000_000_000} {
		p, now, passed := newRateLimiter(rate), time.Unix(1_700_000_000, 0), atomic.Int64{}
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				for range 500 {
					if p.wait(now) == 0 {
						passed.Add(1)
					}
				}
			})
		}
		group.Wait()
		if want := int64(min(rate, 4000)); passed.Load() != want {
			t.Errorf("rate %d: %d passed, want %d", rate, passed.Load(), want)
		}
	}
	if newRateLimiter(0).wait(time.Now()) != 0 {
		t.Error("without a limit somebody waits")
	}
}

func TestNoRateLimit(t *testing.T) {
	address := start(t, at(signedAt))
	for range 50 {
		if got := ask(t, address, "GET "+imsPath, reader); got.status != http.StatusOK {
			t.Fatalf("status %d", got.status)
		}
	}
}
