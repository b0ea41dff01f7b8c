package traffic

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// TestProxyCapturesUpToLimit tests that messages of exactly the limit are captured, and that one byte more is too large.
func TestProxyCapturesUpToLimit(t *testing.T) {
	upstream := provider(t, func(conn net.Conn, in *bufio.Reader) {
		request, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		_, _ = io.Copy(io.Discard, request.Body)
		var size int // of the whole response
		_, _ = fmt.Sscanf(request.URL.Path, "/%d", &size)
		head := "HTTP/1.1 200 OK\r\n\r\n" // the end of the connection ends the body
		_, _ = io.WriteString(conn, head+strings.Repeat("x", size-len(head)))
	})
	for setting, limit := range map[int]int{1000: 1000, 0: 16 << 20} {
		r := start(t, &Proxy{Upstream: upstream, CaptureLimit: setting})
		for _, test := range []struct {
			name     string
			request  int // bytes of the body
			response int // bytes
			skip     Reason
		}{
			{name: "both at the limit", request: limit, response: limit},
			{name: "the request body one byte over", request: limit + 1, response: limit, skip: TooLarge},
			{name: "the response one byte over", request: limit, response: limit + 1, skip: TooLarge},
		} {
			t.Run(fmt.Sprintf("%s of %d", test.name, limit), func(t *testing.T) {
				r.send(t, fmt.Sprintf("POST /%d HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s", test.response, test.request,
					strings.Repeat("x", test.request)))
				e := r.next(t)
				isCut := test.skip == "" && len(e.Exchange.Request.Body) != limit
				if isCut || e.Skip != test.skip {
					t.Errorf("got %q with a request body of %d bytes, want %q", e.Skip, len(e.Exchange.Request.Body), test.skip)
				}
			})
		}
	}
}

// TestProxyTooLarge tests that a message which is too large to be captured is forwarded all the same.
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
	for name, n := range map[string]int{"request": size, "response": 0} {
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
			if e := r.next(t); e.Skip != TooLarge || len(e.Exchange.Request.Body)+len(e.Exchange.Response.Body) > 0 ||
				e.Exchange.Response.Status != 200 {
				t.Errorf("got %q with %d and %d bytes", e.Skip, len(e.Exchange.Request.Body), len(e.Exchange.Response.Body))
			}
		})
	}
}

// TestProxySlowObserver tests that traffic does not wait for the observer, and that dropped exchanges are counted.
func TestProxySlowObserver(t *testing.T) {
	const waiting = 1024
	const n = waiting + 100
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "{}") }))
	defer upstream.Close()
	where, _ := url.Parse(upstream.URL)
	wake, observed := make(chan bool), 0
	r := start(t, &Proxy{Upstream: where, Observe: func(Entry) { <-wake; observed++ }})
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
	if err := r.stop(); err != nil || observed+int(r.Dropped()) != n {
		t.Errorf("got %d observed and %d dropped of %d, %v", observed, r.Dropped(), n, err)
	}
	if observed < waiting || observed > waiting+2 { // one is with the observer, and the last may come while it wakes
		t.Errorf("got %d observed, want those that fit into the channel", observed)
	}
}

// TestProxyMemory tests that an exchange is forwarded when memory is short, and counted as dropped.
func TestProxyMemory(t *testing.T) {
	const all = 256 << 20
	for name, request := range map[string]string{
		"the response": "GET /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
		"the request":  "PUT /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 4\r\n\r\n{  }",
	} {
		t.Run(name, func(t *testing.T) {
			r := start(t, &Proxy{})
			r.Upstream = provider(t, func(conn net.Conn, in *bufio.Reader) {
				if head(in); name == "the request" {
					_, _ = io.CopyN(io.Discard, in, 4)
					r.buffered.Add(-all) // enough for the response
				}
				_, _ = io.WriteString(conn, "HTTP/1.1 204 No Content\r\n\r\n")
			})
			r.buffered.Store(all)
			if got := r.send(t, request); !strings.HasPrefix(got, "HTTP/1.1 204 ") {
				t.Errorf("got %q", got)
			}
			if err := r.stop(); err != nil || r.Dropped() != 1 || len(r.observed) != 0 {
				t.Errorf("got %d dropped and %d observed, %v", r.Dropped(), len(r.observed), err)
			}
			if name == "the response" {
				r.buffered.Add(-all)
			}
		})
	}
}
