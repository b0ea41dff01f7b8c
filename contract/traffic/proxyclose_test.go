package traffic

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestProxyCloses tests that an exchange under way may end before the proxy closes, and that new connections are refused.
func TestProxyCloses(t *testing.T) {
	begun, next := make(chan bool), make(chan bool)
	r := start(t, &Proxy{grace: patience, Upstream: provider(t, func(conn net.Conn, in *bufio.Reader) {
		head(in)
		begun <- true
		<-next
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
	})})
	conn := r.dial(t)
	_, _ = io.WriteString(conn, "GET /a HTTP/1.1\r\nHost: h\r\n\r\n")
	<-begun
	stopped := make(chan error, 1)
	go func() { stopped <- r.stop() }()
	for {
		late, err := net.Dial("tcp", r.address)
		if err != nil {
			break
		}
		late.Close()
	}
	next <- true
	if got, err := io.ReadAll(conn); err != nil || !strings.HasSuffix(string(got), "\r\n\r\n{}") {
		t.Errorf("got %q, %v", got, err)
	}
	if err := <-stopped; err != nil || len(r.observed) != 1 {
		t.Errorf("got %d exchanges, %v", len(r.observed), err)
	}
}

// TestProxyClosed tests that a request after the proxy has closed is refused, and neither forwarded nor counted.
func TestProxyClosed(t *testing.T) {
	p := start(t, &Proxy{Upstream: provider(t, always("HTTP/1.1 204 No Content\r\n\r\n"))})
	if err := p.stop(); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(p.Proxy)
	defer server.Close()
	response, err := server.Client().Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if response.StatusCode != http.StatusServiceUnavailable || string(body) != "quotaspec: the proxy is closing\n" || err != nil ||
		p.Dropped() != 0 {
		t.Errorf("got %d %q, %v, %d dropped", response.StatusCode, body, err, p.Dropped())
	}
}

// TestProxyListenerFails tests that the proxy ends with an error when its listener does.
func TestProxyListenerFails(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	p := &Proxy{Upstream: &url.URL{Scheme: "http", Host: "127.0.0.1:1"}, Observe: func(Entry) {}}
	if err := p.Serve(t.Context(), listener); !errors.Is(err, net.ErrClosed) || !strings.HasPrefix(err.Error(), "serve: ") {
		t.Errorf("got %v, want serve: … %v", err, net.ErrClosed)
	}
}

// TestProxyBreaksOff tests that a response without an end is cut off when the proxy closes.
func TestProxyBreaksOff(t *testing.T) {
	r := start(t, &Proxy{Upstream: provider(t, func(conn net.Conn, in *bufio.Reader) {
		head(in)
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\nx")
		_, _ = io.Copy(io.Discard, in)
	})})
	conn := r.dial(t)
	_, _ = io.WriteString(conn, "GET /a HTTP/1.1\r\nHost: h\r\n\r\n")
	head(bufio.NewReader(conn))
	if err := r.stop(); err != nil {
		t.Error(err)
	}
	if e := r.next(t); e.Skip != CutOff {
		t.Errorf("got %q", e.Skip)
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

func (p pipes) Close() error { close(p); return nil }

func (p pipes) Addr() net.Addr { return &net.UnixAddr{} }

// TestProxyWaits tests, with a fake clock, how long a consumer may take for the head of a request and between two requests, and
// that a connection with half a head does not outlive the proxy.
func TestProxyWaits(t *testing.T) {
	const half, tunnel = "GET / HTTP/1.1\r\nHost: h", "CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n"
	for _, test := range []struct {
		name, sent string
		stops      bool // the proxy
		want       time.Duration
	}{
		{name: "half a head", sent: half, want: 30 * time.Second},
		{name: "between two requests", sent: tunnel, want: 2 * time.Minute},
		{name: "half a head, and the proxy stops", sent: half, stops: true, want: 5 * time.Second},
		{name: "between two requests, and the proxy stops", sent: tunnel, stops: true},
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
					response, err := http.ReadResponse(bufio.NewReaderSize(consumer, 1), nil)
					if err != nil {
						t.Fatal(err)
					}
					_, _ = io.Copy(io.Discard, response.Body)
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
