package server

import (
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

const throttled = `{"error_msg":"The throttling threshold has been reached.","error_code":"APIGW.0308","request_id":"ID"}`

func TestRateLimit(t *testing.T) {
	c := newClock(signedAt)
	address := start(t, Options{RateLimit: 2, Now: c.Now})
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
		{"first", 0, imsPath, reader, 200, resources(imageQuota), ""},
		{"second", 0, iamPath + "?type=user", reader, 200, resources(seed003[0]), ""},
		{"third", 0, imsPath, reader, 429, throttled, "1"},
		{"of both operations", 0, iamPath, reader, 429, throttled, "1"},
		{"signed, too", 0, imsPath, strings.Join(sign(t, imsPath, "", readerKey, signedAt, nil), "\r\n"), 429, throttled, "1"},
		{"401 first", 0, imsPath, "X-Other: none", 401, noToken, ""},
		{"404 first", 0, "/v2", reader, 404, noSuchPath, ""},
		{"429 before 400", 0, iamPath + "?type=", reader, 429, throttled, "1"},
		{"another principal", 0, imsPath, limited, 403, noRole, ""},
		{"too early", 499 * time.Millisecond, imsPath, reader, 429, throttled, "1"},
		{"one may go on", time.Millisecond, imsPath, reader, 200, resources(imageQuota), ""},
		{"one only", 0, imsPath, reader, 429, throttled, "1"},
		{"after a rest", time.Hour, imsPath, reader, 200, resources(imageQuota), ""},
		{"two again", 0, imsPath, reader, 200, resources(imageQuota), ""},
		{"and no more", 0, imsPath, reader, 429, throttled, "1"},
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

// TestPace asks many times at once: no more get through than may.
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
