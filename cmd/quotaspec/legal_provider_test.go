package main

import (
	"bytes"
	"compress/zlib"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// legalProvider keeps the contract in an unusual way.
type legalProvider struct {
	name      string
	behaviour behaviour
	warnings  []string // ids of findings of grade undocumented
}

// legalProviders returns all legal providers but the variants of the server, which serve_variants_test.go tests.
func legalProviders() []legalProvider {
	return slices.Concat(legalBodies(), legalMessages(), legalConnections())
}

// legalBodies send other bodies.
func legalBodies() []legalProvider {
	return []legalProvider{
		{name: "members in another order", behaviour: responding(rewrittenJSON(func(v any) any { return v }))},
		{name: "common headers", behaviour: responding(all(
			header("Server", "api-gateway"), header("Set-Cookie", "a=1", "b=2"), header("Cache-Control", "no-cache", "no-store"),
			header("Vary", "Accept", "Origin"),
			header("Via", "1.1 a", "1.1 b"), header("Strict-Transport-Security", "max-age=1"), header("X-Frame-Options", "SAMEORIGIN"),
			header("Access-Control-Allow-Origin", "*"),
		))},
		{name: "a trace id", behaviour: iam(header("X-Iam-Trace-Id", "token_cn-north-4_null_1"))},
		{name: "indented", behaviour: responding(func(_ *http.Request, w *httptest.ResponseRecorder) {
			var b bytes.Buffer
			if json.Indent(&b, w.Body.Bytes(), "", "\t") == nil {
				w.Body = &b
			}
			w.Body.WriteString("\r\n")
		})},
		{
			name:      "escaped",
			behaviour: responding(all(body(`"type"`, `"\u0074ype"`), body(`"image"`, `"im\u0061ge"`), body("Incorrect", `\ud83d\ude00\/`))),
		},
		{
			name:      "usage above the quota",
			behaviour: responding(on(200, all(body(`"used":0`, `"used":2147483647`), body(`"used":8`, `"used":501`)))),
		},
		{name: "another number used each time", behaviour: ims(on(200, counted(`"used":0`, `"used":%d`)))},
		{
			name: "all three types of images",
			behaviour: ims(on(200, body(`[{"type":"image",`, `[{"type":"image_member","used":0,"quota":128,"min":1,"max":128},`+
				`{"type":"image_shared","used":1,"quota":1,"min":1,"max":1},{"type":"image",`))),
		},
		{name: "the widest bounds", behaviour: ims(on(200, all(body(`"min":1`, `"min":0`), body(`"max":1000`, `"max":2147483647`))))},
		{name: "codes in another case", behaviour: responding(all(body("APIGW.", "apigw."), body("IAM.0", "Iam.0"), body("IMG.", "img.")))},
		{
			name: "messages in another language",
			behaviour: responding(all(body("Incorrect IAM authentication information", "认证信息错误，100 %"),
				body("The role is invalid", "权限不足"), body("You are not", `Sie dürfen \"das\" nicht`))),
		},
		{name: "IAM refuses a token itself", behaviour: iam(on(401, func(r *http.Request, w *httptest.ResponseRecorder) {
			if tokenIs("expired-token")(r) {
				body("APIGW.0301", "IAM.0067")(r, w)
			}
		}))},
		{name: "another account does not exist", behaviour: iam(on(403, all(status(404), body("IAM.0002", "IAM.0004"))))},
	}
}

// legalMessages send the same bodies in other bytes.
func legalMessages() []legalProvider {
	return []legalProvider{
		{name: "charset", behaviour: responding(header("Content-Type", "application/json; charset=utf-8"))},
		{name: "charset in capitals, quoted", behaviour: responding(header("Content-Type", `Application/JSON;Charset="UTF-8"`))},
		{name: "charset as the vendor writes it", behaviour: responding(header("Content-Type", "application/json;charset=utf8"))},
		{name: "gzip without Accept-Encoding", behaviour: responding(gzipped)},
		{name: "deflate without Accept-Encoding", behaviour: responding(func(_ *http.Request, w *httptest.ResponseRecorder) {
			var b bytes.Buffer
			z := zlib.NewWriter(&b)
			_, _ = z.Write(w.Body.Bytes())
			_ = z.Close()
			w.Body = &b
			w.Header().Set("Content-Encoding", "deflate")
		})},
		{name: "identity", behaviour: responding(header("Content-Encoding", "identity"))},
		{name: "header names in capitals", behaviour: rewriting(func(_ *http.Request, raw string) string {
			return headerNames.ReplaceAllStringFunc(raw, strings.ToUpper)
		})},
		{name: "white space around the values", behaviour: rewriting(func(_ *http.Request, raw string) string {
			head, body, _ := strings.Cut(raw, "\r\n\r\n")
			return headerEnds.ReplaceAllString(head+"\r\n", "$1: \t $2 \t\r\n") + "\r\n" + body
		})},
		{
			name:      "another reason phrase",
			behaviour: rewriting(func(_ *http.Request, raw string) string { return reason.ReplaceAllString(raw, "$1 Très bien\r\n") }),
		},
		{
			name:      "no reason phrase",
			behaviour: rewriting(func(_ *http.Request, raw string) string { return reason.ReplaceAllString(raw, "$1 \r\n") }),
		},
		{
			name:      "HTTP/1.0",
			behaviour: rewriting(func(_ *http.Request, raw string) string { return strings.Replace(raw, "HTTP/1.1", "HTTP/1.0", 1) }),
		},
		{name: "no Content-Length", behaviour: rewriting(func(_ *http.Request, raw string) string {
			head, body, _ := strings.Cut(raw, "\r\n\r\n")
			return withoutLine(head+"\r\n", "Content-Length") + "\r\n" + body
		})},
		{
			name:      "in small chunks, with extensions and a trailer",
			behaviour: rewriting(inChunks(7, "%04X;a=\"b\"\r\n", "000;last\r\nX-Sum: 1\r\n\r\n")),
		},
		{name: "interim responses", behaviour: rewriting(func(_ *http.Request, raw string) string {
			return "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + raw
		})},
	}
}

// legalConnections send the same bytes in another way.
func legalConnections() []legalProvider {
	return []legalProvider{
		{name: "a connection that stays open", behaviour: behaviour{send: func(conn net.Conn, _ *http.Request, raw []byte) {
			_, _ = conn.Write(raw)
			_, _ = io.Copy(io.Discard, conn)
		}}},
		{name: "a connection that is half closed", behaviour: behaviour{send: func(conn net.Conn, _ *http.Request, raw []byte) {
			_, _ = conn.Write(raw)
			_ = conn.(*net.TCPConn).CloseWrite()
			_, _ = io.Copy(io.Discard, conn)
		}}},
	}
}

var (
	headerNames = regexp.MustCompile(`(?m)^[A-Z][A-Za-z-]+:`)
	headerEnds  = regexp.MustCompile(`(?m)^([A-Za-z-]+): ?(.*)\r\n`)
	reason      = regexp.MustCompile(`^(HTTP/1.1 \d+) [^\r]*\r\n`)
)

// inChunks sends a body in chunks of a size.
func inChunks(size int, format, last string) func(*http.Request, string) string {
	return func(r *http.Request, raw string) string {
		head, body, _ := strings.Cut(raw, "\r\n\r\n")
		head = withoutLine(head+"\r\n", "Content-Length") + "Transfer-Encoding: Chunked\r\n\r\n"
		if r.Method == http.MethodHead {
			return head
		}
		for part := range slices.Chunk([]byte(body), size) {
			head += fmt.Sprintf(format, len(part)) + string(part) + "\r\n"
		}
		return head + last
	}
}

// rewrittenJSON decodes a body, applies f to each value of it from the inside out, and encodes it again with its members
// sorted.
func rewrittenJSON(f func(any) any) change {
	var walk func(v any) any
	walk = func(v any) any {
		switch v := v.(type) {
		case []any:
			for i := range v {
				v[i] = walk(v[i])
			}
		case map[string]any:
			for name := range v {
				v[name] = walk(v[name])
			}
		}
		return f(v)
	}
	return func(_ *http.Request, w *httptest.ResponseRecorder) {
		var v any
		if json.Unmarshal(w.Body.Bytes(), &v) != nil {
			return
		}
		text, _ := json.Marshal(walk(v))
		w.Body = bytes.NewBuffer(text)
	}
}

// TestLegalProviders tests that nothing fails at the default grade, and that the warnings are only about undocumented members
// and headers.
func TestLegalProviders(t *testing.T) {
	t.Parallel()
	for _, test := range legalProviders() {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			url := startProvider(t, test.behaviour)
			checkLegal(t, url, test.warnings)
		})
	}
}

// checkLegal judges a provider that keeps the contract in its own way.
func checkLegal(t *testing.T, url string, warnings []string) {
	t.Helper()
	code, out, errs := quotaspec(t, "verify", url, "--concurrency", "8", "-v") // without -v, few of many warnings are shown
	if code != exitPassed || errs != "" {
		t.Errorf("exit %d: %s\n%s", code, errs, out)
	}
	if strings.Contains(out, "FAIL") || strings.Contains(out, "error  ") || strings.Contains(out, "skip  ") {
		t.Errorf("not everything passes:\n%s", out)
	}
	if diff := cmp.Diff(warnings, findings(t, out, url), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("warnings (-want +got):\n%s%s", diff, out)
	}
	if !strings.Contains(out, " 0 broken, 0 not observed") {
		t.Errorf("a promise is not kept:\n%s", out)
	}
}
