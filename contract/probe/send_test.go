package probe_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/probe"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// serve handles each connection to a port of its own, and returns the target.
func serve(t *testing.T, handle func(net.Conn)) probe.Target {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go handle(conn)
		}
	}()
	return probe.Target{URL: &url.URL{Scheme: "http", Host: listener.Addr().String()}, Timeout: time.Minute}
}

// readHead reads a request up to its empty line.
func readHead(conn net.Conn) string {
	r, text := bufio.NewReader(conn), ""
	for !strings.HasSuffix(text, "\r\n\r\n") {
		line, err := r.ReadString('\n')
		if text += line; err != nil {
			break
		}
	}
	return text
}

// respond sends these bytes. With open it leaves the connection to the client to close.
func respond(open bool, parts ...string) func(net.Conn) {
	return func(conn net.Conn) {
		defer conn.Close()
		readHead(conn)
		for _, part := range parts {
			if _, err := io.WriteString(conn, part); err != nil {
				return
			}
		}
		if open {
			_, _ = io.Copy(io.Discard, conn)
		}
	}
}

func plain(method string) probe.Probe {
	return probe.Probe{
		ID: "showThing/plain", Operation: &spec.Operation{ID: "showThing"}, Kind: spec.ValidRequest,
		Request: contract.Request{Method: method, Target: "/things?a=b", Header: http.Header{}},
	}
}

func TestBytesSent(t *testing.T) {
	sent := make(chan string, 1)
	target := serve(t, func(conn net.Conn) {
		defer conn.Close()
		sent <- readHead(conn)
		fmt.Fprint(conn, "HTTP/1.1 204 No Content\r\n\r\n")
	})
	target.URL.Path = "/base path/"
	p := plain("GET")
	content := []*spec.MediaType{{Name: "text/csv; header=present"}, {Name: "application/json"}}
	p.Operation = &spec.Operation{ID: "showThing", Responses: []*spec.Response{{Content: content}}}
	p.Role, p.Request.Target = probe.Reader, "/things/a%2Fb//?a=%zz&b"
	p.Request.Header.Set("X-Probe", "1")
	ex, err := target.Run(context.Background(), p, allPrincipals())
	if err != nil {
		t.Fatal(err)
	}
	want := "GET /base%20path/things/a%2Fb//?a=%zz&b HTTP/1.1\r\nHost: " + target.URL.Host +
		"\r\nAccept: application/json, text/csv\r\nConnection: close\r\nUser-Agent: quotaspec\r\n" +
		"X-Auth-Token: token-of-reader\r\nX-Probe: 1\r\n\r\n"
	if diff := cmp.Diff(want, <-sent); diff != "" {
		t.Errorf("bytes (-want +got):\n%s", diff)
	}
	token := ex.Request.Header.Get("X-Auth-Token")
	if ex.Request.Target != p.Request.Target || token != "token-of-reader" || ex.Probe != p.Kind || ex.Response.Status != 204 {
		t.Errorf("got %+v", ex)
	}
	if len(p.Request.Header) != 1 {
		t.Errorf("the probe was changed: %v", p.Request.Header)
	}
}

