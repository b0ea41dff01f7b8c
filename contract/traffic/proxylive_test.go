package traffic

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/quotaspec/quotaspec/contract"
)

// TestProxyStreams holds that each byte passes when it comes, not when all have come.
func TestProxyStreams(t *testing.T) {
	next := make(chan bool)
	before := time.Now()
	r := start(t, &Proxy{Upstream: provider(t, func(conn net.Conn, in *bufio.Reader) {
		head(in)
		for _, part := range []string{"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", "a", "b", "c"} {
			_, _ = io.WriteString(conn, part)
			<-next
		}
	})})
	conn := r.dial(t)
	_, _ = io.WriteString(conn, "GET /a HTTP/1.1\r\nHost: h\r\n\r\n")
	in := bufio.NewReader(conn)
	if got := head(in); !strings.HasPrefix(got, "HTTP/1.1 200 OK\r\n") {
		t.Fatalf("got %q", got)
	}
	var last time.Time
	for _, want := range []byte("abc") {
		last = time.Now()
		next <- true
		if got, err := in.ReadByte(); err != nil || got != want {
			t.Fatalf("got %q, %v, want %q", got, err, want)
		}
	}
	close(next)
	e := r.next(t)
	if string(e.Exchange.Response.Body) != "abc" || e.Skip != "" {
		t.Errorf("got %q, %q", e.Exchange.Response.Body, e.Skip)
	}
	if end := e.Started.Add(e.Took); e.Started.Before(before) || e.Started.After(last) || end.Before(last) || end.After(time.Now()) {
		t.Errorf("got %s from %s on, the last byte came at %s", e.Took, e.Started, last)
	}
}

// TestProxyBrokenOff holds that the consumer sees that the provider broke off, and the judge how far it came.
func TestProxyBrokenOff(t *testing.T) {
	var logged bytes.Buffer // by net/http, with what it knows of the exchange
	log.SetOutput(&logged)
	defer log.SetOutput(os.Stderr)
	for name, raw := range map[string]string{
		"length": "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a\":",
		"chunks": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":\r\n5\r\n1",
	} {
		t.Run(name, func(t *testing.T) {
			r := start(t, &Proxy{Upstream: provider(t, always(raw))})
			response, err := http.Get("http://" + r.address + "/a")
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			if body, err := io.ReadAll(response.Body); !errors.Is(err, io.ErrUnexpectedEOF) || !strings.HasPrefix(string(body), `{"a":`) {
				t.Errorf("got %q, %v", body, err)
			}
			want, _ := contract.ParseResponse([]byte(raw))
			if e := r.next(t); e.Skip != "" || !reflect.DeepEqual(e.Exchange.Response, want) {
				t.Errorf("the observer got %q and %+v", e.Skip, e.Exchange.Response)
			}
		})
	}
	if logged.Len() > 0 {
		t.Errorf("logged: %s", logged.String())
	}
}

// TestProxyConsumerLeaves holds that who leaves early is no fault of the provider, and that the provider is told.
func TestProxyConsumerLeaves(t *testing.T) {
	for name, request := range map[string]string{
		"while reading": "GET /a HTTP/1.1\r\nHost: h\r\n\r\n",
		"while sending": "PUT /a HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nhalf",
	} {
		t.Run(name, func(t *testing.T) {
			told := make(chan error, 1)
			r := start(t, &Proxy{Upstream: provider(t, func(conn net.Conn, in *bufio.Reader) {
				head(in)
				if name == "while sending" {
					_, err := io.Copy(io.Discard, in)
					told <- cmpErr(err, io.EOF)
					return
				}
				var err error
				for _, err = io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\nx"); err == nil; _, err = io.WriteString(conn, strings.Repeat("x", 100)) {
				}
				told <- err
			})})
			conn := r.dial(t)
			_, _ = io.WriteString(conn, request)
			if name == "while reading" {
				_, _ = conn.Read(make([]byte, 100))
			}
			conn.Close()
			if err := <-told; err == nil || errors.Is(err, errTimeout) {
				t.Errorf("the provider got %v", err)
			}
			if e := r.next(t); e.Skip != CutOff && e.Skip != TooLarge {
				t.Errorf("got %q", e.Skip)
			}
		})
	}
}

