package main

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/quotaspec/quotaspec/server"
)

// behaviour is what a provider does that the reference server does not. The zero value changes nothing.
type behaviour struct {
	change change                                           // alters a response before it is sent
	send   func(conn net.Conn, r *http.Request, raw []byte) // sends the bytes of a response; nil sends them as they are
}

// change alters what a provider answers.
type change func(r *http.Request, w *httptest.ResponseRecorder)

// brokenProvider is the reference server with a behaviour of its own, on a real socket. It returns the URL.
func startProvider(t *testing.T, b behaviour) string {
	t.Helper()
	reference, err := server.New(server.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return startHandler(t, reference, b)
}

// serveHandler serves any handler with a behaviour.
func startHandler(t *testing.T, handler http.Handler, b behaviour) string {
	t.Helper()
	behind := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, r)
		if b.change != nil {
			b.change(r, recorder)
		}
		for name, values := range recorder.Header() {
			if name != "Content-Length" {
				w.Header()[name] = values
			}
		}
		w.WriteHeader(recorder.Code)
		_, _ = w.Write(recorder.Body.Bytes())
	}))
	t.Cleanup(behind.Close)
	if b.send == nil {
		return behind.URL
	}
	return "http://" + relay(t, behind.Listener.Addr().String(), b.send)
}

// relay stands in front of a server: it passes requests on byte by byte and hands the bytes of each answer to send. Each
// connection takes one request.
func relay(t *testing.T, behind string, send func(conn net.Conn, r *http.Request, raw []byte)) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var open sync.WaitGroup
	open.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			open.Go(func() {
				defer conn.Close()
				var asked bytes.Buffer
				r, err := http.ReadRequest(bufio.NewReader(io.TeeReader(conn, &asked)))
				if err != nil {
					return // somebody only looked whether anybody is there
				}
				if _, err := io.Copy(io.Discard, r.Body); err != nil {
					return
				}
				send(conn, r, exchangeRaw(behind, asked.Bytes()))
			})
		}
	})
	t.Cleanup(func() {
		listener.Close()
		open.Wait()
	})
	return listener.Addr().String()
}

// exchangeRaw sends the bytes of a request and returns those of the answer.
func exchangeRaw(address string, asked []byte) []byte {
	if address == "" {
		return nil // nobody stands behind
	}
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil
	}
	defer conn.Close()
	if _, err := conn.Write(asked); err != nil {
		return nil
	}
	raw, _ := io.ReadAll(conn) // probes ask for the connection to be closed
	return raw
}

// rewriting sends other bytes.
func rewriting(f func(r *http.Request, raw string) string) behaviour {
	return behaviour{send: func(conn net.Conn, r *http.Request, raw []byte) {
		_, _ = io.WriteString(conn, f(r, string(raw)))
	}}
}

// answering alters answers.
func responding(c change) behaviour { return behaviour{change: c} }

// untilGone waits for the other side to close.
func untilGone(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) }

// isIMS says which of the two services is asked.
func isIMS(r *http.Request) bool { return strings.HasPrefix(strings.ToLower(r.URL.Path), "/v1") }

// ims alters the answers of one service only, so that a fault shows alone.
func ims(c change) behaviour {
	return responding(func(r *http.Request, w *httptest.ResponseRecorder) {
		if isIMS(r) {
			c(r, w)
		}
	})
}

// iam alters the answers of the other service.
func iam(c change) behaviour {
	return responding(func(r *http.Request, w *httptest.ResponseRecorder) {
		if !isIMS(r) {
			c(r, w)
		}
	})
}

// on alters the answers that have a status.
func on(status int, c change) change {
	return func(r *http.Request, w *httptest.ResponseRecorder) {
		if w.Code == status {
			c(r, w)
		}
	}
}

// body replaces text in the body.
func body(old, replacement string) change {
	return func(_ *http.Request, w *httptest.ResponseRecorder) {
		w.Body = bytes.NewBufferString(strings.ReplaceAll(w.Body.String(), old, replacement))
	}
}

// whole replaces the body.
func whole(text string) change {
	return func(_ *http.Request, w *httptest.ResponseRecorder) { w.Body = bytes.NewBufferString(text) }
}

// status replaces the status.
func status(code int) change {
	return func(_ *http.Request, w *httptest.ResponseRecorder) { w.Code = code }
}

// header replaces a header; without values it is left out.
func header(name string, values ...string) change {
	return func(_ *http.Request, w *httptest.ResponseRecorder) { w.Header()[name] = values }
}

// all makes several changes.
func all(changes ...change) change {
	return func(r *http.Request, w *httptest.ResponseRecorder) {
		for _, c := range changes {
			c(r, w)
		}
	}
}

// as answers a request as if it had been another.
func as(t *testing.T, when func(*http.Request) bool, alter func(*http.Request)) change {
	t.Helper()
	reference, err := server.New(server.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return func(r *http.Request, w *httptest.ResponseRecorder) {
		if !when(r) {
			return
		}
		other := r.Clone(r.Context())
		alter(other)
		*w = *httptest.NewRecorder()
		reference.ServeHTTP(w, other)
	}
}

// quotaspec runs the command in this process. What verify takes for no answer in time must not depend on the machine's load.
func quotaspec(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	if args[0] == "verify" && !slices.Contains(args, "--timeout") {
		args = slices.Concat(args, []string{"--timeout", "5m"})
	}
	var out, errs bytes.Buffer
	code = run(t.Context(), args, &out, &errs)
	return code, out.String(), errs.String()
}
