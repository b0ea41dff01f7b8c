package contracttest_test

import (
	"bytes"
	"flag"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/contracttest"
)

// strictHeaders is a document whose messages have headers that net/http adds, or that programs write in another case.
const strictHeaders = `openapi: 3.1.0
info: {title: Files, version: "1"}
paths:
  /files:
    post:
      parameters:
        - {name: Content-Length, in: header, required: true, schema: {type: integer, maximum: 9}}
        - {name: X-Tenant, in: header, required: true, schema: {type: string}}
      requestBody: {required: true, content: {text/plain: {}}}
      responses:
        "200":
          description: The file was stored.
          headers:
            Date: {required: true, schema: {type: string}}
            ETag: {required: true, schema: {type: string}}
            Content-Length: {required: true, schema: {type: integer, enum: [2, 2049]}}
          content: {text/plain: {}}
`

// TestHeadersOfNetHTTP checks at both ends that headers which net/http adds are not missing, nor those in another case.
func TestHeadersOfNetHTTP(t *testing.T) {
	file := filepath.Join(t.TempDir(), "files.yaml")
	if err := os.WriteFile(file, []byte(strictHeaders), 0o600); err != nil {
		t.Fatal(err)
	}
	const missing = ": header/missing at /response/headers/content-length: want the header Content-Length, got none (documented, "
	for _, test := range []struct {
		name    string
		size    int
		isFlush bool
		want    []string // of the handler, and of the transport
	}{
		{name: "counted", size: 2},
		{name: "flushed", size: 2, isFlush: true, want: []string{missing, missing}},
		{name: "too long to be counted", size: 2049, want: []string{missing, missing}},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := &recorder{TB: t}
			check := contracttest.New(r, file, contracttest.Side(contract.Both))
			url := serve(t, check.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header()["ETag"] = []string{`"1"`}
				w.Header().Set("Content-Type", "text/plain")
				_, _ = io.WriteString(w, strings.Repeat("x", test.size))
				if test.isFlush {
					w.(http.Flusher).Flush()
				}
			})))
			req, err := http.NewRequest("POST", url+"/files", strings.NewReader("seven b"))
			if err != nil {
				t.Fatal(err)
			}
			req.Header = http.Header{"Content-Type": {"text/plain"}, "x-tenant": {"a"}}
			resp, err := (&http.Client{Transport: check.Transport(nil)}).Do(req)
			if err != nil {
				t.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
			r.end()
			for i, line := range r.errors {
				line, _, _ = strings.Cut(strings.TrimPrefix(line, "POST /files: 200"), file)
				r.errors[i] = line
			}
			r.cleanups = nil
			r.wantErrors(t, test.want...)
		})
	}
}

// TestTransportUnreadMock checks that a body which nobody read is not taken for an empty one where the length is unknown: the
// responses of mocks have 0 as their length.
func TestTransportUnreadMock(t *testing.T) {
	check, r := start(t)
	mock := roundTripper(func(*http.Request) (*http.Response, error) {
		body := io.NopCloser(strings.NewReader(`{"name":"Rex"}`))
		return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {jsonType}}, Body: body}, nil
	})
	for range 2 {
		resp, err := (&http.Client{Transport: check.Transport(mock)}).Get("http://localhost/pets/1")
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
	}
	r.wantErrors(t)
}

// TestTransportStopsInBody checks what is judged of a body with a known length that is not read to its end. Of a text, [1] is the
// beginning; a value in JSON is whole, though the decoder leaves the new line of the encoder.
func TestTransportStopsInBody(t *testing.T) {
	for _, test := range []struct {
		name, mediaType, body string
		read                  int
		want                  []string
	}{
		{name: "a text", mediaType: "text/plain", body: "[1]\n[2]", read: 3},
		{
			name: "a value", mediaType: jsonType, body: `{"name":7}` + "\n", read: 10,
			want: []string{"GET /pets/1: 200: schema/type at /response/body/name: want type string, got number 7 (documented, " +
				"testdata/pets.yaml:55)"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "texts.yaml")
			const document = "openapi: 3.1.0\ninfo: {title: Texts, version: '1'}\npaths:\n  /text:\n    get:\n      responses:\n" +
				"        '200': {description: Text., content: {text/plain: {schema: {type: string, minLength: 7}}}}\n"
			if err := os.WriteFile(file, []byte(document), 0o600); err != nil {
				t.Fatal(err)
			}
			check, r := start(t, contracttest.Document(file))
			path := map[string]string{"text/plain": "/text", jsonType: "/pets/1"}[test.mediaType]
			resp, err := (&http.Client{Transport: check.Transport(nil)}).Get(serve(t, reply(200, test.mediaType, test.body)) + path)
			if err != nil {
				t.Fatal(err)
			}
			_, _ = io.ReadFull(resp.Body, make([]byte, test.read))
			resp.Body.Close()
			r.wantErrors(t, test.want...)
		})
	}
}

