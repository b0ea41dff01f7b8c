package probe_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/probe"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// wordsOf are the texts of a document that find their way into a request.
type wordsOf struct {
	path, in, name, value string // of the path and of one parameter
	media, scheme         string // of the body and the answer; the header of the credential
}

// document describes one operation in these words, as JSON: any text fits into that.
func (w wordsOf) document(t testing.TB) []byte {
	t.Helper()
	content := map[string]any{w.media: map[string]any{"schema": map[string]any{"type": "object"}, "example": map[string]any{w.name: w.value}}}
	text, err := json.Marshal(map[string]any{
		"openapi": "3.0.3", "info": map[string]any{"title": "t", "version": "1"},
		"security": []any{map[string]any{"Key": []any{}}},
		"paths": map[string]any{w.path: map[string]any{"post": map[string]any{
			"operationId": "a",
			"parameters":  []any{map[string]any{"name": w.name, "in": w.in, "required": true, "example": w.value, "schema": map[string]any{"type": "string"}}},
			"requestBody": map[string]any{"required": true, "content": content},
			"responses":   map[string]any{"200": map[string]any{"description": "ok", "content": content}},
		}}},
		"components": map[string]any{"securitySchemes": map[string]any{"Key": map[string]any{"type": "apiKey", "in": "header", "name": w.scheme}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// sent are the bytes of every probe that is not skipped, and the reasons of those that are. Each must be one request with
// the method of its probe and the host of the target, and nothing after it.
func (w wordsOf) sent(t testing.TB) (sent []string, skipped map[string]string) {
	t.Helper()
	doc, err := spec.Read("d.json", w.document(t), nil)
	if err != nil {
		t.Skip(err) // it is refused before anything is sent
	}
	judge, err := contract.New(doc)
	if err != nil {
		t.Skip(err)
	}
	target := probe.Target{URL: &url.URL{Scheme: "http", Host: "127.0.0.1:8080", Path: "/base"}}
	principals := probe.Principals{probe.Reader: {Credential: "0123456789"}, probe.Expired: {Credential: "9876543210"}}
	skipped = map[string]string{}
	for _, p := range probe.Derive(judge, principals) {
		if p.Skip != "" {
			skipped[p.ID] = p.Skip
			continue
		}
		raw, err := target.Bytes(p, principals[p.Role])
		if err != nil {
			t.Fatalf("%s: %v: want it skipped", p.ID, err)
		}
		sent = append(sent, string(raw))
		rest := bufio.NewReader(bytes.NewReader(raw))
		r, err := http.ReadRequest(rest)
		if err != nil {
			t.Fatalf("%s: %v\n%q", p.ID, err, raw)
		}
		body, err := io.ReadAll(r.Body)
		if err != nil || !bytes.Equal(body, p.Request.Body) || rest.Buffered() > 0 {
			t.Fatalf("%s: body %q, want %q; %d bytes more; %v\n%q", p.ID, body, p.Request.Body, rest.Buffered(), err, raw)
		}
		if r.Method != p.Request.Method || r.Host != target.URL.Host || !strings.HasPrefix(r.URL.EscapedPath(), "/base/") {
			t.Fatalf("%s: a %s of %s%s\n%q", p.ID, r.Method, r.Host, r.URL, raw)
		}
	}
	return sent, skipped
}

var plainWords = wordsOf{"/a", "header", "X-A", "v", "application/json", "X-Key"}

// TestOneRequest holds that a document says nothing beyond its place in a request: what does not fit is skipped, with the
// line of the document.
func TestOneRequest(t *testing.T) {
	const second = "1\r\n\r\nDELETE /victim HTTP/1.1\r\nHost: x\r\nX-B"
	for _, test := range []struct {
		name   string
		change func(*wordsOf)
		reason string // of a/plain; empty: it is sent
		has    string // what is sent
	}{
		{"plain", func(*wordsOf) {}, "", "POST /base/a HTTP/1.1\r\n"},
		{"a path with a second request", func(w *wordsOf) { w.path = "/a HTTP/1.1\r\n\r\nDELETE /victim" }, "d.json:1: the path has a control character", ""},
		{"a path with spaces and other letters", func(w *wordsOf) { w.path = "/größe von <b>[1]" }, "", "POST /base/gr%C3%B6%C3%9Fe%20von%20%3Cb%3E%5B1%5D HTTP/1.1\r\n"},
		{"a path with an escape and a percent sign", func(w *wordsOf) { w.path = "/a%20b/100%" }, "", "POST /base/a%20b/100%25 HTTP/1.1\r\n"},
		{"a path with a fragment", func(w *wordsOf) { w.path = "/a#b" }, "", "POST /base/a HTTP/1.1\r\n"},
		{"a header's name", func(w *wordsOf) { w.name = "X-A: " + second }, `is no name of a header`, ""},
		{"a header's name with a space", func(w *wordsOf) { w.name = "X A" }, `d.json:1: "X A" is no name of a header: want a token`, ""},
		{"a header's value", func(w *wordsOf) { w.value = second }, "d.json:1: the value of the header X-A has a control character", ""},
		{"a cookie's name", func(w *wordsOf) { w.in, w.name = "cookie", "a="+second }, `is no name of a cookie`, ""},
		{"a cookie's value", func(w *wordsOf) { w.in, w.value = "cookie", second }, "", "Cookie: X-A=1%0D%0A"},
		{"the name of a query parameter", func(w *wordsOf) { w.in, w.name = "query", second }, "", "?1%0D%0A"},
		{"the value of a query parameter", func(w *wordsOf) { w.in, w.value = "query", second }, "", "?X-A=1%0D%0A"},
		{"a parameter of the path", func(w *wordsOf) { w.path, w.in, w.value = "/a/{X-A}", "path", second }, "", "POST /base/a/1%0D%0A"},
		{"the host", func(w *wordsOf) { w.name, w.value = "host", "victim" }, "", "Host: 127.0.0.1:8080\r\n"},
		{"the length of the body", func(w *wordsOf) { w.name, w.value = "content-length", "2" }, "", "Content-Length: 22\r\n"},
		{"the framing", func(w *wordsOf) { w.name, w.value = "Transfer-Encoding", "chunked" }, "", "Content-Length: 31\r\n"},
		{"a media type", func(w *wordsOf) { w.media = "application/json;\r\n a=b" }, "d.json:1: the value of the header Content-Type has a control character", ""},
		{"a media type of an answer", func(w *wordsOf) { w.media = "text/a\r\nb" }, "d.json:1: the name of a media type has a control character", ""},
		{"a scheme's header", func(w *wordsOf) { w.scheme = "X-Key: " + second }, "is no name of a header", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			words := plainWords
			test.change(&words)
			sent, skipped := words.sent(t)
			if reason := skipped["a/plain"]; (reason == "") != (test.reason == "") || !strings.Contains(reason, test.reason) {
				t.Errorf("skipped as %q, want %q", reason, test.reason)
			}
			if test.has != "" && !strings.Contains(strings.Join(sent, "\n"), test.has) {
				t.Errorf("no %q in\n%q", test.has, sent)
			}
		})
	}
}

// FuzzOneRequest holds the same of any words.
func FuzzOneRequest(f *testing.F) {
	for _, in := range []string{"header", "cookie", "query", "path"} {
		f.Add("/a/{X-A}", in, "X-A", "v", "application/json", "X-Key")
		f.Add("0", in, "X-A", "v", "application/json", "X-Key")
		f.Add("/a b?c#d%", in, "X-A", "\r\n\r\nDELETE / HTTP/1.1\r\n", "application/json;a=b", "Cookie")
	}
	f.Fuzz(func(t *testing.T, path, in, name, value, media, scheme string) {
		wordsOf{path, in, name, value, media, scheme}.sent(t)
	})
}
