package contract_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
)

// TestFromHTTP checks what an exchange takes from net/http, at a client.
func TestFromHTTP(t *testing.T) {
	const answer = `{"name":"Rex"}`
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Encoding", "gzip") // net/http asks for it and undoes it
		w.WriteHeader(http.StatusAccepted)
		zip := gzip.NewWriter(w)
		_, _ = io.WriteString(zip, answer)
		_ = zip.Close()
	}))
	defer provider.Close()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, provider.URL+"/pets/a%2Fb?x=1", strings.NewReader(`{"id":1}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Auth-Token", "t")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	ex, err := contract.FromHTTP(req, resp)
	if err != nil {
		t.Fatal(err)
	}
	if ex.Request.Method != "POST" || ex.Request.Target != "/pets/a%2Fb?x=1" || string(ex.Request.Body) != `{"id":1}` ||
		ex.Request.Header.Get("X-Auth-Token") != "t" || ex.Origin != provider.URL {
		t.Errorf("got request %+v of %s", ex.Request, ex.Origin)
	}
	if ex.Response.Status != 202 || string(ex.Response.Body) != answer {
		t.Errorf("got response %+v", ex.Response)
	}
	if again, err := io.ReadAll(resp.Body); err != nil || string(again) != answer {
		t.Errorf("the body after it: got %q, %v", again, err)
	}
}

// TestFromHTTPAtServer checks that the caller of a handler can read both bodies again.
func TestFromHTTPAtServer(t *testing.T) {
	req := httptest.NewRequestWithContext(t.Context(), http.MethodPut, "/pets/1", strings.NewReader("abc"))
	answer := httptest.NewRecorder()
	_, _ = answer.WriteString("no")
	resp := answer.Result()
	defer func() { _ = resp.Body.Close() }()
	ex, err := contract.FromHTTP(req, resp)
	if err != nil {
		t.Fatal(err)
	}
	if string(ex.Request.Body) != "abc" || string(ex.Response.Body) != "no" || ex.Request.Target != "/pets/1" {
		t.Errorf("got %+v", ex)
	}
	for name, body := range map[string]io.Reader{"abc": req.Body, "no": resp.Body} {
		if again, err := io.ReadAll(body); err != nil || string(again) != name {
			t.Errorf("again: got %q, %v, want %s", again, err, name)
		}
	}
}

// TestFromHTTPTooLarge checks that a body that would not be judged is an error, and that nothing of it is lost.
func TestFromHTTPTooLarge(t *testing.T) {
	const size = 16<<20 + 5
	req := httptest.NewRequestWithContext(t.Context(), http.MethodPut, "/pets/1", bytes.NewReader(make([]byte, size)))
	_, err := contract.FromHTTP(req, &http.Response{StatusCode: 204})
	if err == nil || !strings.Contains(err.Error(), "read the request: the body has more than 16 MiB") {
		t.Fatalf("got %v", err)
	}
	if rest, err := io.Copy(io.Discard, req.Body); err != nil || rest != size {
		t.Errorf("after it: got %d bytes, %v", rest, err)
	}
}

// TestFromHTTPIncomplete checks that a missing request, response or body of the request is an error, neither a panic nor an
// exchange that is judged without it.
func TestFromHTTPIncomplete(t *testing.T) {
	request := func(body io.Reader) *http.Request {
		return httptest.NewRequestWithContext(t.Context(), http.MethodPut, "/pets/1", body)
	}
	read := request(strings.NewReader("abc"))
	if _, err := io.Copy(io.Discard, read.Body); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name string
		req  *http.Request
		resp *http.Response
		want string
	}{
		{name: "no request", resp: &http.Response{StatusCode: 204}, want: "the request is nil"},
		{name: "no URL", req: &http.Request{}, resp: &http.Response{StatusCode: 204}, want: "the request has no URL"},
		{name: "no response", req: request(nil), want: "the response is nil"},
		{
			name: "a body that was read", req: read, resp: &http.Response{StatusCode: 204},
			want: "read the request: its body was already read, and it has no GetBody to read it again",
		},
		{name: "no body", req: request(nil), resp: &http.Response{StatusCode: 204}},
		{name: "an empty body", req: request(strings.NewReader("")), resp: &http.Response{StatusCode: 204}},
	} {
		got := ""
		if _, err := contract.FromHTTP(test.req, test.resp); err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}
