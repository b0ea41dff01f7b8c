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

// TestProxyResponses tests that the consumer gets what the provider sent, and the observer every byte of it.
func TestProxyResponses(t *testing.T) {
	zipped := string(packed(`{"a":1}`))
	for _, tt := range []struct {
		name, method, raw, want string
		skip                    Reason
	}{
		{name: "plain", raw: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"},
		{
			name: "doubled headers",
			raw:  "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nX-A: 2\r\nX-A: 1\r\n\r\n{}",
		},
		{
			name: "doubled types",
			raw:  "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: text/html\r\nContent-Type: application/json\r\n\r\n{}",
		},
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
		{name: "another protocol", raw: "SSH-2.0-OpenSSH_9.2\r\n", want: "HTTP/1.1 502 Bad Gateway\r\n", skip: NotHTTP},
		{name: "nothing", raw: "", want: "HTTP/1.1 502 Bad Gateway\r\n"},
		{
			name: "hints only", raw: "HTTP/1.1 103 Early Hints\r\n\r\n", want: "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 502 Bad Gateway\r\n",
			skip: NotHTTP,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := start(t, &Proxy{Upstream: provider(t, always(tt.raw))})
			method := tt.method
			if method == "" {
				method = http.MethodGet
			}
			got := r.send(t, method+" /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
			got = strings.Replace(got, "Connection: close\r\n", "", 1)
			want := tt.want
			if want == "" {
				want = tt.raw
			}
			if strings.HasSuffix(want, "502 Bad Gateway\r\n") { // by the proxy: compare the first line and the body
				ours := "\r\nquotaspec: " + r.Upstream.Host + " sent no response that can be forwarded\n"
				if strings.HasPrefix(got, want) && strings.HasSuffix(got, ours) {
					got = want
				}
			}
			if got != want {
				t.Errorf("got  %q\nwant %q", got, want)
			}
			e := r.next(t)
			if e.Skip != tt.skip || e.Exchange.Unrecorded != 0 {
				t.Errorf("got %q and %d unrecorded, want %q", e.Skip, e.Exchange.Unrecorded, tt.skip)
			}
			response, err := contract.ParseResponse([]byte(tt.raw))
			if tt.raw == "" {
				err = nil
				response.AddFramingError(contract.NoResponse, "the connection closed")
			}
			isSame := err == nil && reflect.DeepEqual(e.Exchange.Response, response)
			if tt.skip == "" && !isSame {
				t.Errorf("the observer got %+v, want %+v, %v", e.Exchange.Response, response, err)
			}
		})
	}
}

// TestProxyRequests tests that the provider gets what the consumer sent.
func TestProxyRequests(t *testing.T) {
	for _, tt := range []struct{ name, raw, want, body string }{
		{
			name: "headers",
			raw: "GET /a HTTP/1.1\r\nHost: h\r\nX-A: 2\r\nX-A: 1\r\nX-Forwarded-For: me\r\nX-Forwarded-Host: b\r\nX-Forwarded-Proto: " +
				"c\r\nForwarded: for=me\r\n\r\n",
			want: "GET /a HTTP/1.1\r\nHost: UPSTREAM\r\nForwarded: for=me\r\nX-A: 2\r\nX-A: 1\r\nX-Forwarded-For: me\r\nX-Forwarded-Host: " +
				"b\r\nX-Forwarded-Proto: c\r\n\r\n",
		},
		{
			name: "body", raw: "PUT /a HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\n\x00\xff{}",
			want: "PUT /a HTTP/1.1\r\nHost: UPSTREAM\r\nContent-Length: 4\r\n\r\n", body: "\x00\xff{}",
		},
		{
			name: "empty body", raw: "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n",
			want: "POST /a HTTP/1.1\r\nHost: UPSTREAM\r\nContent-Length: 0\r\n\r\n",
		},
		{
			name: "connection", raw: "GET /a HTTP/1.1\r\nHost: h\r\nConnection: keep-alive, X-Hop\r\nX-Hop: 1\r\nTE: trailers\r\n\r\n",
			want: "GET /a HTTP/1.1\r\nHost: UPSTREAM\r\nTe: trailers\r\n\r\n",
		},
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
			response := head(bufio.NewReader(conn))
			want := strings.Replace(tt.want, "UPSTREAM", upstream.Host, 1) + tt.body
			select {
			case got := <-heads:
				if got != want {
					t.Errorf("got  %q\nwant %q", got, want)
				}
			default:
				t.Fatalf("the provider got nothing, the consumer got %q", response)
			}
			e := r.next(t)
			if got := string(e.Exchange.Request.Body); got != tt.body || e.Skip != "" || e.Exchange.Unrecorded != 0 {
				t.Errorf("the observer got body %q, %q, %d unrecorded", got, e.Skip, e.Exchange.Unrecorded)
			}
			if _, length := e.Exchange.Request.Header["Content-Length"]; e.Exchange.Request.Header.Get("Host") != "h" ||
				length != strings.Contains(tt.raw, "Content-Length") {
				t.Errorf("the observer got headers %v", e.Exchange.Request.Header)
			}
		})
	}
}

