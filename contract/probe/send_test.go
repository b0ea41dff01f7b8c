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
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/probe"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// serve answers each connection on a port of its own, and returns the target.
func serve(t *testing.T, answer func(net.Conn)) probe.Target {
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
			go answer(conn)
		}
	}()
	return probe.Target{URL: &url.URL{Scheme: "http", Host: listener.Addr().String()}, Timeout: 5 * time.Second}
}

// ask reads a request up to its empty line.
func ask(conn net.Conn) string {
	r, text := bufio.NewReader(conn), ""
	for !strings.HasSuffix(text, "\r\n\r\n") {
		line, err := r.ReadString('\n')
		if text += line; err != nil {
			break
		}
	}
	return text
}

// saying answers with these bytes; an open connection stays so until the other side closes it.
func saying(open bool, parts ...string) func(net.Conn) {
	return func(conn net.Conn) {
		defer conn.Close()
		ask(conn)
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
	return probe.Probe{ID: "showThing/plain", Operation: &spec.Operation{ID: "showThing"}, Kind: spec.ValidRequest, Request: contract.Request{Method: method, Target: "/things?a=b", Header: http.Header{}}}
}

func TestBytesSent(t *testing.T) {
	sent := make(chan string, 1)
	target := serve(t, func(conn net.Conn) {
		defer conn.Close()
		sent <- ask(conn)
		fmt.Fprint(conn, "HTTP/1.1 204 No Content\r\n\r\n")
	})
	target.URL.Path = "/base path/"
	p := plain("GET")
	content := []*spec.MediaType{{Name: "text/csv; header=present"}, {Name: "application/json"}}
	p.Operation = &spec.Operation{ID: "showThing", Responses: []*spec.Response{{Content: content}}}
	p.Role, p.Request.Target = probe.Reader, "/things/a%2Fb//?a=%zz&b"
	p.Request.Header.Set("X-Probe", "1")
	ex, err := target.Run(context.Background(), p, everybody())
	if err != nil {
		t.Fatal(err)
	}
	want := "GET /base%20path/things/a%2Fb//?a=%zz&b HTTP/1.1\r\nHost: " + target.URL.Host +
		"\r\nAccept: application/json, text/csv\r\nConnection: close\r\nUser-Agent: quotaspec\r\nX-Auth-Token: token-of-reader\r\nX-Probe: 1\r\n\r\n"
	if diff := cmp.Diff(want, <-sent); diff != "" {
		t.Errorf("bytes (-want +got):\n%s", diff)
	}
	if ex.Request.Target != p.Request.Target || ex.Request.Header.Get("X-Auth-Token") != "token-of-reader" || ex.Probe != p.Kind || ex.Response.Status != 204 {
		t.Errorf("got %+v", ex)
	}
	if len(p.Request.Header) != 1 {
		t.Errorf("the probe was changed: %v", p.Request.Header)
	}
}

// TestAnswers holds that an answer arrives as it was sent, whether the provider closes the connection or not.
func TestAnswers(t *testing.T) {
	big := strings.Repeat("0123456789abcdef", 1<<16)
	const head = "HTTP/1.1 200 OK\r\n\r\n"
	longest := strings.Repeat("x", 20<<20-len(head)) // 20 MiB with its head
	for _, test := range []struct {
		name, method string
		parts        []string
		open         bool
		status       int
		body         string
		framing      []string // what the judge says of it
	}{
		{"closed", "GET", []string{"HTTP/1.1 200 OK\r\n\r\nbody"}, false, 200, "body", nil},
		{"in pieces", "GET", []string{"HTTP/1.1 20", "0 OK\r", "\n\r", "\nbo", "dy"}, false, 200, "body", nil},
		{"one megabyte", "GET", []string{"HTTP/1.1 200 OK\r\n\r\n", big}, false, 200, big, nil},
		{"the longest that is read", "GET", []string{head, longest}, false, 200, longest, nil},
		{"a byte longer", "GET", []string{head, longest, "x"}, false, 200, longest + "x", []string{"framing/endless"}},
		{"more than announced", "GET", []string{"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}more"}, false, 200, "{}more", []string{"framing/content-length"}},
		{"more than announced, later", "GET", []string{"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", "more"}, true, 200, "{}more", []string{"framing/content-length"}},
		{"less than announced", "GET", []string{"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{}"}, false, 200, "{}", []string{"framing/content-length"}},
		{"half a head", "GET", []string{"HTTP/1.1 200 OK\r\nContent-"}, false, 200, "", []string{"framing/truncated"}},
		{"chunks", "GET", []string{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"}, false, 200, "{}", nil},
		{"an interim answer", "GET", []string{"HTTP/1.1 103 Early\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\nbody"}, false, 200, "body", nil},
		{"HEAD", "HEAD", []string{"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n"}, false, 200, "", nil},
		{"HEAD with a body", "HEAD", []string{"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"}, false, 200, "{}", []string{"framing/body-forbidden"}},

		// Providers that keep the connection, although they were asked to close it.
		{"kept, with a length", "GET", []string{"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"}, true, 200, "{}", nil},
		{"kept, one megabyte", "GET", []string{fmt.Sprintf("HTTP/1.1 200 OK\r\ncontent-length:%d\r\n\r\n", len(big)), big}, true, 200, big, nil},
		{"kept, in chunks", "GET", []string{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"}, true, 200, "{}", nil},
		{"kept, in chunks with trailers", "GET", []string{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX-T: 1\r\n\r\n"}, true, 200, "{}", nil},
		{"kept, without a body", "GET", []string{"HTTP/1.1 204 No Content\r\n\r\n"}, true, 204, "", nil},
		{"kept, not modified", "GET", []string{"HTTP/1.1 304 Not Modified\r\nContent-Length: 20\r\n\r\n"}, true, 304, "", nil},
		{"kept, not modified with a body", "GET", []string{"HTTP/1.1 304 Not Modified\r\nContent-Length: 2\r\n\r\n{}"}, true, 304, "{}", []string{"framing/body-forbidden"}},
		{"kept, no content with a body", "GET", []string{"HTTP/1.1 204 No Content\r\n\r\n{}"}, true, 204, "{}", []string{"framing/body-forbidden"}},
		{"kept, HEAD", "HEAD", []string{"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n"}, true, 200, "", nil},
		{"kept, HEAD after an interim answer", "HEAD", []string{"HTTP/1.1 103 Early\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n"}, true, 200, "", nil},
		{"kept, after an interim answer", "GET", []string{"HTTP/1.1 103 Early\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"}, true, 200, "{}", nil},
		{"kept, what looks like the end within a chunk", "GET", []string{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7\r\nx0\r\n\r\n", "x\r\n0\r\n\r\n"}, true, 200, "x0\r\n\r\nx", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			ex, err := serve(t, saying(test.open, test.parts...)).Run(context.Background(), plain(test.method), nil)
			if err != nil {
				t.Fatal(err)
			}
			if ex.Response.Status != test.status || string(ex.Response.Body) != test.body {
				t.Errorf("got status %d and %d bytes %.40q, want %d and %d bytes %.40q", ex.Response.Status, len(ex.Response.Body), ex.Response.Body, test.status, len(test.body), test.body)
			}
			if diff := cmp.Diff(test.framing, framing(t, ex)); diff != "" {
				t.Errorf("framing (-want +got):\n%s", diff)
			}
		})
	}
}

// framing is what the judge says of HTTP itself.
func framing(t *testing.T, ex contract.Exchange) (ids []string) {
	t.Helper()
	judge := judge(t, "things.yaml", "openapi: 3.0.3\ninfo: {title: Things, version: 1.0.0}\npaths:\n  /things:\n    get:\n      operationId: showThing\n      responses: {default: {description: Any.}}\n")
	for _, d := range judge.Check(ex).Findings {
		if strings.HasPrefix(d.ID, "framing/") && !d.Request() {
			ids = append(ids, d.ID)
		}
	}
	return ids
}

// TestNoAnswer holds that nothing is not taken for an answer: either there is an error, or the judge blames the provider.
func TestNoAnswer(t *testing.T) {
	for _, test := range []struct {
		name   string
		answer func(net.Conn)
		want   string
	}{
		{"never answers", saying(true), "framing/no-answer"},
		{"closes at once", func(conn net.Conn) { conn.Close() }, "framing/no-answer"},
		{"closes after reading", saying(false), "framing/no-answer"},
		{"stops in the head", saying(true, "HTTP/1.1 200 OK\r\n"), "framing/unfinished"},
		{"stops in the body", saying(true, "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{}"), "framing/unfinished"},
		{"never ends", func(conn net.Conn) {
			defer conn.Close()
			ask(conn)
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\n")
			for block := make([]byte, 1<<20); ; {
				if _, err := conn.Write(block); err != nil {
					return
				}
			}
		}, "framing/endless"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			target := serve(t, test.answer)
			if test.want != "framing/endless" {
				target.Timeout = 100 * time.Millisecond
			}
			ex, err := target.Run(context.Background(), plain("GET"), nil)
			if err != nil {
				return
			}
			ids := framing(t, ex)
			if len(ids) == 0 || ids[0] != test.want && ids[len(ids)-1] != test.want {
				t.Errorf("got status %d, %d bytes and %v, want %s", ex.Response.Status, len(ex.Response.Body), ids, test.want)
			}
		})
	}
}

func TestRunErrors(t *testing.T) {
	answering := saying(false, "HTTP/1.1 200 OK\r\n\r\n")
	t.Run("no HTTP", func(t *testing.T) {
		ex, err := serve(t, saying(false, "220 mail.example ready\r\n")).Run(context.Background(), plain("GET"), nil)
		if ids := framing(t, ex); err != nil || len(ids) != 1 || ids[0] != contract.NotHTTP {
			t.Errorf("got %v and %v, want %s", ids, err, contract.NotHTTP)
		}
	})
	t.Run("nobody listens", func(t *testing.T) {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		address := listener.Addr().String()
		listener.Close()
		target := probe.Target{URL: &url.URL{Scheme: "http", Host: address}, Timeout: time.Second}
		_, err = target.Run(context.Background(), plain("GET"), nil)
		wantError(t, err, probe.ErrUnreachable)
	})
	t.Run("no TLS that can be trusted", func(t *testing.T) {
		server := httptest.NewUnstartedServer(http.NotFoundHandler())
		server.Config.ErrorLog = log.New(io.Discard, "", 0)
		server.StartTLS()
		defer server.Close()
		u, err := url.Parse(server.URL)
		if err != nil {
			t.Fatal(err)
		}
		_, err = probe.Target{URL: u, Timeout: 5 * time.Second}.Run(context.Background(), plain("GET"), nil)
		wantError(t, err, probe.ErrUnreachable)
	})
	t.Run("stopped before", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		_, err := serve(t, answering).Run(ctx, plain("GET"), nil)
		wantError(t, err, nil)
	})
	t.Run("stopped while waiting", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		target := serve(t, func(conn net.Conn) {
			defer conn.Close()
			ask(conn)
			cancel()
			_, _ = io.Copy(io.Discard, conn)
		})
		_, err := target.Run(ctx, plain("GET"), nil)
		wantError(t, err, nil)
	})
	t.Run("no credentials to be had", func(t *testing.T) {
		none := errors.New("no key")
		p := plain("GET")
		p.Role = probe.Reader
		_, err := serve(t, answering).Run(context.Background(), p, probe.Principals{probe.Reader: {Authenticate: func(*http.Request) error { return none }}})
		wantError(t, err, none)
	})
	for name, token := range map[string]string{"a line feed behind a token": "token\n", "a header within a token": "token\r\nX-Evil: 1", "NUL in a token": "to\x00ken"} {
		t.Run(name, func(t *testing.T) {
			p := plain("GET")
			p.Role = probe.Reader
			_, err := serve(t, answering).Run(context.Background(), p, probe.Principals{probe.Reader: {Authenticate: func(r *http.Request) error { r.Header.Set("X-Auth-Token", token); return nil }}})
			wantError(t, err, nil)
			if strings.Contains(fmt.Sprint(err), "token\n") || strings.Contains(fmt.Sprint(err), "Evil") {
				t.Errorf("the error shows the token: %v", err)
			}
		})
	}
}

// wantError wants an error of one line, of a kind if one is named.
func wantError(t *testing.T, err, kind error) {
	t.Helper()
	if err == nil || kind != nil && !errors.Is(err, kind) || strings.Contains(err.Error(), "\n") {
		t.Errorf("got %v, want an error of one line (%v)", err, kind)
	}
}

// TestRepeat holds that asking twice is asking twice: two connections, and the first answer beside the second.
func TestRepeat(t *testing.T) {
	count := make(chan int, 2)
	count <- 1
	target := serve(t, func(conn net.Conn) {
		defer conn.Close()
		ask(conn)
		n := <-count
		count <- n + 1
		fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\n\r\n%d", n)
	})
	p := plain("GET")
	p.Kind = spec.Repeat
	ex, err := target.Run(context.Background(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	if string(ex.Response.Body) != "2" || ex.Previous == nil || string(ex.Previous.Body) != "1" {
		t.Errorf("got %s after %+v", ex.Response.Body, ex.Previous)
	}
}
