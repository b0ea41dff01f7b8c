package exporter

import (
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/quotaspec/quotaspec/internal/quotas"
	"github.com/quotaspec/quotaspec/server"
)

// answer returns a trouble that responds to every request with a status.
func answer(status int, header ...string) func(http.ResponseWriter, *http.Request, http.Handler) {
	return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
	}
}

// revoked is a token that the provider does not know.
const revoked = "revoked-token"

// withToken returns a trouble in which the provider sees another token: its own refusals are the real ones.
func withToken(token string) func(http.ResponseWriter, *http.Request, http.Handler) {
	return func(w http.ResponseWriter, r *http.Request, provider http.Handler) {
		r.Header.Set("X-Auth-Token", token)
		provider.ServeHTTP(w, r)
	}
}

// cutOff responds with half of a body.
func cutOff(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
	w.Header().Set("Content-Length", "1000")
	_, _ = w.Write([]byte(`{"quotas":{"resources":[{"type":"user","used":0,"quota":0,`))
}

// hang never responds.
func hang(_ http.ResponseWriter, r *http.Request, _ http.Handler) { <-r.Context().Done() }

// inImages limits a trouble to requests for image quotas.
func inImages(trouble func(http.ResponseWriter, *http.Request, http.Handler)) func(http.ResponseWriter, *http.Request, http.Handler) {
	return func(w http.ResponseWriter, r *http.Request, provider http.Handler) {
		if strings.Contains(r.URL.Path, "cloudimages") {
			trouble(w, r, provider)
			return
		}
		provider.ServeHTTP(w, r)
	}
}

