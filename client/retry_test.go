package client_test

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"math"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/client"
)

// act is the result of one try.
type act func(*http.Request) (*http.Response, error)

// respond returns a status, headers given as names and values, and a body.
func respond(status int, headers ...string) act {
	return func(*http.Request) (*http.Response, error) {
		header := http.Header{"Content-Type": {"application/json"}}
		for i := 0; i < len(headers); i += 2 {
			header.Set(headers[i], headers[i+1])
		}
		text := `{"error_msg":"m","error_code":"c"}`
		if status == 200 {
			text = image
		}
		response := newResponse(status, "", strings.NewReader(text))
		response.Header, response.ContentLength = header, int64(len(text))
		return response, nil
	}
}

func failing(err error) act { return func(*http.Request) (*http.Response, error) { return nil, err } }

// cutOff returns 200 and a body that ends too early.
func cutOff(r *http.Request) (*http.Response, error) {
	response, _ := respond(200)(r)
	response.Body = io.NopCloser(io.MultiReader(strings.NewReader(image[:20]), reader(func() error { return io.ErrUnexpectedEOF })))
	return response, nil
}

// TestRetries checks what is retried, how often, and after how long, by the clock of synctest.
func TestRetries(t *testing.T) {
	date := func(seconds int) string {
		return time.Date(2000, 1, 1, 0, 0, seconds, 0, time.UTC).Format(http.TimeFormat) // when the clock of synctest starts
	}
	second := time.Second
	for _, test := range []struct {
		name     string
		retries  int
		deadline time.Duration // of the context, 0: none
		acts     []act         // one for each try, then the last one again
		tries    int
		min, max time.Duration
		status   int // 0: another error than a status, 200: no error
	}{
		{name: "at once", acts: []act{respond(200)}, tries: 1, status: 200},
		{name: "429, then well", acts: []act{respond(429), respond(200)}, tries: 2, min: second / 4, max: second / 2, status: 200},
		{
			name: "502, 503, 504, then well", acts: []act{respond(502), respond(503), respond(504), respond(200)}, tries: 4, min: 7 * second / 4,
			max: 7 * second / 2, status: 200,
		},
		{name: "503 for ever", acts: []act{respond(503)}, tries: 4, min: 7 * second / 4, max: 7 * second / 2, status: 503},
		{
			name: "more retries", retries: 6, acts: []act{respond(503)}, tries: 7, min: 63 * second / 4, max: 63 * second / 2,
			status: 503,
		},
		{name: "one retry", retries: 1, acts: []act{respond(503)}, tries: 2, min: second / 4, max: second / 2, status: 503},
		{name: "off", retries: -1, acts: []act{respond(503), respond(200)}, tries: 1, status: 503},
		{
			name: "connection reset", acts: []act{failing(syscall.ECONNRESET), respond(200)}, tries: 2, min: second / 4,
			max: second / 2, status: 200,
		},
		{
			name: "connection closed", acts: []act{failing(io.EOF), failing(io.ErrUnexpectedEOF), respond(200)}, tries: 3,
			min: 3 * second / 4, max: 3 * second / 2, status: 200,
		},
		{
			name: "connection refused for ever", acts: []act{failing(&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED})},
			tries: 4, min: 7 * second / 4, max: 7 * second / 2,
		},
		{name: "half a body", acts: []act{cutOff, respond(200)}, tries: 2, min: second / 4, max: second / 2, status: 200},
		{name: "no such host", acts: []act{failing(&net.DNSError{IsNotFound: true}), respond(200)}, tries: 1},
		{
			name: "look-up failed", acts: []act{failing(&net.DNSError{IsTemporary: true}), respond(200)}, tries: 2, min: second / 4,
			max: second / 2, status: 200,
		},
		{
			name: "wrong certificate",
			acts: []act{failing(&tls.CertificateVerificationError{Err: errors.New("unknown authority")}), respond(200)}, tries: 1,
		},
		{name: "400", acts: []act{respond(400), respond(200)}, tries: 1, status: 400},
		{name: "401", acts: []act{respond(401), respond(200)}, tries: 1, status: 401},
		{name: "403", acts: []act{respond(403), respond(200)}, tries: 1, status: 403},
		{name: "404", acts: []act{respond(404), respond(200)}, tries: 1, status: 404},
		{name: "500", acts: []act{respond(500), respond(200)}, tries: 1, status: 500},
		{name: "501", acts: []act{respond(501), respond(200)}, tries: 1, status: 501},
		{name: "302", acts: []act{respond(302, "Location", "http://other.example.com"), respond(200)}, tries: 1, status: 302},
		{
			name: "Retry-After in seconds", acts: []act{respond(429, "Retry-After", "7"), respond(200)}, tries: 2, min: 7 * second,
			max: 7*second + second/2, status: 200,
		},
		{
			name: "Retry-After of a 503", acts: []act{respond(503, "Retry-After", " 30 "), respond(200)}, tries: 2, min: 30 * second,
			max: 30*second + second/2, status: 200,
		},
		{name: "Retry-After 0", acts: []act{respond(429, "Retry-After", "0"), respond(200)}, tries: 2, max: second / 2, status: 200},
		{
			name: "Retry-After a date", acts: []act{respond(429, "Retry-After", date(9)), respond(200)}, tries: 2, min: 9 * second,
			max: 9*second + second/2, status: 200,
		},
		{
			name: "Retry-After a date by a clock that is an hour ahead",
			acts: []act{respond(429, "Retry-After", date(3609), "Date", date(3600)), respond(200)}, tries: 2, min: 9 * second,
			max: 9*second + second/2, status: 200,
		},
		{
			name: "Retry-After a date that has passed", acts: []act{respond(429, "Retry-After", date(-9)), respond(200)}, tries: 2,
			max: second / 2, status: 200,
		},
		{
			name: "Retry-After above the longest wait", acts: []act{respond(429, "Retry-After", "31"), respond(200)}, tries: 1,
			status: 429,
		},
		{
			name: "Retry-After beyond numbers", acts: []act{respond(429, "Retry-After", "99999999999999999999999"), respond(200)},
			tries: 1, status: 429,
		},
		{name: "Retry-After tomorrow", acts: []act{respond(429, "Retry-After", date(86400)), respond(200)}, tries: 1, status: 429},
		{
			name: "Retry-After below zero", acts: []act{respond(429, "Retry-After", "-1"), respond(200)}, tries: 2, min: second / 4,
			max: second / 2, status: 200,
		},
		{
			name: "Retry-After in words", acts: []act{respond(429, "Retry-After", "soon"), respond(200)}, tries: 2, min: second / 4,
			max: second / 2, status: 200,
		},
		{
			name: "deadline before Retry-After", deadline: 5 * second, acts: []act{respond(429, "Retry-After", "7"), respond(200)},
			tries: 1, status: 429,
		},
		{
			name: "deadline between two tries", deadline: 2 * second, acts: []act{respond(503)}, tries: 3, max: 2 * second,
			status: 503,
		},
	} {
		for _, operation := range calls {
			t.Run(test.name+"/"+operation.operation, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					ctx := t.Context()
					if test.deadline > 0 {
						var cancel context.CancelFunc
						ctx, cancel = context.WithTimeout(ctx, test.deadline)
						defer cancel()
					}
					tries := 0
					c := &client.Client{Token: client.Secret(token), Region: "cn-north-4", Retries: test.retries, HTTPClient: &http.Client{
						Transport: transport(func(r *http.Request) (*http.Response, error) {
							tries++
							return test.acts[min(tries, len(test.acts))-1](r)
						})}}
					begun := time.Now()
					_, _, err := operation.call(ctx, c)
					waited := time.Since(begun)
					status := 200
					if refused, ok := errors.AsType[*client.Error](err); ok {
						status = refused.Status
					} else if err != nil {
						status = 0
					}
					if status != test.status {
						t.Errorf("got %v, want status %d", err, test.status)
					}
					// Whether there is time for a fourth try depends on the jitter.
					oneMore := test.deadline == 2*second && tries == test.tries+1
					if tries != test.tries && !oneMore {
						t.Errorf("got %d tries, want %d", tries, test.tries)
					}
					if waited < test.min || waited > test.max {
						t.Errorf("waited %s, want %s to %s", waited, test.min, test.max)
					}
				})
			})
		}
	}
}

