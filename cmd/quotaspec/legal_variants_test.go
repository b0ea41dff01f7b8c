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

// variant is what a provider may do.
type variant struct {
	name     string
	b        behaviour
	warnings []string // what may be said of it, at the grade of what the document does not know
}

// variants lists them: none is a fault. Those that the server knows itself are in serve_variants_test.go.
func variants() []variant {
	return slices.Concat(legalAnswers(), legalMessages(), legalConnections())
}

// legalAnswers are other bodies that say what is promised.
func legalAnswers() []variant {
	return []variant{
		{"members in another order", answering(rewrittenJSON(func(v any) any { return v })), nil},
		{"headers that everybody knows", answering(all(
			header("Server", "api-gateway"), header("Set-Cookie", "a=1", "b=2"), header("Cache-Control", "no-cache", "no-store"), header("Vary", "Accept", "Origin"),
			header("Via", "1.1 a", "1.1 b"), header("Strict-Transport-Security", "max-age=1"), header("X-Frame-Options", "SAMEORIGIN"), header("Access-Control-Allow-Origin", "*"),
		)), nil},
		{"a trace id", iam(header("X-Iam-Trace-Id", "token_cn-north-4_null_1")), nil},
		{"indented", answering(func(_ *http.Request, w *httptest.ResponseRecorder) {
			var b bytes.Buffer
			if json.Indent(&b, w.Body.Bytes(), "", "\t") == nil {
				w.Body = &b
			}
			w.Body.WriteString("\r\n")
		}), nil},
		{"escaped", answering(all(body(`"type"`, `"\u0074ype"`), body(`"image"`, `"im\u0061ge"`), body("Incorrect", `\ud83d\ude00\/`))), nil},
		{"more used than there may be", answering(on(200, all(body(`"used":0`, `"used":2147483647`), body(`"used":8`, `"used":501`)))), nil},
		{"another number used each time", ims(on(200, counting(`"used":0`, `"used":%d`))), nil},
		{"all three types of images", ims(on(200, body(`[{"type":"image",`, `[{"type":"image_member","used":0,"quota":128,"min":1,"max":128},{"type":"image_shared","used":1,"quota":1,"min":1,"max":1},{"type":"image",`))), nil},
		{"the widest bounds", ims(on(200, all(body(`"min":1`, `"min":0`), body(`"max":1000`, `"max":2147483647`)))), nil},
		{"codes in another case", answering(all(body("APIGW.", "apigw."), body("IAM.0", "Iam.0"), body("IMG.", "img."))), nil},
		{"messages in another language", answering(all(body("Incorrect IAM authentication information", "认证信息错误，100 %"), body("The role is invalid", "权限不足"), body("You are not", `Sie dürfen \"das\" nicht`))), nil},
		{"IAM refuses a token itself", iam(on(401, func(r *http.Request, w *httptest.ResponseRecorder) {
			if tokenIs("expired-token")(r) {
				body("APIGW.0301", "IAM.0067")(r, w)
			}
		})), nil},
		{"another account does not exist", iam(on(403, all(status(404), body("IAM.0002", "IAM.0004")))), nil},
	}
}