// TestProxyChunkedRequest tests that a request in chunks reaches the provider whole, and that the observer gets its body and its
// Transfer-Encoding.
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
	response := r.send(t, "POST /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\nTransfer-Encoding: chunked\r\nTrailer: "+
		"X-End\r\n\r\n2\r\n{\"\r\n5\r\na\":1}\r\n0\r\nX-End: yes\r\n\r\n")
	const want = `{"a":1}`
	select {
	case got := <-bodies:
		if got != want+"yes" {
			t.Errorf("the provider got %q, want %q and its trailer", got, want)
		}
	default:
		t.Fatalf("the provider got nothing, the consumer got %q", response)
	}
	e := r.next(t)
	if header := e.Exchange.Request.Header["Transfer-Encoding"]; string(e.Exchange.Request.Body) != want ||
		!slices.Equal(header, []string{"chunked"}) || e.Exchange.Unrecorded != 0 {
		t.Errorf("the observer got %q with Transfer-Encoding %q, %d unrecorded", e.Exchange.Request.Body, header, e.Exchange.Unrecorded)
	}
}

// TestProxyTargets tests that a target reaches the provider and the observer as it was sent.
func TestProxyTargets(t *testing.T) {
	targets := make(chan string, 1)
	upstream := provider(t, func(conn net.Conn, in *bufio.Reader) {
		targets <- strings.Split(head(in), " ")[1]
		_, _ = io.WriteString(conn, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
	})
	for base, list := range map[string][]string{
		"": {
			"/", "/a%2Fb", "/a%2fb", "/a//b/", "//a/b", "//a?b=//c", "//a?", "//a%2Fb", "///", "/a/../b/./c", "/a;b=c", "/a|b\"<>^`{}\\", "/é",
			"/a#b", "/a?", "/a?b=%zz&c;d&e=f+g%20h", "/a?b?c#d", "/%41", "/a:b@c", "/*",
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

// TestProxyRefuses tests which requests the proxy refuses itself and does not forward.
func TestProxyRefuses(t *testing.T) {
	forwarded := make(chan string, 10)
	r := start(t, &Proxy{Upstream: provider(t, func(_ net.Conn, in *bufio.Reader) { forwarded <- head(in) })})
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
	tunnel := r.send(t, "CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\nConnection: close\r\n\r\n")
	if _, body, _ := strings.Cut(tunnel, "\r\n\r\n"); body != "quotaspec: this proxy makes no tunnels\n" {
		t.Errorf("a tunnel: got %q", tunnel)
	}
	if err := r.stop(); err != nil || len(forwarded) > 0 || len(r.observed) > 0 {
		t.Errorf("%d requests were forwarded, %d observed, %v", len(forwarded), len(r.observed), err)
	}
}

// TestProxyUnreachable tests that the consumer gets an error if the upstream is down, and that the exchange is not judged.
func TestProxyUnreachable(t *testing.T) {
	gone, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone.Close()
	r := start(t, &Proxy{Upstream: &url.URL{Scheme: "http", Host: gone.Addr().String()}})
	got := r.send(t, "POST /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}")
	if _, body, _ := strings.Cut(got, "\r\n\r\n"); !strings.HasPrefix(got, "HTTP/1.1 502 ") ||
		body != "quotaspec: "+gone.Addr().String()+" cannot be reached\n" {
		t.Errorf("got %q", got)
	}
	if e := r.next(t); e.Skip != NoResponse || e.Exchange.Response.Status != 0 || e.Exchange.Request.Target != "/a" {
		t.Errorf("got %q and status %d", e.Skip, e.Exchange.Response.Status)
	}
}

// TestProxyNumbers tests that every exchange is observed once, with its own response, however many share a connection.
func TestProxyNumbers(t *testing.T) {
	const consumers, each = 20, 25
	upstream := provider(t, func(conn net.Conn, in *bufio.Reader) {
		for {
			request, err := http.ReadRequest(in)
			if err != nil {
				return
			}
			body, _ := io.ReadAll(request.Body)
			content := append([]byte(request.RequestURI+" "), body...)
			fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(content), content)
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
	close(r.observed)
	numbers := map[int]bool{}
	for e := range r.observed {
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

// TestProxyPreflight tests that a browser's preflight is recognized, whatever the response.
func TestProxyPreflight(t *testing.T) {
	for _, status := range []string{"204 No Content", "200 OK", "403 Forbidden"} {
		r := start(t, &Proxy{Upstream: provider(t, always("HTTP/1.1 "+status+"\r\nContent-Length: 0\r\n\r\n"))})
		r.send(t, "OPTIONS /a HTTP/1.1\r\nHost: h\r\nOrigin: http://x\r\nAccess-Control-Request-Method: GET\r\nConnection: close\r\n\r\n")
		if e := r.next(t); e.Skip != Preflight {
			t.Errorf("%s: got %q", status, e.Skip)
		}
	}
}

// TestProxyRecords tests that observed exchanges can be written as HAR and read back.
func TestProxyRecords(t *testing.T) {
	zipped := packed(`{"a":"an-auth-token"}`)
	upstream := provider(t, always(fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: "+
		"gzip\r\nContent-Length: %d\r\n\r\n%s", len(zipped), zipped)))
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
	r.send(t, "GET /a?b=an-auth-token HTTP/1.1\r\nHost: h\r\nX-Auth-Token: an-auth-token\r\nConnection: close\r\n\r\n")
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
	want := []string{"GET http://" + upstream.Host + ` /a?b=REDACTED "" -> 200 ""; no credentials; no secrets; no response body`}
	if diff := cmp.Diff(want, got); diff != "" || strings.Contains(file.String(), "an-auth-token") {
		t.Errorf("%s\n%s", diff, file.String())
	}
}
