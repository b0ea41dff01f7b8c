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
	for keep, limit := range map[int]int{1000: 1000, 0: 16 << 20} {
		r := start(t, &Proxy{Upstream: upstream, CaptureLimit: keep})
		for _, test := range []struct {
			name           string
			asked, answers int // bytes of the request body and of the answer
			skip           Reason
		}{
			{"both at the limit", limit, limit, ""},
			{"the request body a byte over", limit + 1, limit, TooLarge},
			{"the answer a byte over", limit, limit + 1, TooLarge},
		} {
			t.Run(fmt.Sprintf("%s of %d", test.name, limit), func(t *testing.T) {
				r.ask(t, fmt.Sprintf("POST /%d HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s", test.answers, test.asked, strings.Repeat("x", test.asked)))
				e := r.next(t)
				if e.Skip != test.skip || test.skip == "" && len(e.Exchange.Request.Body) != limit {
					t.Errorf("got %q with a request body of %d bytes, want %q", e.Skip, len(e.Exchange.Request.Body), test.skip)
				}
			})
		}
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

// TestProxyWaits tests, by a clock of its own, how long a consumer may take for the head of a request and between two requests, and that a
// connection with half a head does not outlive the proxy.
func TestProxyWaits(t *testing.T) {
	const half, tunnel = "GET / HTTP/1.1\r\nHost: h", "CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n"
	for _, test := range []struct {
		name, sent string
		stops      bool // the proxy
		want       time.Duration
	}{
		{"half a head", half, false, 30 * time.Second},
		{"between two requests", tunnel, false, 2 * time.Minute},
		{"half a head, and the proxy stops", half, true, 5 * time.Second},
		{"between two requests, and the proxy stops", tunnel, true, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				listener, done := make(pipes), make(chan error, 1)
				go func() { done <- (&Proxy{Observe: func(Entry) {}}).Serve(ctx, listener) }()
				consumer, accepted := net.Pipe()
				listener <- accepted
				begin := time.Now()
				go func() { _, _ = io.WriteString(consumer, test.sent) }()
				if test.sent == tunnel {
					answer, err := http.ReadResponse(bufio.NewReaderSize(consumer, 1), nil)
					if err != nil {
						t.Fatal(err)
					}
					_, _ = io.Copy(io.Discard, answer.Body)
				}
				synctest.Wait()
				if test.stops {
					cancel()
				}
				_ = consumer.SetReadDeadline(begin.Add(24 * time.Hour))
				_, err := io.ReadAll(consumer)
				if got := time.Since(begin); errors.Is(err, os.ErrDeadlineExceeded) || got != test.want {
					t.Errorf("the connection ended after %s, want %s", got, test.want)
				}
				consumer.Close()
				cancel()
				if err := <-done; err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// TestTransport tests how long the proxy waits for a provider, and what net/http does for it.
func TestTransport(t *testing.T) {
	got := new(Proxy).transport()
	for name, is := range map[string]bool{
		"the head of an answer may take two minutes":            got.ResponseHeaderTimeout == 2*time.Minute,
		"a connection is used again within four seconds":        got.IdleConnTimeout == 4*time.Second,
		"an expected 100 may take a second":                     got.ExpectContinueTimeout == time.Second,
		"64 connections to the provider are kept":               got.MaxIdleConnsPerHost == 64,
		"no connection waits for another":                       got.MaxConnsPerHost == 0,
		"nothing is unpacked, and no proxy of the system asked": got.DisableCompression && got.Proxy == nil,
	} {
		if !is {
			t.Errorf("not so: %s", name)
		}
	}
}
