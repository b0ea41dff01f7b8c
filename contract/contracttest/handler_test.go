package contracttest_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/contracttest"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

const jsonType = "application/json"

// TestHandler checks which responses of a handler fail its test, over a socket.
func TestHandler(t *testing.T) {
	for _, test := range []struct {
		name         string
		method, path string
		body         string
		handler      http.HandlerFunc
		options      []contracttest.Option
		want         []string
	}{
		{name: "all is well", method: "GET", path: "/pets/7", handler: reply(200, jsonType, `{"name":"Rex"}`)},
		{name: "with the base path", method: "GET", path: "/v1/pets/7", handler: reply(200, jsonType, `{"name":"Rex"}`)},
		{
			name: "a member of another type", method: "GET", path: "/pets/7", handler: reply(200, jsonType, `{"name":7}`),
			want: []string{"GET /pets/7: 200" + wrongName},
		},
		{
			name: "an undocumented body of a 404", method: "GET", path: "/pets/7", handler: http.NotFound,
			want: []string{"GET /pets/7: 404: body/undocumented at /response/body: want no body, got 19 bytes " +
				"(undocumented, testdata/pets.yaml:31)"},
		},
		{
			name: "an undocumented status", method: "GET", path: "/pets/7", handler: reply(403, "", ""),
			want: []string{"GET /pets/7: 403: status/undocumented at /response/status: want one of 200, 404, got 403 " +
				"(documented, testdata/pets.yaml:27)"},
		},
		{
			name: "an implicit status and media type", method: "GET", path: "/pets/7",
			handler: func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"name":"Rex"}`) },
			want: []string{"GET /pets/7: 200: media-type/undocumented at /response/headers/content-type: want application/json, " +
				"got text/plain (documented, testdata/pets.yaml:30)"},
		},
		{name: "a wrong request is not the provider's", method: "POST", path: "/pets", body: `{}`, handler: reply(400, "text/plain", "no")},
		{
			name: "a wrong request of a consumer", method: "GET", path: "/pets?limit=900&x=1", handler: reply(200, jsonType, `[]`),
			options: []contracttest.Option{contracttest.Side(contract.Consumer)},
			want: []string{
				"GET /pets?limit=900&x=1: 200: parameter/maximum at /request/query/limit: want at most 100, got \"900\" " +
					"(documented, testdata/pets.yaml:9)",
				"GET /pets?limit=900&x=1: 200: parameter/undocumented at /request/query/x: want no such parameter, got \"1\" " +
					"(undocumented, testdata/pets.yaml:6)",
			},
		},
		{
			name: "a path that is almost documented", method: "GET", path: "/pet", handler: reply(404, "", ""),
			want: []string{"GET /pet: 404: path/near-miss at /request/path: want the path /pets, got /pet (documented, testdata/pets.yaml:5)"},
		},
		{
			name: "an unknown path", method: "GET", path: "/pets/7/owner", handler: reply(200, "", ""),
			want: []string{"GET /pets/7/owner: 200: the document has no such path; it has /pets (testdata/pets.yaml), " +
				"/pets/{id} (testdata/pets.yaml)"},
		},
		{
			name: "a path like none", method: "GET", path: "/healthz", handler: reply(200, "", ""),
			want: []string{"GET /healthz: 200: the document has no such path, nor one like it (testdata/pets.yaml)"},
		},
		{
			name: "an unknown path, ignored", method: "GET", path: "/healthz?x=1", handler: reply(200, "", ""),
			options: []contracttest.Option{contracttest.Ignore("/debug/*", "/health*")},
		},
		{
			name: "an undocumented method that is served", method: "PUT", path: "/pets/7", handler: reply(204, "", ""),
			want: []string{"PUT /pets/7: 204: method/undocumented at /request/method: want DELETE or GET, got PUT " +
				"(documented, testdata/pets.yaml:22)"},
		},
		{name: "an undocumented method that is refused", method: "PATCH", path: "/pets/7", handler: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Allow", "GET")
			w.WriteHeader(405)
		}},
		{name: "HEAD", method: "HEAD", path: "/pets/7", handler: reply(200, jsonType, `{"name":"Rex"}`)},
		{name: "204 with bytes that net/http drops", method: "DELETE", path: "/pets/7", handler: reply(204, "", "gone")},
		{
			name: "an undocumented header", method: "DELETE", path: "/pets/7", handler: func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("X-Odd", "1")
				w.WriteHeader(204)
			},
		},
		{
			name: "an undocumented header, strictly", method: "DELETE", path: "/pets/7", handler: func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("X-Odd", "1")
				w.WriteHeader(204)
				w.Header().Set("X-Late", "1")
			},
			options: []contracttest.Option{contracttest.FailOn(spec.Undocumented)},
			want: []string{"DELETE /pets/7: 204: header/undocumented at /response/headers/x-odd: want no such header, got 1 " +
				"(undocumented, testdata/pets.yaml:37)"},
		},
		{
			name: "tolerated", method: "GET", path: "/pets/7", handler: reply(200, jsonType, `{"name":7}`),
			options: []contracttest.Option{contracttest.Tolerate("schema/*", "/response/body/name")},
		},
		{
			name: "tolerated elsewhere", method: "GET", path: "/pets/7", handler: reply(200, jsonType, `{"name":7}`),
			options: []contracttest.Option{contracttest.Tolerate("schema/*", "/response/body/age")},
			want:    []string{"GET /pets/7: 200" + wrongName},
		},
		{
			name: "an interim response", method: "DELETE", path: "/pets/7", handler: func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(http.StatusEarlyHints)
				w.WriteHeader(204)
			},
		},
		{
			name: "a secret in the query", method: "GET", path: "/pets/7?token=s3cr3t", handler: reply(403, "", ""),
			want: []string{"GET /pets/7?token=REDACTED: 403: status/undocumented at /response/status: want one of 200, 404, got 403 " +
				"(documented, testdata/pets.yaml:27)"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			check, r := start(t, test.options...)
			call(t, http.DefaultClient, test.method, serve(t, check.Handler(test.handler))+test.path, test.body)
			r.wantErrors(t, test.want...)
		})
	}
}

// TestHandlerReadsBody checks the body of a request by how much of it the handler reads.
func TestHandlerReadsBody(t *testing.T) {
	const wrong = "POST /pets: 201: schema/type at /request/body/name: want type string, got number 7 (documented, testdata/pets.yaml:55)"
	for _, test := range []struct {
		name      string
		read      func(io.Reader) error
		isChunked bool
		want      []string
	}{
		{name: "all", read: func(r io.Reader) error { _, err := io.ReadAll(r); return err }, want: []string{wrong}},
		{name: "one value", read: func(r io.Reader) error { return json.NewDecoder(r).Decode(&struct{}{}) }, want: []string{wrong}},
		{
			name: "one value of a chunked body", isChunked: true,
			read: func(r io.Reader) error { return json.NewDecoder(r).Decode(&struct{}{}) }, want: []string{wrong},
		},
		{name: "nothing", read: func(io.Reader) error { return nil }},
		{name: "a part", read: func(r io.Reader) error { _, err := io.ReadFull(r, make([]byte, 5)); return err }},
	} {
		t.Run(test.name, func(t *testing.T) {
			check, r := start(t, contracttest.Side(contract.Both))
			url := serve(t, check.Handler(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
				if err := test.read(req.Body); err != nil {
					t.Error(err)
				}
				w.WriteHeader(201)
			})))
			var body io.Reader = strings.NewReader(`{"name":7}`)
			if test.isChunked {
				body = io.MultiReader(body)
			}
			resp, err := http.Post(url+"/pets", jsonType, body)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			r.wantErrors(t, test.want...)
		})
	}
}

// TestHandlerStreams checks that an event is with the consumer before the handler writes the next one, by each way to flush.
func TestHandlerStreams(t *testing.T) {
	for name, flush := range map[string]func(http.ResponseWriter){
		"Flusher":    func(w http.ResponseWriter) { w.(http.Flusher).Flush() },
		"controller": func(w http.ResponseWriter) { _ = http.NewResponseController(w).Flush() },
	} {
		t.Run(name, func(t *testing.T) {
			check, r := start(t)
			next := make(chan bool)
			url := serve(t, check.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/event-stream")
				for _, event := range []string{`{}`, `[]`} {
					fmt.Fprintf(w, "data: %s\n\n", event)
					flush(w)
					<-next
				}
			})))
			resp, err := http.Get(url + "/events")
			if err != nil {
				t.Fatal(err)
			}
			lines := bufio.NewReader(resp.Body)
			for _, want := range []string{"data: {}\n", "\n", "data: []\n", "\n"} {
				if got, err := lines.ReadString('\n'); err != nil || got != want {
					t.Fatalf("got %q, %v, want %q", got, err, want)
				}
				if want == "\n" {
					next <- true
				}
			}
			_, _ = io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
			r.end()
			if len(r.errors) != 0 && !strings.Contains(r.errors[0], "/response/body/1") {
				t.Errorf("got %q", r.errors)
			}
		})
	}
}

// TestHandlerCan checks that a wrapped ResponseWriter can do what the one within can, and no more.
func TestHandlerCan(t *testing.T) {
	check, r := start(t)
	can := func(w http.ResponseWriter) string {
		_, flusher := w.(http.Flusher)
		_, hijacker := w.(http.Hijacker)
		_, readerFrom := w.(io.ReaderFrom)
		return fmt.Sprint(flusher, hijacker, readerFrom)
	}
	got := make(chan string, 1)
	handler := check.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		got <- can(w)
		_ = http.NewResponseController(w).EnableFullDuplex()
		w.WriteHeader(204)
	}))
	call(t, http.DefaultClient, "DELETE", serve(t, handler)+"/pets/1", "")
	if got := <-got; got != "true true true" {
		t.Errorf("HTTP/1.1: Flusher, Hijacker, ReaderFrom: got %s", got)
	}
	request := httptest.NewRequestWithContext(t.Context(), "DELETE", "/pets/1", nil)
	handler.ServeHTTP(httptest.NewRecorder(), request)
	if got := <-got; got != "true false true" {
		t.Errorf("a ResponseRecorder: Flusher, Hijacker, ReaderFrom: got %s", got)
	}
	handler.ServeHTTP(struct{ http.ResponseWriter }{httptest.NewRecorder()}, request)
	if got := <-got; got != "false false true" {
		t.Errorf("another ResponseWriter: Flusher, Hijacker, ReaderFrom: got %s", got)
	}
	r.wantErrors(t)
}

// TestHandlerCopies checks that a body which io.Copy writes is judged, by ReadFrom of the ResponseWriter.
func TestHandlerCopies(t *testing.T) {
	check, r := start(t)
	url := serve(t, check.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", jsonType)
		if n, err := io.Copy(w, struct{ io.Reader }{strings.NewReader(`[{}]`)}); n != 4 || err != nil {
			t.Errorf("copied %d bytes, %v", n, err)
		}
	})))
	if status, body := call(t, http.DefaultClient, "GET", url+"/pets", ""); status != 200 || body != `[{}]` {
		t.Errorf("got %d %s", status, body)
	}
	r.wantErrors(t, "GET /pets: 200: schema/required at /response/body/0/name: want the member, got none (documented, testdata/pets.yaml:55)")
}

// TestHandlerHijacks checks that a hijacked connection works, and is not judged.
func TestHandlerHijacks(t *testing.T) {
	check, r := start(t)
	url := serve(t, check.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		_, _ = io.WriteString(conn, "HTTP/1.1 418 Teapot\r\nConnection: close\r\n\r\n")
		_ = conn.Close()
	})))
	if status, _ := call(t, http.DefaultClient, "GET", url+"/pets/1", ""); status != 418 {
		t.Errorf("got %d", status)
	}
	r.wantErrors(t)
}

// TestHandlerPanics checks that a panic reaches net/http, and that such an exchange is not judged.
func TestHandlerPanics(t *testing.T) {
	check, r := start(t)
	handler := check.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(500)
		panic(http.ErrAbortHandler)
	}))
	defer r.wantErrors(t)
	defer func() {
		if err, _ := recover().(error); !errors.Is(err, http.ErrAbortHandler) {
			t.Errorf("got %v", err)
		}
	}()
	handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), "GET", "/pets/1", nil))
}

// TestHandlerLeft checks that a response is not judged by its body if the consumer left while it was written.
func TestHandlerLeft(t *testing.T) {
	check, r := start(t)
	done := make(chan bool)
	url := serve(t, check.Handler(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		defer close(done)
		w.Header().Set("Content-Type", jsonType)
		_, _ = io.WriteString(w, `[{"name":`)
		w.(http.Flusher).Flush()
		<-req.Context().Done()
	})))
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(conn, "GET /pets HTTP/1.1\r\nHost: x\r\n\r\n")
	_, _ = conn.Read(make([]byte, 1))
	conn.Close()
	<-done
	r.wantErrors(t)
}

// TestHandlerEnds checks that the end of a test waits for a handler whose client already has the whole response.
func TestHandlerEnds(t *testing.T) {
	check, r := start(t)
	release := make(chan bool)
	r.Cleanup(func() { close(release) }) // just before the end of the check
	url := serve(t, check.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", jsonType)
		w.Header().Set("Content-Length", "10")
		_, _ = io.WriteString(w, `{"name":7}`)
		w.(http.Flusher).Flush()
		<-release
	})))
	call(t, http.DefaultClient, "GET", url+"/pets/7", "")
	r.wantErrors(t, "GET /pets/7: 200"+wrongName)
}

// TestHandlerRecorder checks that a body which net/http would drop is dropped with an httptest.ResponseRecorder, too.
func TestHandlerRecorder(t *testing.T) {
	check, r := start(t)
	request := httptest.NewRequestWithContext(t.Context(), "DELETE", "/pets/1", nil)
	check.Handler(reply(204, "", "gone")).ServeHTTP(httptest.NewRecorder(), request)
	r.wantErrors(t)
}