// TestRetryAfterOfError checks that an error says how long the service asked to wait, also if that is too long for a retry.
func TestRetryAfterOfError(t *testing.T) {
	for value, want := range map[string]time.Duration{"": 0, "soon": 0, "0": 0, "7": 7 * time.Second, "3600": time.Hour,
		"99999999999999": math.MaxUint32 * time.Second} {
		c := &client.Client{Token: client.Secret("t"), Region: "cn-north-4", Retries: -1,
			HTTPClient: &http.Client{Transport: transport(respond(429, "Retry-After", value))}}
		_, err := c.ImageQuotas(t.Context())
		refused, ok := errors.AsType[*client.Error](err)
		if !ok || refused.RetryAfter != want {
			t.Errorf("Retry-After %q: got %v, want %s", value, err, want)
		}
	}
}

// TestWrongClock checks that the error of a refused signature names the difference of the clocks, if that is the reason.
func TestWrongClock(t *testing.T) {
	key := client.Client{AccessKey: "AK", SecretKey: client.Secret("secret"), Region: "cn-north-4"}
	token := client.Client{Token: client.Secret("t"), Region: "cn-north-4"}
	for _, test := range []struct {
		name   string
		client client.Client
		status int
		theirs time.Duration // their clock before ours
		want   string        // end of the message
	}{
		{name: "right", client: key, status: 401, want: "m"},
		{name: "ahead", client: key, status: 401, theirs: -20 * time.Minute, want: "m; the clock of this machine is 20m0s ahead of that of the service"},
		{name: "behind", client: key, status: 401, theirs: 3 * time.Hour, want: "m; the clock of this machine is 3h0m0s behind that of the service"},
		{name: "a little", client: key, status: 401, theirs: 14 * time.Minute, want: "m"},
		{name: "another refusal", client: key, status: 403, theirs: 3 * time.Hour, want: "m"},
		{name: "a token", client: token, status: 401, theirs: 3 * time.Hour, want: "m"},
	} {
		t.Run(test.name, func(t *testing.T) {
			date := time.Now().Add(test.theirs).UTC().Format(http.TimeFormat)
			test.client.HTTPClient = &http.Client{Transport: transport(respond(test.status, "Date", date))}
			_, err := test.client.ImageQuotas(t.Context())
			refused, ok := errors.AsType[*client.Error](err)
			if !ok || refused.Message != test.want {
				t.Errorf("got %v, want the message %q", err, test.want)
			}
		})
	}
}

