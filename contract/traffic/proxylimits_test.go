package traffic

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestProxyKeepsUpToLimit tests that an exchange of exactly as many bytes as are kept is kept, and that one byte more is not.
func TestProxyKeepsUpToLimit(t *testing.T) {
	const limit = 1000
	upstream := provider(t, func(conn net.Conn, in *bufio.Reader) {
		request, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		_, _ = io.Copy(io.Discard, request.Body)
		var size int // of the whole answer
		_, _ = fmt.Sscanf(request.URL.Path, "/%d", &size)
		head := "HTTP/1.1 200 OK\r\n\r\n" // the end of the connection ends the body
		_, _ = io.WriteString(conn, head+strings.Repeat("x", size-len(head)))
	})
	r := start(t, &Proxy{Upstream: upstream, Keep: limit})
	for _, test := range []struct {
		name           string
		asked, answers int // bytes of the request body and of the answer
		skip           Reason
	}{
		{"both at the limit", limit, limit, ""},
		{"the request body a byte over", limit + 1, limit, TooLarge},
		{"the answer a byte over", limit, limit + 1, TooLarge},
	} {
		t.Run(test.name, func(t *testing.T) {
			r.ask(t, fmt.Sprintf("POST /%d HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s", test.answers, test.asked, strings.Repeat("x", test.asked)))
			e := r.next(t)
			if e.Skip != test.skip || test.skip == "" && len(e.Exchange.Request.Body) != limit {
				t.Errorf("got %q with a request body of %d bytes, want %q", e.Skip, len(e.Exchange.Request.Body), test.skip)
			}
		})
	}
}

// pipes is a listener whose connections are pipes within the process.
type pipes chan net.Conn

func (p pipes) Accept() (net.Conn, error) {
	if conn, ok := <-p; ok {
		return conn, nil
	}
	return nil, net.ErrClosed
}
func (p pipes) Close() error   { close(p); return nil }
func (p pipes) Addr() net.Addr { return &net.UnixAddr{} }

// TestProxyHalfAHead tests, by a clock of its own, that a consumer that does not finish the head of a request is cut off.
func TestProxyHalfAHead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		listener, done := make(pipes), make(chan error)
		go func() { done <- (&Proxy{Observe: func(Entry) {}}).Serve(ctx, listener) }()
		consumer, accepted := net.Pipe()
		listener <- accepted
		_, _ = io.WriteString(consumer, "GET / HTTP/1.1\r\nHost: h")
		_ = consumer.SetReadDeadline(time.Now().Add(24 * time.Hour))
		if _, err := io.ReadAll(consumer); errors.Is(err, os.ErrDeadlineExceeded) {
			t.Error("it waits for ever")
		}
		consumer.Close()
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}
