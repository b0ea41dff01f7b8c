package traffic

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/quotaspec/quotaspec/contract"
)

// TestProxyStreams tests that each byte is forwarded when it arrives, not at the end of the response.
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

// TestProxyBrokenOff tests that the consumer gets an error if the provider breaks off, and that the judge gets the bytes before.
func TestProxyBrokenOff(t *testing.T) {
	var logged bytes.Buffer // by net/http, which must not log contents
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

// TestProxyConsumerLeaves tests that a consumer which leaves early is not held against the provider, and that the provider notices.
func TestProxyConsumerLeaves(t *testing.T) {
	for name, request := range map[string]string{
		"while reading": "GET /a HTTP/1.1\r\nHost: h\r\n\r\n",
		"while sending": "PUT /a HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nhalf",
	} {
		t.Run(name, func(t *testing.T) {
			left := make(chan error, 1)
			r := start(t, &Proxy{Upstream: provider(t, func(conn net.Conn, in *bufio.Reader) {
				head(in)
				if name == "while sending" {
					_, err := io.Copy(io.Discard, in)
					left <- cmpErr(err, io.EOF)
					return
				}
				var err error
				for _, err = io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\nx"); err == nil; _, err = io.WriteString(conn, strings.Repeat("x", 100)) {
				}
				left <- err
			})})
			conn := r.dial(t)
			_, _ = io.WriteString(conn, request)
			if name == "while reading" {
				_, _ = conn.Read(make([]byte, 100))
			}
			conn.Close()
			if err := <-left; err == nil || errors.Is(err, errTimeout) {
				t.Errorf("the provider got %v", err)
			}
			if e := r.next(t); e.Skip != CutOff && e.Skip != TooLarge {
				t.Errorf("got %q", e.Skip)
			}
		})
	}
}

// TestProxyConsumerLeavesInHead tests that a consumer which leaves in the middle of a response head ends the connection to the
// provider, and that the exchange is not judged.
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

// TestProxyMalformedChunks tests that malformed chunks of a request are not held against the provider.
func TestProxyMalformedChunks(t *testing.T) {
	r := start(t, &Proxy{Upstream: provider(t, func(_ net.Conn, in *bufio.Reader) { _, _ = io.Copy(io.Discard, in) })})
	got := r.send(t, "PUT /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\nno chunk\r\n")
	if !strings.HasPrefix(got, "HTTP/1.1 400 ") || !strings.HasSuffix(got, " broke off\n") {
		t.Errorf("got %q", got)
	}
	if e := r.next(t); e.Skip != CutOff {
		t.Errorf("got %q", e.Skip)
	}
}

var errTimeout = errors.New("time is up")

// cmpErr returns err, other if err is nil, and errTimeout for any timeout.
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

// TestProxyContinue tests that the provider sends the 100, not the proxy.
func TestProxyContinue(t *testing.T) {
	const request = "PUT /a HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
	t.Run("accepted", func(t *testing.T) {
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
		if response, _ := io.ReadAll(in); <-got != "{  }" || !strings.HasPrefix(string(response), "HTTP/1.1 201 Created\r\n") {
			t.Errorf("got %q", response)
		}
		if e := r.next(t); string(e.Exchange.Request.Body) != "{  }" || e.Exchange.Response.Status != 201 || e.Skip != "" ||
			e.Exchange.Unrecorded != 0 {
			t.Errorf("got %+v", e)
		}
	})
	t.Run("refused", func(t *testing.T) {
		r := start(t, &Proxy{Upstream: provider(t, always("HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\n{}"))})
		if response := r.send(t, request); !strings.HasPrefix(response, "HTTP/1.1 401 Unauthorized\r\n") {
			t.Errorf("got %q", response)
		}
		if e := r.next(t); e.Exchange.Response.Status != 401 || e.Skip != "" || e.Exchange.Unrecorded != contract.UnrecordedRequestBody {
			t.Errorf("got %+v", e)
		}
	})
}

// TestProxyUpgrades tests that another protocol is forwarded, is not read as HTTP, and ends with the proxy.
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
		if got, err := in.ReadString('\n'); got != "hello\n" || r.buffered.Load() != 0 {
			t.Errorf("got %q, %v; %d bytes are buffered", got, err, r.buffered.Load())
		}
		if len(r.observed) == 0 {
			conn.Close()
			e := r.next(t)
			if e.Skip != Upgraded || e.Exchange.Response.Status != http.StatusSwitchingProtocols {
				t.Errorf("got %q", e.Skip)
			}
			r.observed <- e
		}
	}
	if err := r.stop(); err != nil || len(r.observed) != 2 {
		t.Errorf("got %d exchanges, %v", len(r.observed), err)
	}
}