// TestTroubles lets one account meet each trouble for twenty minutes, between times when all is well. Numbers of a refusal end at
// once, others when they are stale; never is one 0 that was not, and the account beside it notices nothing. The log has one line
// for each place when the trouble begins, and one when it ends.
func TestTroubles(t *testing.T) {
	const used, up = `used{service="iam",type="user"}`, `up{service="iam"}`
	const images, upImages = `limit{service="ims",type="image"}`, `up{service="ims"}`
	for _, test := range []struct {
		name    string
		trouble func(http.ResponseWriter, *http.Request, http.Handler)
		down    bool
		isKept  bool // the numbers stay until they are stale
		iamUp   bool // only the images are in trouble
		log     string
	}{
		{name: "down", down: true, isKept: true, log: "connection refused"},
		{name: "hangs", trouble: hang, isKept: true, log: "deadline exceeded"},
		{name: "a token that is not valid", trouble: withToken(revoked), log: "status 401"},
		{name: "a token without the permission", trouble: inImages(withToken(server.LimitedToken)), iamUp: true, log: "status 403"},
		{name: "forbidden", trouble: answer(403), log: "status 403"},
		{name: "no images allowed", trouble: inImages(answer(403)), iamUp: true, log: "status 403"},
		{name: "unknown account", trouble: answer(404), log: "status 404"},
		{name: "invalid", trouble: answer(400), log: "status 400"},
		{name: "too many requests", trouble: answer(429), isKept: true, log: "status 429"},
		{name: "too many requests, for a while", trouble: answer(429, "Retry-After", "600"), isKept: true, log: "status 429"},
		{name: "timeout of the service", trouble: answer(408), isKept: true, log: "status 408"},
		{name: "broken", trouble: answer(500), isKept: true, log: "status 500"},
		{name: "unavailable", trouble: answer(503, "Retry-After", "1"), isKept: true, log: "status 503"},
		{name: "moved", trouble: answer(302, "Location", "/elsewhere"), isKept: true, log: "status 302"},
		{name: "a body cut off", trouble: cutOff, isKept: true, log: "reading the body"},
		{name: "no body", trouble: answer(200), isKept: true, log: "status 200"},
		{name: "IAM right, IMS cut off", trouble: inImages(cutOff), isKept: true, iamUp: true, log: "reading the body"},
		{
			name: "a clock that is wrong", trouble: answer(401, "Date", "Sat, 01 Jan 2000 08:00:00 GMT"),
			log: "status 401",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newCloud(t)
				e, log := start(t, Options{}, c.account(t, troubled, always(server.ReaderToken)),
					c.account(t, beside, always(server.StrangerToken)))
				check := func(when string, isKnown, isUp bool) {
					t.Helper()
					got := scrape(t, e, troubled)
					for _, place := range []struct {
						up, number string
						isRight    bool
						want       float64
					}{{up, used, test.iamUp, 10}, {upImages, images, false, 20}} {
						if want := map[bool]float64{true: 1}[isUp || place.isRight]; got[place.up] != want {
							t.Errorf("%s: %s is %v, want %v", when, place.up, got[place.up], want)
						}
						value, exists := got[place.number]
						if wanted := isKnown || place.isRight; exists != wanted || exists && value != place.want {
							t.Errorf("%s: %s is %v, %t, want %t", when, place.number, value, exists, wanted)
						}
					}
					if _, exists := got[`last_success_timestamp_seconds{service="ims"}`]; !exists {
						t.Errorf("%s: the time of the last success is gone", when)
					}
					if other := scrape(t, e, beside); other[up] != 1 || other[upImages] != 1 || other[used] != 61 {
						t.Errorf("%s: the account beside it is in trouble: %v", when, other)
					}
				}
				places := map[bool]int{false: 2, true: 1}[test.iamUp]

				time.Sleep(2 * time.Second)
				check("at first", true, true)
				if lines := log.lines(); len(lines) != 0 {
					t.Errorf("logged at first: %q", lines)
				}
				c.begin(test.trouble)
				c.mu.Lock()
				c.down = test.down
				c.mu.Unlock()
				if test.down {
					for _, w := range e.watches {
						w.account.Client.HTTPClient.CloseIdleConnections()
					}
				}
				time.Sleep(6 * time.Minute)
				check("in trouble", test.isKept, false)
				time.Sleep(14 * time.Minute)
				check("long in trouble", false, false)
				if lines := log.lines(); len(lines) != places || !strings.Contains(lines[0], test.log) ||
					!strings.Contains(lines[0], "account="+troubled) {
					t.Errorf("logged %q, want one line for %d places", lines, places)
				}

				c.begin(nil)
				c.mu.Lock()
				c.down = false
				c.mu.Unlock()
				time.Sleep(11 * time.Minute)
				check("afterwards", true, true)
				if lines := log.lines(); len(lines) != places || !strings.Contains(lines[0], "known again") {
					t.Errorf("logged %q, want one line for %d places", lines, places)
				}
			})
		})
	}
}

// TestNeverKnown tests that quotas have no series before the first success, and no time of a success.
func TestNeverKnown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCloud(t)
		c.begin(answer(500))
		e, _ := start(t, Options{}, c.account(t, troubled, always(server.ReaderToken)))
		time.Sleep(time.Minute)
		if got := scrape(t, e, troubled); len(got) != 2 || got[`up{service="iam"}`] != 0 || got[`up{service="ims"}`] != 0 {
			t.Errorf("got %v, want up alone, 0", got)
		}
	})
}

