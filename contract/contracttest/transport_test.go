package contracttest_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/contracttest"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

const wrongName = ": schema/type at /response/body/name: want type string, got number 7 (documented, testdata/pets.yaml:55)"

// TestTransport checks which calls of a consumer fail its test.
func TestTransport(t *testing.T) {
	for _, test := range []struct {
		name               string
		method, path, body string
		handler            http.HandlerFunc
		options            []contracttest.Option
		want               []string
	}{
		{name: "all is well", method: "GET", path: "/pets/7", handler: reply(200, jsonType, `{"name":"Rex"}`)},
		{
			name: "a wrong response", method: "GET", path: "/pets/7", handler: reply(200, jsonType, `{"name":7}`),
			want: []string{"GET /pets/7: 200" + wrongName},
		},
		{
			name: "a wrong response, and the consumer judged", method: "GET", path: "/pets/7", handler: reply(200, jsonType, `{"name":7}`),
			options: []contracttest.Option{contracttest.Side(contract.Consumer)},
		},
		{
			name: "a wrong body of the request", method: "POST", path: "/pets", body: `{"nome":"Rex"}`, handler: reply(201, "", ""),
			want: []string{
				"POST /pets: 201: schema/additionalProperties at /request/body/nome: want no such member; did you mean \"name\"?, " +
					"got \"Rex\" (documented, testdata/pets.yaml:55)",
				"POST /pets: 201: schema/required at /request/body/name: want the member, got none (documented, testdata/pets.yaml:55)",
			},
		},
		{
			name: "a wrong method", method: "PUT", path: "/pets/7", handler: reply(405, "", ""),
			want: []string{
				"PUT /pets/7: 405: method/undocumented at /request/method: want DELETE or GET, got PUT (documented, testdata/pets.yaml:22)",
				"PUT /pets/7: 405: header/missing at /response/headers/allow: want the header Allow in a 405, got none " +
					"(documented, testdata/pets.yaml:1)",
			},
		},
		{
			name: "an unknown path", method: "GET", path: "/owners", handler: reply(404, "", ""),
			want: []string{"GET /owners: 404: the document has no such path, nor one like it (testdata/pets.yaml)"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			check, r := start(t, test.options...)
			call(t, &http.Client{Transport: check.Transport(nil)}, test.method, serve(t, test.handler)+test.path, test.body)
			r.wantErrors(t, test.want...)
		})
	}
}

// TestTransportReads checks when a response is judged, by what the consumer does with its body.
func TestTransportReads(t *testing.T) {
	for _, test := range []struct {
		name string
		read func(*http.Response) error
		now  bool // judged before the test ends
		want []string
	}{
		{name: "to its end", read: func(r *http.Response) error {
			_, err := io.ReadAll(r.Body)
			return err
		}, now: true, want: []string{wrongName}},
		{name: "one value", read: func(r *http.Response) error {
			defer r.Body.Close()
			return json.NewDecoder(r.Body).Decode(&struct{}{})
		}, now: true, want: []string{wrongName}},
		{name: "a part, and closes", read: func(r *http.Response) error {
			defer r.Body.Close()
			_, err := io.ReadFull(r.Body, make([]byte, 4))
			return err
		}, now: true},
		{name: "nothing", read: func(*http.Response) error { return nil }},
	} {
		t.Run(test.name, func(t *testing.T) {
			check, r := start(t)
			url := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", jsonType)
				_, _ = io.WriteString(w, `{"name":7`)
				w.(http.Flusher).Flush() // so it has no Content-Length
				_, _ = io.WriteString(w, `}`)
			}))
			resp, err := (&http.Client{Transport: check.Transport(nil)}).Get(url + "/pets/7")
			if err != nil {
				t.Fatal(err)
			}
			if err := test.read(resp); err != nil {
				t.Error(err)
			}
			if isNow := len(r.errors) == len(test.want); test.now != isNow && len(test.want) > 0 {
				t.Errorf("judged now: %v", r.errors)
			}
			for i, line := range test.want {
				test.want[i] = "GET /pets/7: 200" + line
			}
			r.wantErrors(t, test.want...)
			resp.Body.Close()
		})
	}
}