// TestEachTryIsSigned checks that each try has a signature with its own date, or a new token of the token source.
func TestEachTryIsSigned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var dates, signatures, tokens []string
		c := &client.Client{AccessKey: "AK", SecretKey: client.Secret("secret"), Region: "cn-north-4", HTTPClient: &http.Client{
			Transport: transport(func(r *http.Request) (*http.Response, error) {
				dates, signatures = append(dates, r.Header.Get("X-Sdk-Date")), append(signatures, r.Header.Get("Authorization"))
				tokens = append(tokens, r.Header.Get("X-Auth-Token"))
				return respond(503, "Retry-After", "20")(r)
			})}}
		if _, err := c.ImageQuotas(t.Context()); !client.IsUnavailable(err) {
			t.Fatal(err)
		}
		if len(dates) != 4 {
			t.Errorf("got %d tries, want 4", len(dates))
		}
		for i := range signatures {
			repeated := i > 0 && (signatures[i] == signatures[i-1] || dates[i] == dates[i-1])
			if !strings.Contains(signatures[i], "Signature=") || repeated || tokens[i] != "" {
				t.Errorf("try %d: got %s at %s, token %q", i, signatures[i], dates[i], tokens[i])
			}
		}
		c.AccessKey, c.SecretKey = "", client.Credential{}
		tokens, signatures = nil, nil
		c.TokenSource = func(context.Context) (string, error) { return "token" + string(rune('a'+len(tokens))), nil }
		_, _ = c.ImageQuotas(t.Context())
		if diff := cmp.Diff([]string{"tokena", "tokenb", "tokenc", "tokend"}, tokens); diff != "" {
			t.Errorf("tokens (-want +got):\n%s", diff)
		}
	})
}

// TestCancelWhileWaiting checks that a canceled wait for a retry ends at once, with the error of the last try.
func TestCancelWhileWaiting(t *testing.T) {
	for _, test := range []struct {
		name string
		act  act
		want string
	}{
		{
			name: "a refusal", act: respond(429, "Retry-After", "20"),
			want: "showImageQuota: context canceled, while waiting after status 429",
		},
		{
			name: "a broken connection", act: failing(syscall.ECONNRESET),
			want: "showImageQuota: context canceled, while waiting after connection reset by peer",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(100*time.Millisecond, cancel)
				c := &client.Client{Token: client.Secret(token), Region: "cn-north-4", HTTPClient: &http.Client{Transport: transport(test.act)}}
				begun := time.Now()
				_, err := c.ImageQuotas(ctx)
				if !errors.Is(err, context.Canceled) || err.Error() != test.want {
					t.Errorf("got %v, want %s", err, test.want)
				}
				if waited := time.Since(begun); waited != 100*time.Millisecond {
					t.Errorf("returned after %s, want at once", waited)
				}
			})
		})
	}
}