// TestTransportReusedBuffer checks that the judge does not look at the buffer of a request after its response has come: the
// consumer may write the next request into it.
func TestTransportReusedBuffer(t *testing.T) {
	check, r := start(t)
	url := serve(t, reply(201, "", ""))
	notFound := serve(t, reply(400, "text/plain", "no"))
	var buffer bytes.Buffer
	for _, to := range []string{notFound, url} {
		buffer.Reset()
		_, _ = buffer.WriteString(`{"name":"` + to + `"}`)
		resp, err := (&http.Client{Transport: check.Transport(nil)}).Post(to+"/pets", jsonType, &buffer)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		buffer.Reset()
		_, _ = buffer.WriteString("the buffer is used for something else")
	}
	r.wantErrors(t)
}

// TestHandlerTarget checks that the path is the one that the handler gets.
func TestHandlerTarget(t *testing.T) {
	check, r := start(t, contracttest.Ignore("/healthz"))
	h := check.Handler(reply(200, jsonType, `{"name":"Rex"}`))
	mux := http.NewServeMux()
	mux.Handle("/shop/", http.StripPrefix("/shop", h))
	mux.Handle("/", h)
	for _, target := range []string{"/shop/pets/1", "http://example.com/healthz", "http://example.com/pets/1"} {
		mux.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), "GET", target, nil))
	}
	r.wantErrors(t)
}

// TestHandlerStopsInBody checks that a request is right whose handler stops at the end of the value, before a new line.
func TestHandlerStopsInBody(t *testing.T) {
	check, r := start(t, contracttest.Side(contract.Both))
	url := serve(t, check.Handler(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		_, _ = io.ReadFull(req.Body, make([]byte, 14))
		w.WriteHeader(201)
	})))
	call(t, http.DefaultClient, "POST", url+"/pets", `{"name":"Rex"}`+"\n")
	r.wantErrors(t)
}

// TestHandlerReadsOn checks that a handler can read its body after it began the response, as a reverse proxy does, and that
// what it did to the request can be seen after it.
func TestHandlerReadsOn(t *testing.T) {
	check, r := start(t)
	const size = 1 << 20
	mux := http.NewServeMux()
	mux.HandleFunc("POST /pets", func(w http.ResponseWriter, req *http.Request) {
		w.WriteHeader(201)
		w.(http.Flusher).Flush()
		if n, err := io.Copy(io.Discard, req.Body); n != size || err != nil {
			t.Errorf("got %d bytes, %v", n, err)
		}
	})
	h, pattern := check.Handler(mux), make(chan string, 1)
	url := serve(t, http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		h.ServeHTTP(w, req)
		pattern <- req.Pattern
	}))
	if status, _ := call(t, http.DefaultClient, "POST", url+"/pets", strings.Repeat(" ", size)); status != 201 {
		t.Errorf("got %d", status)
	}
	if got := <-pattern; got != "POST /pets" {
		t.Errorf("got the pattern %q", got)
	}
	r.wantErrors(t)
}

// brokenWriter is a connection that breaks after some bytes.
type brokenWriter struct{ *httptest.ResponseRecorder }

func (brokenWriter) Write(p []byte) (int, error) { return len(p) / 2, io.ErrClosedPipe }

// TestHandlerBroken checks that a body is not judged of which a part could not be written, also by io.Copy.
func TestHandlerBroken(t *testing.T) {
	check, r := start(t)
	body := `{"name":"` + strings.Repeat("x", 100<<10) + `"}`
	check.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", jsonType)
		_, _ = io.Copy(w, io.LimitReader(strings.NewReader(body), int64(len(body))))
	})).ServeHTTP(brokenWriter{httptest.NewRecorder()}, httptest.NewRequestWithContext(t.Context(), "GET", "/pets/1", nil))
	r.wantErrors(t)
}

// TestMainOfSomeTests checks that Main asks nothing of a run of some of the tests, nor of a process of go test -fuzz, which
// must not write the reports either.
func TestMainOfSomeTests(t *testing.T) {
	for _, name := range []string{"test.run", "test.skip"} {
		old := flag.Lookup(name).Value.String()
		_ = flag.Set(name, "")
		t.Cleanup(func() { _ = flag.Set(name, old) })
	}
	file := filepath.Join(t.TempDir(), "contract.json")
	run := func(want string) {
		t.Helper()
		var stderr strings.Builder
		options := []contracttest.MainOption{contracttest.MinCoverage(100), contracttest.Report("json", file)}
		if contracttest.Run(func() int { return 0 }, &stderr, options); stderr.String() != want {
			t.Errorf("got %q, want %q", stderr.String(), want)
		}
	}
	args := os.Args
	os.Args = []string{args[0], "-test.fuzzworker"}
	run("")
	os.Args = args
	if _, err := os.Stat(file); err == nil {
		t.Error("the fuzz worker wrote a report")
	}
	short := flag.Lookup("test.short").Value.String()
	_ = flag.Set("test.short", "true")
	run("")
	_ = flag.Set("test.short", "false")
	run("contracttest: no exchange was judged: does every client and server use Transport or Handler?\n")
	_ = flag.Set("test.short", short)
}