// legalMessages are other bytes of the same answers.
func legalMessages() []variant {
	return []variant{
		{"charset", answering(header("Content-Type", "application/json; charset=utf-8")), nil},
		{"charset in capitals, quoted", answering(header("Content-Type", `Application/JSON;Charset="UTF-8"`)), nil},
		{"charset as the vendor writes it", answering(header("Content-Type", "application/json;charset=utf8")), nil},
		{"gzip, although nobody asked", answering(gzipped), nil},
		{"deflate, although nobody asked", answering(func(_ *http.Request, w *httptest.ResponseRecorder) {
			var b bytes.Buffer
			z := zlib.NewWriter(&b)
			_, _ = z.Write(w.Body.Bytes())
			_ = z.Close()
			w.Body = &b
			w.Header().Set("Content-Encoding", "deflate")
		}), nil},
		{"identity", answering(header("Content-Encoding", "identity")), nil},
		{"header names in capitals", rewriting(func(_ *http.Request, raw string) string {
			return headerNames.ReplaceAllStringFunc(raw, strings.ToUpper)
		}), nil},
		{"blanks around the values", rewriting(func(_ *http.Request, raw string) string {
			head, body, _ := strings.Cut(raw, "\r\n\r\n")
			return headerEnds.ReplaceAllString(head+"\r\n", "$1: \t $2 \t\r\n") + "\r\n" + body
		}), nil},
		{"another reason", rewriting(func(_ *http.Request, raw string) string { return reason.ReplaceAllString(raw, "$1 Très bien\r\n") }), nil},
		{"no reason", rewriting(func(_ *http.Request, raw string) string { return reason.ReplaceAllString(raw, "$1 \r\n") }), nil},
		{"HTTP/1.0", rewriting(func(_ *http.Request, raw string) string { return strings.Replace(raw, "HTTP/1.1", "HTTP/1.0", 1) }), nil},
		{"the end of the body is the end of the connection", rewriting(func(_ *http.Request, raw string) string {
			head, body, _ := strings.Cut(raw, "\r\n\r\n")
			return withoutLine(head+"\r\n", "Content-Length") + "\r\n" + body
		}), nil},
		{"in small chunks, with extensions and a trailer", rewriting(inChunks(7, "%04X;a=\"b\"\r\n", "000;last\r\nX-Sum: 1\r\n\r\n")), nil},
		{"something to be said before", rewriting(func(_ *http.Request, raw string) string {
			return "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + raw
		}), nil},
	}
}

// legalConnections are other ways to send the same bytes.
func legalConnections() []variant {
	return []variant{
		{"a connection that stays open", behaviour{wire: func(conn net.Conn, _ *http.Request, raw []byte) {
			_, _ = conn.Write(raw)
			_, _ = io.Copy(io.Discard, conn)
		}}, nil},
		{"a connection that is half closed", behaviour{wire: func(conn net.Conn, _ *http.Request, raw []byte) {
			_, _ = conn.Write(raw)
			_ = conn.(*net.TCPConn).CloseWrite()
			_, _ = io.Copy(io.Discard, conn)
		}}, nil},
	}
}

var (
	headerNames = regexp.MustCompile(`(?m)^[A-Z][A-Za-z-]+:`)
	headerEnds  = regexp.MustCompile(`(?m)^([A-Za-z-]+): ?(.*)\r\n`)
	reason      = regexp.MustCompile(`^(HTTP/1.1 \d+) [^\r]*\r\n`)
)

// inChunks sends a body in pieces.
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

// rewrittenJSON takes a body apart, changes each list and object of it, and writes it anew with the members by their names.
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

// TestLegalVariants holds what a provider may do: nothing fails at the default grade, and nothing is said of it but that
// the document does not know members and headers.
func TestLegalVariants(t *testing.T) {
	t.Parallel()
	for _, test := range variants() {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			url := brokenProvider(t, test.b)
			holdLegal(t, url, test.warnings)
		})
	}
}

// holdLegal judges a provider that keeps the contract in its own way.
func holdLegal(t *testing.T, url string, warnings []string) {
	t.Helper()
	code, out, said := quotaspec(t, "verify", url, "--concurrency", "8")
	if code != exitPassed || said != "" {
		t.Errorf("exit %d: %s\n%s", code, said, out)
	}
	if strings.Contains(out, "FAIL") || strings.Contains(out, "error  ") || strings.Contains(out, "skip  ") {
		t.Errorf("not everything passes:\n%s", out)
	}
	if diff := cmp.Diff(warnings, findings(t, out, url), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("warnings (-want +got):\n%s%s", diff, out)
	}
	if !strings.Contains(out, " 0 broken, 0 not observed") {
		t.Errorf("not every promise was seen to be kept:\n%s", out)
	}
}
