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

// documentTexts are the texts of a document that become part of a request.
type documentTexts struct {
	path, in, name, value string // of the path and of one parameter
	media, scheme         string // of the body and the response; the header of the credential
}

// document writes a document of one operation with these texts. JSON can hold any text.
func (w documentTexts) document(t testing.TB) []byte {
	t.Helper()
	content := map[string]any{w.media: map[string]any{"schema": map[string]any{"type": "object"}, "example": map[string]any{w.name: w.value}}}
	text, err := json.Marshal(map[string]any{
		"openapi": "3.0.3", "info": map[string]any{"title": "t", "version": "1"},
		"security": []any{map[string]any{"Key": []any{}}},
		"paths": map[string]any{w.path: map[string]any{"post": map[string]any{
			"operationId": "a",
			"parameters": []any{map[string]any{
				"name": w.name, "in": w.in, "required": true, "example": w.value, "schema": map[string]any{"type": "string"},
			}},
			"requestBody": map[string]any{"required": true, "content": content},
			"responses":   map[string]any{"200": map[string]any{"description": "ok", "content": content}},
		}}},
		"components": map[string]any{"securitySchemes": map[string]any{
			"Key": map[string]any{"type": "apiKey", "in": "header", "name": w.scheme},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// sent returns the bytes of every probe that is not skipped, and the reasons of the others by probe id. It checks that the bytes
// are one request with the method of the probe and the host of the target, and nothing after it.
func (w documentTexts) sent(t testing.TB) (sent []string, skipped map[string]string) {
	t.Helper()
	doc, err := spec.Read("d.json", w.document(t), nil)
	if err != nil {
		t.Skip(err) // refused before anything is sent
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

var plainTexts = documentTexts{"/a", "header", "X-A", "v", "application/json", "X-Key"}

// TestOneRequest checks that no text of a document can end a request and begin another. Probes with such texts are skipped with
// the line of the document.
func TestOneRequest(t *testing.T) {
	const second = "1\r\n\r\nDELETE /victim HTTP/1.1\r\nHost: x\r\nX-B"
	for _, test := range []struct {
		name   string
		change func(*documentTexts)
		reason string // to skip a/plain; "": it is sent
		has    string // in the bytes that are sent
	}{
		{name: "plain", change: func(*documentTexts) {}, has: "POST /base/a HTTP/1.1\r\n"},
		{
			name: "a path with a second request", change: func(w *documentTexts) { w.path = "/a HTTP/1.1\r\n\r\nDELETE /victim" },
			reason: ": the path has a control character",
		},
		{
			name: "a path with spaces and other letters", change: func(w *documentTexts) { w.path = "/größe von <b>[1]" },
			has: "POST /base/gr%C3%B6%C3%9Fe%20von%20%3Cb%3E%5B1%5D HTTP/1.1\r\n",
		},
		{
			name: "a path with an escape and a percent sign", change: func(w *documentTexts) { w.path = "/a%20b/100%" },
			has: "POST /base/a%20b/100%25 HTTP/1.1\r\n",
		},
		{name: "a path with a fragment", change: func(w *documentTexts) { w.path = "/a#b" }, has: "POST /base/a HTTP/1.1\r\n"},
		{name: "a header's name", change: func(w *documentTexts) { w.name = "X-A: " + second }, reason: `is not a valid name of a header`},
		{
			name: "a header's name with a space", change: func(w *documentTexts) { w.name = "X A" },
			reason: `: "X A" is not a valid name of a header: want a token`,
		},
		{
			name: "a header's value", change: func(w *documentTexts) { w.value = second },
			reason: ": the value of the header X-A has a control character",
		},
		{
			name: "a cookie's name", change: func(w *documentTexts) { w.in, w.name = "cookie", "a="+second },
			reason: "is not a valid name of a cookie",
		},
		{name: "a cookie's value", change: func(w *documentTexts) { w.in, w.value = "cookie", second }, has: "Cookie: X-A=1%0D%0A"},
		{name: "the name of a query parameter", change: func(w *documentTexts) { w.in, w.name = "query", second }, has: "?1%0D%0A"},
		{name: "the value of a query parameter", change: func(w *documentTexts) { w.in, w.value = "query", second }, has: "?X-A=1%0D%0A"},
		{
			name: "a parameter of the path", change: func(w *documentTexts) { w.path, w.in, w.value = "/a/{X-A}", "path", second },
			has: "POST /base/a/1%0D%0A",
		},
		{name: "the host", change: func(w *documentTexts) { w.name, w.value = "host", "victim" }, has: "Host: 127.0.0.1:8080\r\n"},
		{
			name: "the length of the body", change: func(w *documentTexts) { w.name, w.value = "content-length", "2" },
			has: "Content-Length: 22\r\n",
		},
		{name: "the framing", change: func(w *documentTexts) { w.name, w.value = "Transfer-Encoding", "chunked" }, has: "Content-Length: 31\r\n"},
		{
			name: "a media type", change: func(w *documentTexts) { w.media = "application/json;\r\n a=b" },
			reason: ": the value of the header Content-Type has a control character",
		},
		{
			name: "a media type of a response", change: func(w *documentTexts) { w.media = "text/a\r\nb" },
			reason: ": the name of a media type has a control character",
		},
		{name: "a scheme's header", change: func(w *documentTexts) { w.scheme = "X-Key: " + second }, reason: "is not a valid name of a header"},
	} {
		t.Run(test.name, func(t *testing.T) {
			texts := plainTexts
			test.change(&texts)
			sent, skipped := texts.sent(t)
			if reason := skipped["a/plain"]; (reason == "") != (test.reason == "") || !strings.Contains(reason, test.reason) {
				t.Errorf("skipped as %q, want %q", reason, test.reason)
			}
			if test.has != "" && !strings.Contains(strings.Join(sent, "\n"), test.has) {
				t.Errorf("no %q in\n%q", test.has, sent)
			}
		})
	}
}

// FuzzOneRequest does the same with any texts.
func FuzzOneRequest(f *testing.F) {
	for _, in := range []string{"header", "cookie", "query", "path"} {
		f.Add("/a/{X-A}", in, "X-A", "v", "application/json", "X-Key")
		f.Add("0", in, "X-A", "v", "application/json", "X-Key")
		f.Add("/a b?c#d%", in, "X-A", "\r\n\r\nDELETE / HTTP/1.1\r\n", "application/json;a=b", "Cookie")
	}
	f.Fuzz(func(t *testing.T, path, in, name, value, media, scheme string) {
		documentTexts{path, in, name, value, media, scheme}.sent(t)
	})
}