// TestProxyConsumerLeavesInHead tests that a consumer that gives up while the provider is half way through the head of a response
// ends the connection to the provider, and that the exchange is not judged.
func TestProxyConsumerLeavesInHead(t *testing.T) {
	half, ended := make(chan struct{}), make(chan error, 1)
	r := start(t, &Proxy{Upstream: provider(t, func(conn net.Conn, in *bufio.Reader) {
		head(in)
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Le")
		close(half)
		_, err := io.Copy(io.Discard, in)
		ended <- err
	})})
	consumer := r.dial(t)
	if _, err := io.WriteString(consumer, "GET /a HTTP/1.1\r\nHost: h\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	<-half
	consumer.Close()
	if err := <-ended; errors.Is(cmpErr(err, io.EOF), errTimeout) { // it may be reset: half a head was not read
		t.Errorf("the connection to the provider: got %v, want its end", err)
	}
	if e := r.next(t); e.Skip != CutOff {
		t.Errorf("got %q, want %q", e.Skip, CutOff)
	}
}

// TestProxyConsumerConfused holds that a body which is none is the consumer's fault.
func TestProxyConsumerConfused(t *testing.T) {
	r := start(t, &Proxy{Upstream: provider(t, func(_ net.Conn, in *bufio.Reader) { _, _ = io.Copy(io.Discard, in) })})
	got := r.ask(t, "PUT /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\nno chunk\r\n")
	if !strings.HasPrefix(got, "HTTP/1.1 400 ") || !strings.HasSuffix(got, " broke off\n") {
		t.Errorf("got %q", got)
	}
	if e := r.next(t); e.Skip != CutOff {
		t.Errorf("got %q", e.Skip)
	}
}

var errTimeout = errors.New("time is up")

// cmpErr is the error, or another where there is none.
func cmpErr(err, other error) error {
	var n net.Error
	switch {
	case err == nil:
		return other
	case errors.As(err, &n) && n.Timeout():
		return errTimeout
	}
	return err
}

// TestProxyContinue holds that a body is asked for by the provider, and not by the proxy.
func TestProxyContinue(t *testing.T) {
	const request = "PUT /a HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
	t.Run("wanted", func(t *testing.T) {
		got := make(chan string, 1)
		r := start(t, &Proxy{Upstream: provider(t, func(conn net.Conn, in *bufio.Reader) {
			if h := head(in); !strings.Contains(h, "Expect: 100-continue\r\n") || !strings.Contains(h, "Connection: close\r\n") {
				got <- h
				return
			}
			_, _ = io.WriteString(conn, "HTTP/1.1 100 Continue\r\n\r\n")
			body := make([]byte, 4)
			_, _ = io.ReadFull(in, body)
			got <- string(body)
			_, _ = io.WriteString(conn, "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")
		})})
		conn := r.dial(t)
		_, _ = io.WriteString(conn, request)
		in := bufio.NewReader(conn)
		if got := head(in); got != "HTTP/1.1 100 Continue\r\n\r\n" {
			t.Fatalf("got %q", got)
		}
		_, _ = io.WriteString(conn, "{  }")
		if answer, _ := io.ReadAll(in); <-got != "{  }" || !strings.HasPrefix(string(answer), "HTTP/1.1 201 Created\r\n") {
			t.Errorf("got %q", answer)
		}
		if e := r.next(t); string(e.Exchange.Request.Body) != "{  }" || e.Exchange.Response.Status != 201 || e.Skip != "" || e.Exchange.Unrecorded != 0 {
			t.Errorf("got %+v", e)
		}
	})
	t.Run("refused", func(t *testing.T) {
		r := start(t, &Proxy{Upstream: provider(t, always("HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\n{}"))})
		if answer := r.ask(t, request); !strings.HasPrefix(answer, "HTTP/1.1 401 Unauthorized\r\n") {
			t.Errorf("got %q", answer)
		}
		if e := r.next(t); e.Exchange.Response.Status != 401 || e.Skip != "" || e.Exchange.Unrecorded != contract.UnrecordedRequest {
			t.Errorf("got %+v", e)
		}
	})
}

// TestProxyTooLarge holds that what is too large to be kept passes all the same.
func TestProxyTooLarge(t *testing.T) {
	const size = 100_000
	upstream := provider(t, func(conn net.Conn, in *bufio.Reader) {
		request, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		n, _ := io.Copy(io.Discard, request.Body)
		fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nX-Got: %d\r\nContent-Length: %d\r\n\r\n", n, size-n)
		_, _ = io.WriteString(conn, strings.Repeat("x", int(size-n)))
	})
	for name, n := range map[string]int{"request": size, "answer": 0} {
		t.Run(name, func(t *testing.T) {
			r := start(t, &Proxy{Upstream: upstream, CaptureLimit: size / 2})
			response, err := http.Post("http://"+r.address+"/a", "text/plain", strings.NewReader(strings.Repeat("x", n)))
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			if body, err := io.ReadAll(response.Body); err != nil || len(body) != size-n || response.Header.Get("X-Got") != fmt.Sprint(n) {
				t.Errorf("got %d bytes back and %s there, %v", len(body), response.Header.Get("X-Got"), err)
			}
			if e := r.next(t); e.Skip != TooLarge || len(e.Exchange.Request.Body)+len(e.Exchange.Response.Body) > 0 || e.Exchange.Response.Status != 200 {
				t.Errorf("got %q with %d and %d bytes", e.Skip, len(e.Exchange.Request.Body), len(e.Exchange.Response.Body))
			}
		})
	}
}

// TestProxySlowObserver holds that traffic does not wait for the observer, and that what it misses is counted.
func TestProxySlowObserver(t *testing.T) {
	const waiting = 1024
	const n = waiting + 100
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "{}") }))
	defer upstream.Close()
	where, _ := url.Parse(upstream.URL)
	wake, seen := make(chan bool), 0
	r := start(t, &Proxy{Upstream: where, Observe: func(Entry) { <-wake; seen++ }})
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	for range n {
		response, err := client.Get("http://" + r.address + "/a")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, response.Body)
		response.Body.Close()
	}
	close(wake)
	if err := r.stop(); err != nil || seen+int(r.Dropped()) != n || seen < waiting || seen > waiting+2 { // one is with the observer, and the last may come while it wakes
		t.Errorf("got %d seen and %d dropped of %d, %v", seen, r.Dropped(), n, err)
	}
}

