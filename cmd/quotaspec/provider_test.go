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

// behaviour is how a provider differs from the reference server. The zero value changes nothing.
type behaviour struct {
	change change                                           // alters a response before it is sent
	send   func(conn net.Conn, r *http.Request, raw []byte) // sends the bytes of a response; nil sends them as they are
}

// change alters a response.
type change func(r *http.Request, w *httptest.ResponseRecorder)

// startProvider starts the reference server with a behaviour and returns its URL.
func startProvider(t *testing.T, b behaviour) string {
	t.Helper()
	reference, err := server.New(server.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return startHandler(t, reference, b)
}

// startHandler starts any handler with a behaviour and returns its URL.
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

// relay starts a proxy in front of a server: it forwards each request byte by byte and passes the bytes of the response to
// send. Each connection takes one request.
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
				var request bytes.Buffer
				r, err := http.ReadRequest(bufio.NewReader(io.TeeReader(conn, &request)))
				if err != nil {
					return // verify only checked that the provider is reachable
				}
				if _, err := io.Copy(io.Discard, r.Body); err != nil {
					return
				}
				send(conn, r, exchangeRaw(behind, request.Bytes()))
			})
		}
	})
	t.Cleanup(func() {
		listener.Close()
		open.Wait()
	})
	return listener.Addr().String()
}

// exchangeRaw sends the bytes of a request and returns those of the response.
func exchangeRaw(address string, request []byte) []byte {
	if address == "" {
		return nil // there is no server
	}
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil
	}
	defer conn.Close()
	if _, err := conn.Write(request); err != nil {
		return nil
	}
	raw, _ := io.ReadAll(conn) // probes send Connection: close
	return raw
}

// rewriting changes the bytes of each response.
func rewriting(f func(r *http.Request, raw string) string) behaviour {
	return behaviour{send: func(conn net.Conn, r *http.Request, raw []byte) {
		_, _ = io.WriteString(conn, f(r, string(raw)))
	}}
}

// responding changes each response.
func responding(c change) behaviour { return behaviour{change: c} }

// untilGone waits until the other side closes the connection.
func untilGone(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) }

// isIMS reports whether the request is for IMS.
func isIMS(r *http.Request) bool { return strings.HasPrefix(strings.ToLower(r.URL.Path), "/v1") }

// ims changes the responses of IMS only, so that the findings are about one service.
func ims(c change) behaviour {
	return responding(func(r *http.Request, w *httptest.ResponseRecorder) {
		if isIMS(r) {
			c(r, w)
		}
	})
}

// iam changes the responses of IAM only.
func iam(c change) behaviour {
	return responding(func(r *http.Request, w *httptest.ResponseRecorder) {
		if !isIMS(r) {
			c(r, w)
		}
	})
}

// on changes the responses with a status.
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

// header replaces a header, or removes it if there are no values.
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

// as responds to a request as if it were another one.
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

// quotaspec runs the command in this process. The default timeout of verify is raised, so that results do not depend on the
// load of the machine.
func quotaspec(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	if args[0] == "verify" && !slices.Contains(args, "--timeout") {
		args = slices.Concat(args, []string{"--timeout", "5m"})
	}
	var out, errs bytes.Buffer
	code = run(t.Context(), args, &out, &errs)
	return code, out.String(), errs.String()
}