// TestTransportUnread checks that the status and the header of a response that nobody reads are judged when the test ends.
func TestTransportUnread(t *testing.T) {
	check, r := start(t)
	resp, err := (&http.Client{Transport: check.Transport(nil)}).Get(serve(t, reply(403, "", "no")) + "/pets/7")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if len(r.errors) > 0 {
		t.Errorf("at once: %v", r.errors)
	}
	r.wantErrors(t,
		"GET /pets/7: 403: status/undocumented at /response/status: want one of 200, 404, got 403 (documented, testdata/pets.yaml:27)")
}

// TestTransportLarge checks that a body beyond the limit passes unchanged, and is not judged.
func TestTransportLarge(t *testing.T) {
	const size = 16<<20 + 3
	check, r := start(t)
	url := serve(t, http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if n, err := io.Copy(io.Discard, req.Body); n != size || err != nil {
			t.Errorf("the handler got %d bytes, %v", n, err)
		}
		w.Header().Set("Content-Type", jsonType)
		w.WriteHeader(201)
	}))
	for _, body := range []io.Reader{bytes.NewReader(make([]byte, size)), io.MultiReader(bytes.NewReader(make([]byte, size)))} {
		resp, err := (&http.Client{Transport: check.Transport(nil)}).Post(url+"/pets", jsonType, body)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
	}
	large := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", jsonType)
		_, _ = w.Write(make([]byte, size))
	}))
	if _, body := call(t, &http.Client{Transport: check.Transport(nil)}, "GET", large+"/pets", ""); len(body) != size {
		t.Errorf("got %d bytes", len(body))
	}
	r.wantErrors(t)
}

// TestTransportKeepsRequest checks that the request arrives as it was: its length, its redirects, its Expect.
func TestTransportKeepsRequest(t *testing.T) {
	check, r := start(t)
	got := ""
	mux := http.NewServeMux()
	mux.HandleFunc("POST /pets", func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		got += fmt.Sprintln(req.ContentLength, req.TransferEncoding, req.Header.Get("Expect"), string(body), err)
		w.WriteHeader(201)
	})
	url := serve(t, mux) + "/pets"
	for _, body := range []io.Reader{strings.NewReader(`{"name":"a"}`), io.MultiReader(strings.NewReader(`{"name":"b"}`))} {
		req, err := http.NewRequest("POST", url, body)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", jsonType)
		req.Header.Set("Expect", "100-continue")
		sent := req.Body
		resp, err := (&http.Client{Transport: check.Transport(nil)}).Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if req.Body != sent || resp.Request != req {
			t.Error("the request was changed")
		}
	}
	const want = "12 [] 100-continue {\"name\":\"a\"} <nil>\n-1 [chunked] 100-continue {\"name\":\"b\"} <nil>\n"
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	r.wantErrors(t)
}

// TestTransportNoFalseAlarm checks a client with a cookie jar that follows a redirect to a host which no document has, and gets
// a compressed body.
func TestTransportNoFalseAlarm(t *testing.T) {
	check, r := start(t)
	elsewhere := serve(t, reply(200, "image/png", "png"))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /photos/1", func(w http.ResponseWriter, _ *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "session", Value: "s", Path: "/"})
		w.Header().Set("Location", elsewhere+"/some/file.png")
		w.WriteHeader(http.StatusFound)
	})
	mux.HandleFunc("GET /pets", func(w http.ResponseWriter, req *http.Request) {
		if _, err := req.Cookie("session"); err != nil {
			t.Error(err)
		}
		w.Header().Set("Content-Type", jsonType)
		w.Header().Set("Content-Encoding", "gzip")
		zip := gzip.NewWriter(w)
		_, _ = io.WriteString(zip, `[{"name":"Rex"}]`)
		_ = zip.Close()
	})
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: check.Transport(nil), Jar: jar}
	url := serve(t, mux)
	if status, body := call(t, client, "GET", url+"/photos/1", ""); status != 200 || body != "png" {
		t.Errorf("got %d %q", status, body)
	}
	if status, body := call(t, client, "GET", url+"/pets", ""); status != 200 || body != `[{"name":"Rex"}]` {
		t.Errorf("got %d %q", status, body)
	}
	r.wantErrors(t)
}

