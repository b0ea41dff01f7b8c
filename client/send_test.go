package client_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/quotaspec/quotaspec/client"
	"github.com/quotaspec/quotaspec/gen/iam"
)

// TestRedirect checks that a redirect is an error and is not followed, which would send the token to another host.
func TestRedirect(t *testing.T) {
	var elsewhere atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		elsewhere.Add(1)
		fixed(200, "application/json", `{"quotas":{"resources":[]}}`)(w, r)
	}))
	defer other.Close()
	following := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return nil }}
	for _, httpClient := range []*http.Client{nil, {}, following} {
		for _, status := range []int{301, 302, 303, 307, 308} {
			c := fake(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other.URL, status) })
			c.HTTPClient = httpClient
			for _, operation := range calls {
				_, _, err := operation.call(t.Context(), c)
				var got *client.Error
				if !errors.As(err, &got) || got.Status != status {
					t.Errorf("%s with %d: got %v, want an *Error of this status", operation.operation, status, err)
				}
			}
		}
	}
	if got := elsewhere.Load(); got != 0 {
		t.Errorf("got %d requests at the other host, want none", got)
	}
	if following.CheckRedirect(nil, nil) != nil {
		t.Error("the caller's http.Client was changed")
	}
}

func TestCancel(t *testing.T) {
	for _, test := range []struct {
		name   string
		status int // sent with half a body before the server hangs
	}{
		{name: "before the headers", status: 0},
		{name: "in the body of a 200", status: 200},
		{name: "in the body of a 500", status: 500},
	} {
		for _, operation := range calls {
			t.Run(test.name+"/"+operation.operation, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				c := fake(t, func(w http.ResponseWriter, r *http.Request) {
					if test.status == 0 {
						cancel()
					} else {
						fixed(test.status, "application/json", `{"quotas":`)(w, r)
						_ = http.NewResponseController(w).Flush()
					}
					<-r.Context().Done()
				})
				c.HTTPClient = &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
					response, err := http.DefaultTransport.RoundTrip(r)
					if err == nil {
						body := response.Body
						response.Body = struct {
							io.Reader
							io.Closer
						}{io.MultiReader(reader(func() error { cancel(); return io.EOF }), body), body}
					}
					return response, err
				})}
				_, isNil, err := operation.call(ctx, c)
				if !errors.Is(err, context.Canceled) || !isNil {
					t.Errorf("got %v, want context.Canceled and no list", err)
				}
			})
		}
	}
	t.Run("beforehand", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		c := fake(t, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
		for _, operation := range calls {
			if _, _, err := operation.call(ctx, c); !errors.Is(err, context.Canceled) {
				t.Errorf("%s: got %v, want context.Canceled", operation.operation, err)
			}
		}
	})
}

// TestConcurrent checks that each concurrent call of one client gets the response to its own request.
func TestConcurrent(t *testing.T) {
	c := fake(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v1/cloudimages/quota" {
			fixed(403, "application/json", `{"error":{"message":"no","code":"IMG.0026"}}`)(w, r)
			return
		}
		fixed(200, "application/json", fmt.Sprintf(
			`{"quotas":{"resources":[{"type":%q,"quota":1,"used":1,"min":1,"max":1}]}}`, r.URL.Query().Get("type")))(w, r)
	})
	var group sync.WaitGroup
	for i := range 32 {
		group.Go(func() {
			want := fmt.Sprintf("type%d", i)
			quotas, err := c.DomainQuotas(t.Context(), domainID, iam.QuotaType(want))
			if err != nil || len(quotas) != 1 || quotas[0].Type != want {
				t.Errorf("got %v, %v, want one %s", quotas, err, want)
			}
			if _, err := c.ImageQuotas(t.Context()); !client.IsForbidden(err) {
				t.Errorf("got %v, want forbidden", err)
			}
		})
	}
	group.Wait()
}

// TestEndlessBody checks that the client stops reading a body at the limit.
func TestEndlessBody(t *testing.T) {
	for _, status := range []int{200, 500} {
		for _, operation := range calls {
			read := 0
			c := &client.Client{Token: client.Secret(token), IMSURL: "http://ims.example.com"}
			c.HTTPClient = &http.Client{Transport: transport(func(*http.Request) (*http.Response, error) {
				body := endless(func(n int) bool { read += n; return read < 1<<22 })
				return newResponse(status, "application/json", body), nil
			})}
			_, _, err := operation.call(t.Context(), c)
			if got, _ := errors.AsType[*client.Error](err); got == nil || got.Status != status {
				t.Errorf("%s: got %v, want an *Error with %d", operation.operation, err, status)
			}
			if read > 1<<20+1 {
				t.Errorf("%s, %d: read %d bytes", operation.operation, status, read)
			}
		}
	}
}

// endless is a reader of white space that ends when the function returns false.
type endless func(n int) bool

func (e endless) Read(p []byte) (int, error) {
	if !e(len(p)) {
		return 0, io.EOF
	}
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// TestCutOff checks that a body shorter than Content-Length is an error for a 200, and that an error status keeps its kind.
func TestCutOff(t *testing.T) {
	for _, status := range []int{200, 429} {
		c := fake(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "1000")
			fixed(status, "application/json", image)(w, r)
		})
		for _, operation := range calls {
			_, isNil, err := operation.call(t.Context(), c)
			expected := errors.Is(err, io.ErrUnexpectedEOF)
			if status == 429 {
				expected = client.IsThrottled(err)
			}
			if !expected || !isNil {
				t.Errorf("%s, %d: got list %t, error %v", operation.operation, status, !isNil, err)
			}
		}
	}
}

// transport is an http.RoundTripper made of a function.
type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// newResponse makes the response of a transport.
func newResponse(status int, contentType string, body io.Reader) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {contentType}}, Body: io.NopCloser(body)}
}

// reader is a reader without bytes that returns the error of the function.
type reader func() error

func (r reader) Read([]byte) (int, error) { return 0, r() }