// TestRetryAfter tests that no request is sent before Retry-After is over, also by another place that the service limits together
// with this one, and not after a reload. A date counts by the clock of the service.
func TestRetryAfter(t *testing.T) {
	for _, test := range []struct {
		name   string
		header []string
	}{
		{name: "seconds", header: []string{"Retry-After", "3600"}},
		{
			name:   "a date, by another clock",
			header: []string{"Date", "Mon, 01 Jan 2018 00:00:00 GMT", "Retry-After", "Mon, 01 Jan 2018 01:00:00 GMT"},
		},
	} {
		for _, status := range []int{429, 503} {
			t.Run(test.name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					c := newCloud(t)
					account := c.account(t, troubled, always(server.ReaderToken))
					e, _ := start(t, Options{}, account)
					time.Sleep(time.Second)
					c.begin(answer(status, test.header...))
					time.Sleep(6 * time.Minute)
					if got := len(c.seen()); got != 2 {
						t.Fatalf("%d requests at first, want one for each service", got)
					}
					e.Replace(t.Context(), []*quotas.Account{account})
					time.Sleep(50 * time.Minute)
					if got := len(c.seen()); got != 2 {
						t.Errorf("%d requests before Retry-After is over, want 2", got)
					}
					c.begin(nil)
					time.Sleep(15 * time.Minute)
					if got := scrape(t, e, troubled)[`up{service="iam"}`]; got != 1 {
						t.Errorf("it is not asked again")
					}
				})
			})
		}
	}
}

// TestRetryAfterOfOtherPlace tests that the projects of an account in a region wait together.
func TestRetryAfterOfOtherPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCloud(t)
		c.begin(answer(429, "Retry-After", "3600"))
		account := c.account(t, troubled, always(server.ReaderToken))
		account.Domain, account.Name, account.Projects = "", troubled, nil
		for _, id := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
			account.Projects = append(account.Projects, quotas.Project{ID: id})
		}
		start(t, Options{}, account)
		time.Sleep(50 * time.Minute)
		if got := len(c.seen()); got < 1 || got > maxOfTarget {
			t.Errorf("%d requests, want those that were in progress when the first was answered, at most %d", got, maxOfTarget)
		}
	})
}

// TestBackoff tests that a service that fails is asked less and less often, down to once in the interval.
func TestBackoff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCloud(t)
		c.begin(inImages(answer(429)))
		account := c.account(t, troubled, always(server.ReaderToken))
		account.Domain, account.Name = "", troubled
		start(t, Options{}, account)
		time.Sleep(time.Hour)
		seen := c.seen()
		for i := 1; i < len(seen); i++ {
			want := min(firstBackoff<<(i-1), 5*time.Minute)
			if got := seen[i].Sub(seen[i-1]); got < want*9/10 || got > want+time.Second {
				t.Errorf("request %d came %s after the one before, want up to a tenth less than %s", i, got, want)
			}
		}
		if len(seen) < 14 {
			t.Errorf("%d requests in an hour", len(seen))
		}
	})
}

// TestRotation tests that a token that is replaced works with the next request, and that the refusal in between ends the series.
func TestRotation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var token atomic.Value
		token.Store(server.ReaderToken)
		c := newCloud(t)
		e, log := start(t, Options{}, c.account(t, troubled, func() string { return token.Load().(string) }))
		time.Sleep(time.Second)
		token.Store(revoked)
		time.Sleep(6 * time.Minute)
		if got := scrape(t, e, troubled); len(got) != 4 || got[`up{service="iam"}`] != 0 {
			t.Errorf("after a 401: got %v, want up and the last success alone", got)
		}
		token.Store(server.ReaderToken)
		time.Sleep(6 * time.Minute)
		if got := scrape(t, e, troubled)[`used{service="iam",type="user"}`]; got != 10 {
			t.Errorf("after the rotation: got %v", got)
		}
		for _, line := range log.lines() {
			if strings.Contains(line, server.ReaderToken) || strings.Contains(line, revoked) {
				t.Errorf("a token is in the log: %s", line)
			}
		}
	})
}

// TestReplace tests that a reload keeps what is known of places that stay, and forgets the others.
func TestReplace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCloud(t)
		first, second := c.account(t, troubled, always(server.ReaderToken)), c.account(t, beside, always(server.StrangerToken))
		e, _ := start(t, Options{}, first, second)
		time.Sleep(time.Second)
		c.begin(hang)
		e.Replace(t.Context(), []*quotas.Account{first})
		time.Sleep(time.Second)
		if got := scrape(t, e, troubled); got[`used{service="iam",type="user"}`] != 10 || got[`up{service="iam"}`] != 1 {
			t.Errorf("what was known is not kept: %v", got)
		}
		if got := scrape(t, e, beside); len(got) != 0 {
			t.Errorf("an account that is gone has %v", got)
		}
		e.Replace(t.Context(), []*quotas.Account{second}) // while requests hang
		time.Sleep(time.Second)
		if got := scrape(t, e, beside)[`up{service="iam"}`]; got != 1 {
			t.Error("an account that is new is not asked")
		}
	})
}

