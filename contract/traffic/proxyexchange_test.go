package traffic

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http/httptest"
	"net/url"
	"os"
	"sync/atomic"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
)

// ended returns a body whose reading ended with err; nil: it has not ended.
func ended(err error) *trackedBody {
	b := &trackedBody{capture: &capture{}}
	if err != nil {
		b.end.Store(&err)
	}
	return b
}

// TestProxiedExchangeSkip tests which exchanges cannot be judged, and why: what the provider breaks off is judged, what the
// consumer breaks off is not.
func TestProxiedExchangeSkip(t *testing.T) {
	refused, reset, late := errors.New("refused"), io.ErrUnexpectedEOF, context.DeadlineExceeded
	whole := func() *trackedBody { return ended(io.EOF) }
	for _, tt := range []struct {
		name     string
		x        proxiedExchange
		sent     error // the end of the request body
		responds bool  // with at least one byte
		largeReq bool
		largeRes bool
		want     Reason
	}{
		{name: "whole", x: proxiedExchange{status: 200, responseBody: whole()}, sent: io.EOF, responds: true},
		{
			name: "whole, and the consumer left", x: proxiedExchange{status: 200, responseBody: whole(), consumerLeft: true}, sent: io.EOF,
			responds: true,
		},
		{name: "whole, the request body not read", x: proxiedExchange{status: 200, responseBody: whole()}, responds: true},
		{name: "another protocol", x: proxiedExchange{status: 101}, sent: io.EOF, responds: true, want: Upgraded},
		{name: "another protocol that failed", x: proxiedExchange{status: 101, err: refused, newConn: true}, responds: true},
		{name: "the provider broke off", x: proxiedExchange{status: 200, responseBody: ended(reset)}, responds: true},
		{
			name: "the consumer left while reading", x: proxiedExchange{status: 200, responseBody: ended(reset), consumerLeft: true},
			responds: true, want: CutOff,
		},
		{
			name: "the reading was cancelled", x: proxiedExchange{status: 200, responseBody: ended(context.Canceled)}, responds: true, want: CutOff,
		},
		{name: "not read to its end", x: proxiedExchange{status: 200, responseBody: ended(nil)}, responds: true, want: CutOff},
		{name: "no body was read", x: proxiedExchange{status: 200}, responds: true, want: CutOff},
		{name: "a malformed head", x: proxiedExchange{err: refused}, responds: true},
		{name: "a malformed head, and the consumer left", x: proxiedExchange{err: refused, consumerLeft: true}, responds: true, want: CutOff},
		{name: "cancelled", x: proxiedExchange{err: fmt.Errorf("dial: %w", context.Canceled), newConn: true}, want: CutOff},
		{name: "the request body broke off", x: proxiedExchange{err: refused, newConn: true}, sent: reset, want: CutOff},
		{name: "no response on a new connection", x: proxiedExchange{err: io.EOF, newConn: true}},
		{name: "no response on a used connection", x: proxiedExchange{err: io.EOF}, want: NoResponse},
		{name: "too late", x: proxiedExchange{err: late, newConn: true}, want: NoResponse},
		{name: "too late, within a head", x: proxiedExchange{err: late, newConn: true}, responds: true, want: NoResponse},
		{name: "too late, and too large", x: proxiedExchange{err: late}, largeReq: true, want: NoResponse},
		{
			name: "a request too large", x: proxiedExchange{status: 200, responseBody: whole()}, sent: io.EOF, largeReq: true, responds: true,
			want: TooLarge,
		},
		{
			name: "a response too large", x: proxiedExchange{status: 200, responseBody: whole()}, sent: io.EOF, responds: true, largeRes: true,
			want: TooLarge,
		},
		{
			name: "a malformed head that is too large", x: proxiedExchange{err: refused, newConn: true}, responds: true, largeRes: true,
			want: TooLarge,
		},
		{
			name: "too large, and the consumer left", x: proxiedExchange{status: 200, responseBody: ended(reset), consumerLeft: true},
			responds: true, largeRes: true, want: TooLarge,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			x := &tt.x
			x.requestBody, x.response = ended(tt.sent), &capture{tooLarge: tt.largeRes}
			x.requestBody.capture.tooLarge = tt.largeReq
			if tt.responds {
				x.response.total = 1
			}
			if got := x.skip(); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestProxiedExchangeUnrecordedRequest tests when the body of a request counts as unrecorded: the provider responded before it
// had read the whole body.
func TestProxiedExchangeUnrecordedRequest(t *testing.T) {
	for _, tt := range []struct {
		name   string
		length int64 // -1: in chunks
		read   int
		sent   error
		want   contract.Unrecorded
	}{
		{name: "no body"},
		{name: "read to its end", length: 7, read: 7, sent: io.EOF},
		{name: "read to its last byte", length: 7, read: 7},
		{name: "read but for a byte", length: 7, read: 6, want: contract.UnrecordedRequestBody},
		{name: "not read", length: 7, want: contract.UnrecordedRequestBody},
		{name: "chunks, to their end", length: -1, read: 7, sent: io.EOF},
		{name: "chunks, not to their end", length: -1, read: 7, want: contract.UnrecordedRequestBody},
		{name: "chunks, broken off", length: -1, read: 7, sent: io.ErrUnexpectedEOF, want: contract.UnrecordedRequestBody},
	} {
		t.Run(tt.name, func(t *testing.T) {
			x := &proxiedExchange{
				proxy: &Proxy{Upstream: &url.URL{Scheme: "https", Host: "h:1"}}, status: 200,
				requestLength: tt.length, requestBody: ended(tt.sent), responseBody: ended(io.EOF),
			}
			x.requestBody.capture.total, x.requestBody.capture.data = tt.read, make([]byte, tt.read)
			x.response = &capture{total: 1, data: []byte("HTTP/1.1 200 OK\r\n\r\n")}
			e := x.entry()
			if e.Exchange.Unrecorded != tt.want || len(e.Exchange.Request.Body) != tt.read {
				t.Errorf("got %d with %d bytes, want %d with %d", e.Exchange.Unrecorded, len(e.Exchange.Request.Body), tt.want, tt.read)
			}
			if e.Skip != "" || e.Origin != "https://h:1" || e.Number != 1 {
				t.Errorf("got %q, number %d of %s", e.Skip, e.Number, e.Origin)
			}
		})
	}
}

// TestProxiedExchangeSeal tests that bytes which arrive on either side after the exchange was delivered are not captured.
func TestProxiedExchangeSeal(t *testing.T) {
	buffered := new(atomic.Int64)
	x := &proxiedExchange{requestBody: ended(nil), response: &capture{limit: 10, buffered: buffered}}
	x.requestBody.capture.limit, x.requestBody.capture.buffered = 10, buffered
	x.requestBody.capture.add([]byte("ab"))
	x.response.add([]byte("cde"))
	x.seal()
	x.requestBody.capture.add([]byte("late"))
	x.response.add([]byte("late"))
	if buffered.Load() != 5 {
		t.Errorf("%d bytes are buffered, want 5", buffered.Load())
	}
	if x.release(); buffered.Load() != 0 {
		t.Errorf("%d bytes are still buffered", buffered.Load())
	}
}

// TestProxiedExchangeFailed tests the response to the consumer where the provider sent none.
func TestProxiedExchangeFailed(t *testing.T) {
	dial := &net.OpError{Op: "dial", Err: errors.New("refused")}
	for _, tt := range []struct {
		name   string
		err    error
		sent   error // the end of the request body
		status int
		want   string
	}{
		{name: "cannot be dialled", err: dial, status: 502, want: "cannot be reached"},
		{name: "cannot be dialled, wrapped", err: fmt.Errorf("x: %w", dial), sent: io.EOF, status: 502, want: "cannot be reached"},
		{
			name: "cannot be dialled in time", err: &net.OpError{Op: "dial", Err: os.ErrDeadlineExceeded}, status: 504,
			want: "did not respond in time",
		},
		{
			name: "cannot be read", err: &net.OpError{Op: "read", Err: errors.New("reset")}, status: 502,
			want: "sent no response that can be forwarded",
		},
		{name: "closed", err: io.EOF, status: 502, want: "sent no response that can be forwarded"},
		{name: "too late", err: os.ErrDeadlineExceeded, status: 504, want: "did not respond in time"},
		{name: "too late, by its context", err: fmt.Errorf("x: %w", context.DeadlineExceeded), status: 504, want: "did not respond in time"},
		{name: "the request body broke off", err: io.EOF, sent: io.ErrUnexpectedEOF, status: 400, want: "got no request: its body broke off"},
		{
			name: "the request body broke off, too late", err: os.ErrDeadlineExceeded, sent: io.ErrUnexpectedEOF, status: 400,
			want: "got no request: its body broke off",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			x := &proxiedExchange{proxy: &Proxy{Upstream: &url.URL{Scheme: "http", Host: "h:1"}}, requestBody: ended(tt.sent)}
			w := httptest.NewRecorder()
			x.failed(w, nil, tt.err)
			got := fmt.Sprintf("%d %s %s", w.Code, w.Header().Get("Content-Type"), w.Body)
			if want := fmt.Sprintf("%d text/plain; charset=utf-8 quotaspec: h:1 %s\n", tt.status, tt.want); got != want ||
				!errors.Is(x.err, tt.err) {
				t.Errorf("got  %q, %v\nwant %q", got, x.err, want)
			}
		})
	}
}