// roundTripper is a transport that needs no network.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// TestTransportServers checks requests to hosts that are not on loopback.
func TestTransportServers(t *testing.T) {
	base := roundTripper(func(*http.Request) (*http.Response, error) { return &http.Response{StatusCode: 204}, nil })
	for _, test := range []struct {
		name, url string
		options   []contracttest.Option
		want      []string
	}{
		{name: "a server of the document", url: "https://pets.example.com/v1/pets/1"},
		{
			name: "another", url: "https://staging.example.com/pets/1",
			want: []string{"DELETE /pets/1: 204: the document has no server for https://staging.example.com/pets/1: " +
				"give its URL to contracttest.Servers, or its path to contracttest.Ignore"},
		},
		{
			name: "another, given", url: "https://staging.example.com/pets/1",
			options: []contracttest.Option{contracttest.Servers("https://staging.example.com")},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			check, r := start(t, test.options...)
			req, err := http.NewRequest("DELETE", test.url, nil)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := check.Transport(base).RoundTrip(req); err != nil {
				t.Error(err)
			}
			r.wantErrors(t, test.want...)
		})
	}
}

// TestTransportError checks that the error of a request without a response reaches the consumer.
func TestTransportError(t *testing.T) {
	check, r := start(t)
	broken := errors.New("broken")
	base := roundTripper(func(*http.Request) (*http.Response, error) { return nil, broken })
	if _, err := (&http.Client{Transport: check.Transport(base)}).Get("http://localhost/pets"); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	r.wantErrors(t)
}

// TestTransportStops checks that a body is judged whose consumer stops reading at the end of a value, before the end of the body.
func TestTransportStops(t *testing.T) {
	url := serve(t, http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("Content-Type", jsonType)
		_, _ = io.WriteString(w, `{"name":7}`)
		w.(http.Flusher).Flush()
		<-req.Context().Done() // the end comes when the consumer is gone
	}))
	check, r := start(t)
	resp, err := (&http.Client{Transport: check.Transport(nil)}).Get(url + "/pets/7")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.NewDecoder(resp.Body).Decode(&struct{}{}); err != nil {
		t.Error(err)
	}
	resp.Body.Close()
	base := roundTripper(func(*http.Request) (*http.Response, error) {
		header := http.Header{"Content-Type": {jsonType}}
		return &http.Response{StatusCode: 200, Header: header, Body: io.NopCloser(strings.NewReader("7")), ContentLength: 1}, nil
	})
	resp, err = (&http.Client{Transport: check.Transport(base)}).Get("http://localhost/pets")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(resp.Body, make([]byte, 1)); err != nil {
		t.Error(err)
	}
	resp.Body.Close()
	r.wantErrors(t, "GET /pets/7: 200"+wrongName,
		"GET /pets: 200: schema/type at /response/body: want type array, got number 7 (documented, testdata/pets.yaml:13)")
}

// TestHTTP2 checks both ends of an exchange over HTTP/2, of which a test judges both sides.
func TestHTTP2(t *testing.T) {
	check, r := start(t, contracttest.Side(contract.Both), contracttest.FailOn(spec.Undocumented))
	srv := httptest.NewUnstartedServer(check.Handler(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if req.ProtoMajor != 2 {
			t.Errorf("got %s", req.Proto)
		}
		w.Header().Set("Content-Type", jsonType)
		w.(http.Flusher).Flush()
		_, _ = io.WriteString(w, `{"name":"Rex"}`)
	})))
	srv.EnableHTTP2 = true
	srv.StartTLS()
	defer srv.Close()
	client := srv.Client()
	client.Transport = check.Transport(client.Transport)
	if status, body := call(t, client, "GET", srv.URL+"/pets/7", ""); status != 200 || body != `{"name":"Rex"}` {
		t.Errorf("got %d %s", status, body)
	}
	r.wantErrors(t)
}