// TestReplaceEndpoint tests that numbers of another cloud are not kept when the endpoint of an account changes.
func TestReplaceEndpoint(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCloud(t)
		account := c.account(t, troubled, always(server.ReaderToken))
		e, _ := start(t, Options{}, account)
		time.Sleep(time.Second)
		c.begin(hang)
		moved := *account
		moved.Client.IAMURL = "http://other.test"
		e.Replace(t.Context(), []*quotas.Account{&moved})
		time.Sleep(time.Second)
		got := scrape(t, e, troubled)
		if _, exists := got[`used{service="iam",type="user"}`]; exists || got[`limit{service="ims",type="image"}`] != 20 {
			t.Errorf("want the images alone, whose endpoint is the same: %v", got)
		}
	})
}

// idle is a transport that notes whether its connections were closed.
type idle struct {
	http.RoundTripper

	closed *atomic.Bool
}

func (i idle) CloseIdleConnections() { i.closed.Store(true) }

// TestReplaceConnections tests that a reload closes the connections of the accounts before.
func TestReplaceConnections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCloud(t)
		account := c.account(t, troubled, always(server.ReaderToken))
		var closed atomic.Bool
		account.Client.HTTPClient.Transport = idle{account.Client.HTTPClient.Transport, &closed}
		e, _ := start(t, Options{}, account)
		time.Sleep(time.Second)
		e.Replace(t.Context(), []*quotas.Account{c.account(t, beside, always(server.StrangerToken))})
		synctest.Wait()
		if !closed.Load() {
			t.Error("they stay open")
		}
	})
}

// TestManyThatHang tests that accounts that hang leave others their slots, even if they would fill all of them all the time: the
// 1,200 requests of 600 accounts take 10 seconds each, which 32 at once do not finish within the interval of 5 minutes.
func TestManyThatHang(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCloud(t)
		c.begin(hang)
		accounts := []*quotas.Account{c.account(t, beside, always(server.StrangerToken))}
		for i := range 600 {
			a := c.account(t, troubled, always(server.ReaderToken))
			a.Name = "hangs " + strconv.Itoa(i)
			accounts = append(accounts, a)
		}
		e, _ := start(t, Options{}, accounts...)
		for range 4 {
			time.Sleep(5 * time.Minute)
			got := scrape(t, e, beside)
			age := float64(time.Now().Unix()) - got[`last_success_timestamp_seconds{service="iam"}`]
			if got[`used{service="iam",type="user"}`] != 61 || age > (5*time.Minute+time.Second).Seconds() {
				t.Errorf("the account beside them waits: %v, age %v", got, age)
			}
		}
	})
}

// TestRetryAfterOfCenturies tests that a mistake of the service, which asks for more than anybody would wait, ends after a day.
func TestRetryAfterOfCenturies(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCloud(t)
		e, _ := start(t, Options{}, c.account(t, troubled, always(server.ReaderToken)))
		time.Sleep(time.Second)
		c.begin(answer(429, "Retry-After", "99999999999"))
		time.Sleep(23 * time.Hour)
		if got := len(c.seen()); got != 2 {
			t.Fatalf("%d requests in 23 hours, want one for each service", got)
		}
		c.begin(nil)
		time.Sleep(2 * time.Hour)
		if got := scrape(t, e, troubled)[`up{service="iam"}`]; got != 1 {
			t.Errorf("it is not asked again")
		}
	})
}