// TestResponses checks that a response arrives as it was sent, whether the provider closes the connection or not.
func TestResponses(t *testing.T) {
	big := strings.Repeat("0123456789abcdef", 1<<16)
	const head = "HTTP/1.1 200 OK\r\n\r\n"
	longest := strings.Repeat("x", 20<<20-len(head)) // 20 MiB with its head
	for _, test := range []struct {
		name, method string
		parts        []string
		open         bool
		status       int
		body         string
		framing      []string // ids of the framing errors
	}{
		{name: "closed", method: "GET", parts: []string{"HTTP/1.1 200 OK\r\n\r\nbody"}, status: 200, body: "body"},
		{name: "in pieces", method: "GET", parts: []string{"HTTP/1.1 20", "0 OK\r", "\n\r", "\nbo", "dy"}, status: 200, body: "body"},
		{name: "one megabyte", method: "GET", parts: []string{"HTTP/1.1 200 OK\r\n\r\n", big}, status: 200, body: big},
		{name: "the longest that is read", method: "GET", parts: []string{head, longest}, status: 200, body: longest},
		{
			name: "a byte longer", method: "GET", parts: []string{head, longest, "x"}, status: 200, body: longest + "x",
			framing: []string{"framing/endless"},
		},
		{
			name: "more than announced", method: "GET", parts: []string{"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}more"},
			status: 200, body: "{}more", framing: []string{"framing/content-length"},
		},
		{
			name: "more than announced, later", method: "GET",
			parts: []string{"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", "more"}, open: true, status: 200, body: "{}more",
			framing: []string{"framing/content-length"},
		},
		{
			name: "less than announced", method: "GET", parts: []string{"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{}"},
			status: 200, body: "{}", framing: []string{"framing/content-length"},
		},
		{
			name: "half a head", method: "GET", parts: []string{"HTTP/1.1 200 OK\r\nContent-"}, status: 200,
			framing: []string{"framing/truncated"},
		},
		{
			name: "chunks", method: "GET",
			parts: []string{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"}, status: 200, body: "{}",
		},
		{
			name: "an interim response", method: "GET", parts: []string{"HTTP/1.1 103 Early\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\nbody"},
			status: 200, body: "body",
		},
		{name: "HEAD", method: "HEAD", parts: []string{"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n"}, status: 200},
		{
			name: "HEAD with a body", method: "HEAD", parts: []string{"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"},
			status: 200, body: "{}", framing: []string{"framing/body-forbidden"},
		},

		// Providers that keep the connection open, although the request has Connection: close.
		{
			name: "keep-alive, with a length", method: "GET", parts: []string{"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"},
			open: true, status: 200, body: "{}",
		},
		{
			name: "keep-alive, one megabyte", method: "GET",
			parts: []string{fmt.Sprintf("HTTP/1.1 200 OK\r\ncontent-length:%d\r\n\r\n", len(big)), big}, open: true, status: 200,
			body: big,
		},
		{
			name: "keep-alive, in chunks", method: "GET",
			parts: []string{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"}, open: true, status: 200,
			body: "{}",
		},
		{
			name: "keep-alive, in chunks with trailers", method: "GET",
			parts: []string{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX-T: 1\r\n\r\n"}, open: true,
			status: 200, body: "{}",
		},
		{name: "keep-alive, without a body", method: "GET", parts: []string{"HTTP/1.1 204 No Content\r\n\r\n"}, open: true, status: 204},
		{
			name: "keep-alive, not modified", method: "GET", parts: []string{"HTTP/1.1 304 Not Modified\r\nContent-Length: 20\r\n\r\n"},
			open: true, status: 304,
		},
		{
			name: "keep-alive, not modified with a body", method: "GET",
			parts: []string{"HTTP/1.1 304 Not Modified\r\nContent-Length: 2\r\n\r\n{}"}, open: true, status: 304, body: "{}",
			framing: []string{"framing/body-forbidden"},
		},
		{
			name: "keep-alive, no content with a body", method: "GET", parts: []string{"HTTP/1.1 204 No Content\r\n\r\n{}"}, open: true,
			status: 204, body: "{}", framing: []string{"framing/body-forbidden"},
		},
		{name: "keep-alive, HEAD", method: "HEAD", parts: []string{"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n"}, open: true, status: 200},
		{
			name: "keep-alive, HEAD after an interim response", method: "HEAD",
			parts: []string{"HTTP/1.1 103 Early\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n"}, open: true, status: 200,
		},
		{
			name: "keep-alive, after an interim response", method: "GET",
			parts: []string{"HTTP/1.1 103 Early\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"}, open: true,
			status: 200, body: "{}",
		},
		{
			name: "keep-alive, what looks like the end within a chunk", method: "GET",
			parts: []string{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7\r\nx0\r\n\r\n", "x\r\n0\r\n\r\n"}, open: true,
			status: 200, body: "x0\r\n\r\nx",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			ex, err := serve(t, respond(test.open, test.parts...)).Run(context.Background(), plain(test.method), nil)
			if err != nil {
				t.Fatal(err)
			}
			if ex.Response.Status != test.status || string(ex.Response.Body) != test.body {
				t.Errorf("got status %d and %d bytes %.40q, want %d and %d bytes %.40q",
					ex.Response.Status, len(ex.Response.Body), ex.Response.Body, test.status, len(test.body), test.body)
			}
			if diff := cmp.Diff(test.framing, framing(t, ex)); diff != "" {
				t.Errorf("framing (-want +got):\n%s", diff)
			}
		})
	}
}

// framing lists the ids of the framing errors that the judge finds in the response.
func framing(t *testing.T, ex contract.Exchange) (ids []string) {
	t.Helper()
	judge := judge(t, "things.yaml", `openapi: 3.0.3
info: {title: Things, version: 1.0.0}
paths: {/things: {get: {operationId: showThing, responses: {default: {description: Any.}}}}}
`)
	for _, f := range judge.Check(ex).Findings {
		if strings.HasPrefix(f.ID, "framing/") && f.Side() == contract.Provider {
			ids = append(ids, f.ID)
		}
	}
	return ids
}

// TestNoResponse checks that a missing or incomplete response is an error of Run, or a framing error of the provider.
func TestNoResponse(t *testing.T) {
	for _, test := range []struct {
		name   string
		answer func(net.Conn)
		want   string
	}{
		{name: "never responds", answer: respond(true), want: "framing/no-answer"},
		{name: "closes at once", answer: func(conn net.Conn) { conn.Close() }, want: "framing/no-answer"},
		{name: "closes after reading", answer: respond(false), want: "framing/no-answer"},
		{name: "stops in the head", answer: respond(true, "HTTP/1.1 200 OK\r\n"), want: "framing/unfinished"},
		{name: "stops in the body", answer: respond(true, "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{}"), want: "framing/unfinished"},
		{name: "never ends", answer: func(conn net.Conn) {
			defer conn.Close()
			readHead(conn)
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\n")
			for block := make([]byte, 1<<20); ; {
				if _, err := conn.Write(block); err != nil {
					return
				}
			}
		}, want: "framing/endless"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			target := serve(t, test.answer)
			timeouts := []time.Duration{100 * time.Millisecond, 10 * time.Second} // on a busy machine, half a response may take longer
			if test.want == "framing/endless" {
				timeouts = []time.Duration{time.Minute}
			}
			var ids []string
			for _, target.Timeout = range timeouts {
				ex, err := target.Run(context.Background(), plain("GET"), nil)
				if err != nil {
					return
				}
				if ids = framing(t, ex); slices.Contains(ids, test.want) {
					return
				}
			}
			t.Errorf("got %v, want %s", ids, test.want)
		})
	}
}

func TestRunErrors(t *testing.T) {
	ok := respond(false, "HTTP/1.1 200 OK\r\n\r\n")
	t.Run("no HTTP", func(t *testing.T) {
		ex, err := serve(t, respond(false, "220 mail.example ready\r\n")).Run(context.Background(), plain("GET"), nil)
		if ids := framing(t, ex); err != nil || len(ids) != 1 || ids[0] != contract.NotHTTP {
			t.Errorf("got %v and %v, want %s", ids, err, contract.NotHTTP)
		}
	})
	t.Run("connection refused", func(t *testing.T) {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		address := listener.Addr().String()
		listener.Close()
		target := probe.Target{URL: &url.URL{Scheme: "http", Host: address}, Timeout: time.Second}
		_, err = target.Run(context.Background(), plain("GET"), nil)
		checkError(t, err, probe.ErrUnreachable)
	})
	t.Run("an untrusted certificate", func(t *testing.T) {
		server := httptest.NewUnstartedServer(http.NotFoundHandler())
		server.Config.ErrorLog = log.New(io.Discard, "", 0)
		server.StartTLS()
		defer server.Close()
		u, err := url.Parse(server.URL)
		if err != nil {
			t.Fatal(err)
		}
		_, err = probe.Target{URL: u, Timeout: 5 * time.Second}.Run(context.Background(), plain("GET"), nil)
		checkError(t, err, probe.ErrUnreachable)
	})
	t.Run("cancelled before", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		_, err := serve(t, ok).Run(ctx, plain("GET"), nil)
		checkError(t, err, nil)
	})
	t.Run("cancelled while waiting", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		target := serve(t, func(conn net.Conn) {
			defer conn.Close()
			readHead(conn)
			cancel()
			_, _ = io.Copy(io.Discard, conn)
		})
		_, err := target.Run(ctx, plain("GET"), nil)
		checkError(t, err, nil)
	})
	t.Run("no credentials", func(t *testing.T) {
		none := errors.New("no key")
		p := plain("GET")
		p.Role = probe.Reader
		principals := probe.Principals{probe.Reader: {Authenticate: func(*http.Request) error { return none }}}
		_, err := serve(t, ok).Run(context.Background(), p, principals)
		checkError(t, err, none)
	})
	for name, token := range map[string]string{
		"a line feed after a token": "token\n", "a header in a token": "token\r\nX-Evil: 1", "NUL in a token": "to\x00ken",
	} {
		t.Run(name, func(t *testing.T) {
			p := plain("GET")
			p.Role = probe.Reader
			setToken := func(r *http.Request) error { r.Header.Set("X-Auth-Token", token); return nil }
			_, err := serve(t, ok).Run(context.Background(), p, probe.Principals{probe.Reader: {Authenticate: setToken}})
			checkError(t, err, nil)
			if strings.Contains(fmt.Sprint(err), "token\n") || strings.Contains(fmt.Sprint(err), "Evil") {
				t.Errorf("the error shows the token: %v", err)
			}
		})
	}
}

