package traffic

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
)

// TestProxyAnswers holds that the consumer gets what the provider sent, and the observer every byte of it.
func TestProxyAnswers(t *testing.T) {
	zipped := string(packed(`{"a":1}`))
	for _, tt := range []struct {
		name, method, raw, want string
		skip                    Reason
	}{
		{name: "plain", raw: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"},
		{name: "doubled headers", raw: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nX-A: 2\r\nX-A: 1\r\n\r\n{}"},
		{name: "doubled types", raw: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: text/html\r\nContent-Type: application/json\r\n\r\n{}"},
		{name: "no types", raw: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: \r\nDate: \r\n\r\n{}"},
		{name: "packed", raw: fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s", len(zipped), zipped)},
		{name: "packed wrongly", raw: "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}"},
		{name: "head", method: "HEAD", raw: "HTTP/1.1 200 OK\r\nContent-Length: 4711\r\nContent-Type: application/json\r\n\r\n"},
		{name: "no content", raw: "HTTP/1.1 204 No Content\r\nDate: Fri, 20 Nov 2026 08:15:03 GMT\r\n\r\n"},
		{name: "not modified", raw: "HTTP/1.1 304 Not Modified\r\nEtag: \"a\"\r\n\r\n"},
		{name: "redirect", raw: "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: http://127.0.0.1:1/\r\n\r\n"},
		{name: "error", raw: "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 3\r\nRetry-After: 7\r\n\r\nno!"},
		{
			name: "chunks and a trailer",
			raw:  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-End\r\n\r\n3\r\n{\"a\r\n4;x=y\r\n\":1}\r\n0\r\nX-End: yes\r\n\r\n",
			want: "HTTP/1.1 200 OK\r\nTrailer: X-End\r\nTransfer-Encoding: chunked\r\n\r\n7\r\n{\"a\":1}\r\n0\r\nX-End: yes\r\n\r\n",
		},
		{
			name: "to the end of the connection", raw: "HTTP/1.0 200 Fine\r\n\r\n{\"a\":1}",
			want: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7\r\n{\"a\":1}\r\n0\r\n\r\n",
		},
		{
			name: "early hints",
			raw:  "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
		},
		{
			name: "more than announced", raw: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}{}",
			want: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
		},
		{
			name: "body of a head", method: "HEAD", raw: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
			want: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n",
		},
		{
			name: "malformed head", raw: "HTTP/1.1 200 OK\r\nno header\r\nContent-Length: 2\r\n\r\n{}",
			want: "HTTP/1.1 502 Bad Gateway\r\n",
		},
		{name: "half a head", raw: "HTTP/1.1 200 OK\r\nContent-Le", want: "HTTP/1.1 502 Bad Gateway\r\n"},
		{name: "status 99", raw: "HTTP/1.1 099 No\r\nContent-Length: 2\r\n\r\n{}", want: "HTTP/1.1 502 Bad Gateway\r\n", skip: NotHTTP},
		{name: "another language", raw: "SSH-2.0-OpenSSH_9.2\r\n", want: "HTTP/1.1 502 Bad Gateway\r\n", skip: NotHTTP},
		{name: "nothing", raw: "", want: "HTTP/1.1 502 Bad Gateway\r\n"},
		{name: "hints only", raw: "HTTP/1.1 103 Early Hints\r\n\r\n", want: "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 502 Bad Gateway\r\n", skip: NotHTTP},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := start(t, &Proxy{Upstream: provider(t, always(tt.raw))})
			method := tt.method
			if method == "" {
				method = http.MethodGet
			}
			got := r.ask(t, method+" /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
			got = strings.Replace(got, "Connection: close\r\n", "", 1)
			want := tt.want
			if want == "" {
				want = tt.raw
			}
			if ours := strings.HasSuffix(want, "502 Bad Gateway\r\n"); ours && (!strings.HasPrefix(got, want) || !strings.HasSuffix(got, "\r\nquotaspec: "+r.Upstream.Host+" gave no answer that can be passed on\n")) || !ours && got != want {
				t.Errorf("got  %q\nwant %q", got, want)
			}
			e := r.next(t)
			if e.Skip != tt.skip || e.Exchange.Unrecorded != 0 {
				t.Errorf("got %q and %d unseen, want %q", e.Skip, e.Exchange.Unrecorded, tt.skip)
			}
			response, err := contract.ParseResponse([]byte(tt.raw))
			if tt.raw == "" {
				err = nil
				response.AddFramingError(contract.NoResponse, "the connection closed")
			}
			if tt.skip == "" && (err != nil || !reflect.DeepEqual(e.Exchange.Response, response)) {
				t.Errorf("the observer got %+v, want %+v, %v", e.Exchange.Response, response, err)
			}
		})
	}
}

// TestProxyRequests holds that the provider gets what the consumer sent.
func TestProxyRequests(t *testing.T) {
	for _, tt := range []struct{ name, raw, want, body string }{
		{name: "headers", raw: "GET /a HTTP/1.1\r\nHost: h\r\nX-A: 2\r\nX-A: 1\r\nX-Forwarded-For: me\r\nX-Forwarded-Host: b\r\nX-Forwarded-Proto: c\r\nForwarded: for=me\r\n\r\n", want: "GET /a HTTP/1.1\r\nHost: UPSTREAM\r\nForwarded: for=me\r\nX-A: 2\r\nX-A: 1\r\nX-Forwarded-For: me\r\nX-Forwarded-Host: b\r\nX-Forwarded-Proto: c\r\n\r\n"},
		{name: "body", raw: "PUT /a HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\n\x00\xff{}", want: "PUT /a HTTP/1.1\r\nHost: UPSTREAM\r\nContent-Length: 4\r\n\r\n", body: "\x00\xff{}"},
		{name: "empty body", raw: "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n", want: "POST /a HTTP/1.1\r\nHost: UPSTREAM\r\nContent-Length: 0\r\n\r\n"},
		{name: "connection", raw: "GET /a HTTP/1.1\r\nHost: h\r\nConnection: keep-alive, X-Hop\r\nX-Hop: 1\r\nTE: trailers\r\n\r\n", want: "GET /a HTTP/1.1\r\nHost: UPSTREAM\r\nTe: trailers\r\n\r\n"},
		{name: "absolute target", raw: "GET http://h/a?b HTTP/1.1\r\nHost: h\r\n\r\n", want: "GET /a?b HTTP/1.1\r\nHost: UPSTREAM\r\n\r\n"},
		{name: "of the server", raw: "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", want: "OPTIONS * HTTP/1.1\r\nHost: UPSTREAM\r\n\r\n"},
		{name: "own method", raw: "FROB /a HTTP/1.1\r\nHost: h\r\n\r\n", want: "FROB /a HTTP/1.1\r\nHost: UPSTREAM\r\n\r\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			heads := make(chan string, 1)
			upstream := provider(t, func(conn net.Conn, in *bufio.Reader) {
				h := head(in)
				body := make([]byte, len(tt.body))
				_, _ = io.ReadFull(in, body)
				heads <- h + string(body)
				_, _ = io.WriteString(conn, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
			})
			r := start(t, &Proxy{Upstream: upstream})
			conn := r.dial(t)
			_, _ = io.WriteString(conn, tt.raw)
			answer := head(bufio.NewReader(conn))
			want := strings.Replace(tt.want, "UPSTREAM", upstream.Host, 1) + tt.body
			select {
			case got := <-heads:
				if got != want {
					t.Errorf("got  %q\nwant %q", got, want)
				}
			default:
				t.Fatalf("the provider got nothing, the consumer was answered %q", answer)
			}
			e := r.next(t)
			if got := string(e.Exchange.Request.Body); got != tt.body || e.Skip != "" || e.Exchange.Unrecorded != 0 {
				t.Errorf("the observer got body %q, %q, %d unseen", got, e.Skip, e.Exchange.Unrecorded)
			}
			if _, length := e.Exchange.Request.Header["Content-Length"]; e.Exchange.Request.Header.Get("Host") != "h" || length != strings.Contains(tt.raw, "Content-Length") {
				t.Errorf("the observer got headers %v", e.Exchange.Request.Header)
			}
		})
	}
}

// TestProxyChunkedRequest tests that a request in chunks reaches the provider whole, and that the observer gets its body and the header that
// announced it.
func TestProxyChunkedRequest(t *testing.T) {
	bodies := make(chan string, 1)
	upstream := provider(t, func(conn net.Conn, in *bufio.Reader) {
		request, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		body, _ := io.ReadAll(request.Body)
		bodies <- string(body) + request.Trailer.Get("X-End")
		_, _ = io.WriteString(conn, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
	})
	r := start(t, &Proxy{Upstream: upstream})
	answer := r.ask(t, "POST /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\nTransfer-Encoding: chunked\r\nTrailer: X-End\r\n\r\n2\r\n{\"\r\n5\r\na\":1}\r\n0\r\nX-End: yes\r\n\r\n")
	const want = `{"a":1}`
	select {
	case got := <-bodies:
		if got != want+"yes" {
			t.Errorf("the provider got %q, want %q and its trailer", got, want)
		}
	default:
		t.Fatalf("the provider got nothing, the consumer was answered %q", answer)
	}
	e := r.next(t)
	if header := e.Exchange.Request.Header["Transfer-Encoding"]; string(e.Exchange.Request.Body) != want || !slices.Equal(header, []string{"chunked"}) || e.Exchange.Unrecorded != 0 {
		t.Errorf("the observer got %q with Transfer-Encoding %q, %d unseen", e.Exchange.Request.Body, header, e.Exchange.Unrecorded)
	}
}

// TestProxyTargets holds that a target reaches the provider and the observer as it was sent.
func TestProxyTargets(t *testing.T) {
	targets := make(chan string, 1)
	upstream := provider(t, func(conn net.Conn, in *bufio.Reader) {
		targets <- strings.Split(head(in), " ")[1]
		_, _ = io.WriteString(conn, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
	})
	for base, list := range map[string][]string{
		"": {
			"/", "/a%2Fb", "/a%2fb", "/a//b/", "//a/b", "//a?b=//c", "//a?", "//a%2Fb", "///", "/a/../b/./c", "/a;b=c", "/a|b\"<>^`{}\\", "/é", "/a#b", "/a?", "/a?b=%zz&c;d&e=f+g%20h", "/a?b?c#d", "/%41", "/a:b@c", "/*",
		},
		"/base%2F1": {"/", "/a%2Fb?c", "//a", "*"},
		"/base/":    {"/a", "//a"},
	} {
		withBase := *upstream
		withBase.Path, withBase.RawPath = strings.ReplaceAll(base, "%2F", "/"), base
		r := start(t, &Proxy{Upstream: &withBase})
		for _, target := range list {
			conn := r.dial(t)
			_, _ = io.WriteString(conn, "GET "+target+" HTTP/1.1\r\nHost: h\r\n\r\n")
			select {
			case got := <-targets:
				want := strings.TrimSuffix(base, "/") + target
				if target == "*" {
					want = target // of the whole server
				}
				if got != want {
					t.Errorf("got %q, want %q", got, want)
				}
				if e := r.next(t); e.Exchange.Request.Target != target || e.Origin != "http://"+upstream.Host {
					t.Errorf("the observer got %q at %s, want %q", e.Exchange.Request.Target, e.Origin, target)
				}
			case <-time.After(patience):
				t.Fatalf("%q did not arrive", target)
			}
		}
	}
}

// TestProxyRefuses holds what is passed to nobody.
func TestProxyRefuses(t *testing.T) {
	asked := make(chan string, 10)
	r := start(t, &Proxy{Upstream: provider(t, func(_ net.Conn, in *bufio.Reader) { asked <- head(in) })})
	for raw, want := range map[string]string{
		"CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n":                               "HTTP/1.1 501 ",
		"GET /%zz HTTP/1.1\r\nHost: h\r\n\r\n":                                        "HTTP/1.1 400 ",
		"GET / HTTP/1.1\r\n\r\n":                                                      "HTTP/1.1 400 ",
		"GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n": "HTTP/1.1 400 ",
		"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nX: " + strings.Repeat("x", http.DefaultMaxHeaderBytes+8192): "HTTP/1.1 431 ",
	} {
		conn := r.dial(t)
		go func() { _, _ = io.WriteString(conn, raw) }()
		if line, _ := bufio.NewReader(conn).ReadString('\n'); !strings.HasPrefix(line, want) {
			t.Errorf("%.40q: got %q, want %q", raw, line, want)
		}
		conn.Close()
	}
	tunnel := r.ask(t, "CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\nConnection: close\r\n\r\n")
	if _, body, _ := strings.Cut(tunnel, "\r\n\r\n"); body != "quotaspec: this proxy makes no tunnels\n" {
		t.Errorf("a tunnel: got %q", tunnel)
	}
	if err := r.stop(); err != nil || len(asked) > 0 || len(r.seen) > 0 {
		t.Errorf("%d requests passed, %d were seen, %v", len(asked), len(r.seen), err)
	}
}

// TestProxyUnreachable holds that an upstream that is down is told to the consumer and not to the judge.
func TestProxyUnreachable(t *testing.T) {
	gone, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone.Close()
	r := start(t, &Proxy{Upstream: &url.URL{Scheme: "http", Host: gone.Addr().String()}})
	got := r.ask(t, "POST /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}")
	if _, body, _ := strings.Cut(got, "\r\n\r\n"); !strings.HasPrefix(got, "HTTP/1.1 502 ") || body != "quotaspec: "+gone.Addr().String()+" cannot be reached\n" {
		t.Errorf("got %q", got)
	}
	if e := r.next(t); e.Skip != NoResponse || e.Exchange.Response.Status != 0 || e.Exchange.Request.Target != "/a" {
		t.Errorf("got %q and status %d", e.Skip, e.Exchange.Response.Status)
	}
}

// TestProxyNumbers holds that every exchange is seen once, by its own answer, however many go over however few connections.
func TestProxyNumbers(t *testing.T) {
	const consumers, each = 20, 25
	upstream := provider(t, func(conn net.Conn, in *bufio.Reader) {
		for {
			request, err := http.ReadRequest(in)
			if err != nil {
				return
			}
			body, _ := io.ReadAll(request.Body)
			answer := append([]byte(request.RequestURI+" "), body...)
			fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(answer), answer)
		}
	})
	r := start(t, &Proxy{Upstream: upstream})
	var group sync.WaitGroup
	for i := range consumers {
		group.Go(func() {
			client := &http.Client{Transport: &http.Transport{}}
			defer client.CloseIdleConnections()
			for k := range each {
				response, err := client.Post(fmt.Sprintf("http://%s/%d/%d", r.address, i, k), "text/plain", strings.NewReader(strings.Repeat("x", i*k)))
				if err != nil {
					t.Error(err)
					return
				}
				_, _ = io.Copy(io.Discard, response.Body)
				response.Body.Close()
			}
		})
	}
	group.Wait()
	if err := r.stop(); err != nil {
		t.Error(err)
	}
	close(r.seen)
	numbers := map[int]bool{}
	for e := range r.seen {
		q := e.Exchange.Request
		if got, want := string(e.Exchange.Response.Body), q.Target+" "+string(q.Body); got != want || e.Skip != "" {
			t.Errorf("got %q, want %q; %s", got, want, e.Skip)
		}
		numbers[e.Number] = true
	}
	if len(numbers) != consumers*each || r.Dropped() != 0 {
		t.Errorf("got %d exchanges and %d dropped, want %d", len(numbers), r.Dropped(), consumers*each)
	}
}

// TestProxyPreflight tests that a browser's own question is told apart, whatever its answer is.
func TestProxyPreflight(t *testing.T) {
	for _, answer := range []string{"HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"} {
		r := start(t, &Proxy{Upstream: provider(t, always(answer))})
		r.ask(t, "OPTIONS /a HTTP/1.1\r\nHost: h\r\nOrigin: http://x\r\nAccess-Control-Request-Method: GET\r\nConnection: close\r\n\r\n")
		if e := r.next(t); e.Skip != Preflight {
			t.Errorf("%q: got %q", answer, e.Skip)
		}
	}
}

// TestProxyRecords holds that what the proxy sees can be written and is read again as the same exchanges.
func TestProxyRecords(t *testing.T) {
	zipped := packed(`{"a":"an-auth-token"}`)
	upstream := provider(t, always(fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s", len(zipped), zipped)))
	var file bytes.Buffer
	w, err := NewWriter(&file, "test", "1")
	if err != nil {
		t.Fatal(err)
	}
	r := start(t, &Proxy{Upstream: upstream, Observe: func(e Entry) {
		if err := w.Write(e); err != nil {
			t.Error(err)
		}
	}})
	r.ask(t, "GET /a?b=an-auth-token HTTP/1.1\r\nHost: h\r\nX-Auth-Token: an-auth-token\r\nConnection: close\r\n\r\n")
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	got := []string{}
	for _, e := range entries(t, file.String()) {
		got = append(got, describe(e))
	}
	want := []string{"GET http://" + upstream.Host + ` /a?b=REDACTED "" -> 200 ""; no credentials; no request; no response body`}
	if diff := cmp.Diff(want, got); diff != "" || strings.Contains(file.String(), "an-auth-token") {
		t.Errorf("%s\n%s", diff, file.String())
	}
}