// TestProxyMemory tests that an exchange passes for which there is no memory, and that it is counted.
func TestProxyMemory(t *testing.T) {
	const all = 256 << 20
	for name, request := range map[string]string{
		"the answer":  "GET /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
		"the request": "PUT /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 4\r\n\r\n{  }",
	} {
		t.Run(name, func(t *testing.T) {
			r := start(t, &Proxy{})
			r.Upstream = provider(t, func(conn net.Conn, in *bufio.Reader) {
				if head(in); name == "the request" {
					_, _ = io.CopyN(io.Discard, in, 4)
					r.held.Add(-all) // there is enough for the answer
				}
				_, _ = io.WriteString(conn, "HTTP/1.1 204 No Content\r\n\r\n")
			})
			r.held.Store(all)
			if got := r.ask(t, request); !strings.HasPrefix(got, "HTTP/1.1 204 ") {
				t.Errorf("got %q", got)
			}
			if err := r.stop(); err != nil || r.Dropped() != 1 || len(r.seen) != 0 {
				t.Errorf("got %d dropped and %d seen, %v", r.Dropped(), len(r.seen), err)
			}
			if name == "the answer" {
				r.held.Add(-all)
			}
		})
	}
}

// TestProxyCloses holds that what was begun may end, and that the rest is broken off.
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
	if err := <-stopped; err != nil || len(r.seen) != 1 {
		t.Errorf("got %d exchanges, %v", len(r.seen), err)
	}
}

// TestProxyClosed tests that a request which arrives after the proxy has closed is refused, and neither passed on nor counted.
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
	if response.StatusCode != http.StatusServiceUnavailable || string(body) != "quotaspec: the proxy is closing\n" || err != nil || p.Dropped() != 0 {
		t.Errorf("got %d %q, %v, %d dropped", response.StatusCode, body, err, p.Dropped())
	}
}

// TestProxyUsedConnection tests that a provider is not blamed for closing a connection that was used before: it may do so at any time.
func TestProxyUsedConnection(t *testing.T) {
	r := start(t, &Proxy{Upstream: provider(t, func(conn net.Conn, in *bufio.Reader) {
		head(in)
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
		head(in)
	})})
	for _, want := range []struct {
		status string
		skip   Reason
	}{{"200", ""}, {"502", NoResponse}} {
		got := r.ask(t, "POST /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}")
		if e := r.next(t); e.Skip != want.skip || !strings.HasPrefix(got, "HTTP/1.1 "+want.status) {
			t.Errorf("got %q, %q, want %s, %q", got, e.Skip, want.status, want.skip)
		}
	}
}