// checkError checks that an error is one line and wraps kind, if that is not nil.
func checkError(t *testing.T, err, kind error) {
	t.Helper()
	isKind := kind == nil || errors.Is(err, kind)
	if err == nil || !isKind || strings.Contains(err.Error(), "\n") {
		t.Errorf("got %v, want an error of one line (%v)", err, kind)
	}
}

// TestRepeat checks that a Repeat sends two requests on two connections, and returns the first response as Previous,
// with the request that it had.
func TestRepeat(t *testing.T) {
	count := make(chan int, 2)
	count <- 1
	target := serve(t, func(conn net.Conn) {
		defer conn.Close()
		readHead(conn)
		n := <-count
		count <- n + 1
		fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\n\r\n%d", n)
	})
	p := plain("GET")
	p.Kind, p.Role = spec.Repeat, probe.Reader
	renewed := 0
	setToken := func(r *http.Request) error {
		renewed++
		r.Header.Set("X-Auth-Token", fmt.Sprint("token-", renewed))
		return nil
	}
	ex, err := target.Run(context.Background(), p, probe.Principals{probe.Reader: {Authenticate: setToken}})
	if err != nil {
		t.Fatal(err)
	}
	if string(ex.Response.Body) != "2" || ex.Previous == nil || string(ex.Previous.Body) != "1" {
		t.Errorf("got %s after %+v", ex.Response.Body, ex.Previous)
	}
	first, second := ex.PreviousRequest.Header.Get("X-Auth-Token"), ex.Request.Header.Get("X-Auth-Token")
	if first != "token-1" || second != "token-2" {
		t.Errorf("got the tokens %s and %s", first, second)
	}
}