// TestProxyLate tests that what a provider sends after its answer belongs to no exchange.
func TestProxyLate(t *testing.T) {
	send, closed := make(chan bool), make(chan bool)
	r := start(t, &Proxy{Upstream: provider(t, func(conn net.Conn, in *bufio.Reader) {
		head(in)
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
		<-send
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\n")
		_, _ = io.Copy(io.Discard, in)
		close(closed)
	})})
	log.SetOutput(io.Discard) // net/http is surprised
	defer log.SetOutput(os.Stderr)
	r.ask(t, "GET /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
	if e := r.next(t); string(e.Exchange.Response.Body) != "{}" {
		t.Errorf("got %q", e.Exchange.Response.Body)
	}
	for r.held.Load() != 0 { // the observer has just got it
		runtime.Gosched()
	}
	close(send)
	<-closed
	if held := r.held.Load(); held != 0 || len(r.seen) > 0 {
		t.Errorf("%d bytes are held, %d more exchanges were seen", held, len(r.seen))
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

// TestProxyUpgrades holds that another protocol passes, is not taken for HTTP, and ends with the proxy.
func TestProxyUpgrades(t *testing.T) {
	r := start(t, &Proxy{Upstream: provider(t, func(conn net.Conn, in *bufio.Reader) {
		head(in)
		_, _ = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
		_, _ = io.Copy(conn, in)
	})})
	for range 2 {
		conn := r.dial(t)
		_, _ = io.WriteString(conn, "GET /a HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
		in := bufio.NewReader(conn)
		if got := head(in); !strings.HasPrefix(got, "HTTP/1.1 101 ") {
			t.Fatalf("got %q", got)
		}
		_, _ = io.WriteString(conn, "hello\n")
		if got, err := in.ReadString('\n'); got != "hello\n" || r.held.Load() != 0 {
			t.Errorf("got %q, %v; %d bytes are held", got, err, r.held.Load())
		}
		if len(r.seen) == 0 {
			conn.Close()
			e := r.next(t)
			if e.Skip != Upgraded || e.Exchange.Response.Status != http.StatusSwitchingProtocols {
				t.Errorf("got %q", e.Skip)
			}
			r.seen <- e
		}
	}
	if err := r.stop(); err != nil || len(r.seen) != 2 {
		t.Errorf("got %d exchanges, %v", len(r.seen), err)
	}
}

// TestProxyTLS holds that the bytes of a provider behind TLS are seen too, and HTTP/2 is not spoken.
func TestProxyTLS(t *testing.T) {
	upstream := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header()["X-A"] = []string{r.Proto, r.Host}
		_, _ = io.WriteString(w, "{}")
	}))
	upstream.EnableHTTP2 = true
	upstream.Config.ErrorLog = log.New(io.Discard, "", 0)
	upstream.StartTLS()
	defer upstream.Close()
	where, _ := url.Parse(upstream.URL)
	roots := x509.NewCertPool()
	roots.AddCert(upstream.Certificate())
	protocols := []string{"h2", "http/1.1"}
	config := &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12, NextProtos: slices.Clone(protocols)}
	r := start(t, &Proxy{Upstream: where, TLS: config})
	r.ask(t, "GET /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
	if e := r.next(t); e.Skip != "" || fmt.Sprint(e.Exchange.Response.Header["X-A"]) != "[HTTP/1.1 "+where.Host+"]" || e.Origin != upstream.URL {
		t.Errorf("got %q, %v from %s", e.Skip, e.Exchange.Response.Header, e.Origin)
	}
	if !slices.Equal(config.NextProtos, protocols) {
		t.Errorf("the caller's config is changed: %q", config.NextProtos)
	}
	stranger := start(t, &Proxy{Upstream: where})
	if got := stranger.ask(t, "GET /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"); !strings.HasPrefix(got, "HTTP/1.1 502 ") {
		t.Errorf("an unknown certificate: got %q", got)
	}
	if e := stranger.next(t); e.Skip != NoResponse {
		t.Errorf("an unknown certificate: got %q", e.Skip)
	}
}

func BenchmarkProxy(b *testing.B) {
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"a":1}`) }))
	defer upstream.Close()
	where, _ := url.Parse(upstream.URL)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	p := &Proxy{Upstream: where, Observe: func(Entry) {}, grace: time.Millisecond}
	go func() { _ = p.Serve(b.Context(), listener) }()
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	b.ReportAllocs()
	for b.Loop() {
		response, err := client.Get("http://" + listener.Addr().String() + "/a")
		if err != nil {
			b.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, response.Body)
		response.Body.Close()
	}
}
