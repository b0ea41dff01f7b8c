package main

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// plainImage says whether the request is the plain one for images: a fault of time is tried on it alone.
func plainImage(r *http.Request) bool {
	return r.Method == http.MethodGet && r.URL.Path == "/v1/cloudimages/quota" && r.Header.Get("X-Auth-Token") == "reader-token"
}

// rewritten changes the bytes of the plain answer for images.
func rewritten(f func(head, body string) string) behaviour {
	return rewriting(func(r *http.Request, raw string) string {
		head, body, ok := strings.Cut(raw, "\r\n\r\n")
		if !ok || !plainImage(r) {
			return raw
		}
		return f(head+"\r\n", body)
	})
}

// headers replaces the line with the Content-Length, or adds behind it.
func headLines(lines string) func(head, body string) string {
	return func(head, body string) string {
		return withoutLine(head, "Content-Length") + lines + "\r\n" + body
	}
}

// added adds lines to the head.
func added(lines string) behaviour {
	return rewritten(func(head, body string) string { return head + lines + "\r\n" + body })
}

func withoutLine(head, name string) string {
	kept := ""
	for _, line := range strings.SplitAfter(head, "\r\n") {
		if !strings.HasPrefix(line, name+":") {
			kept += line
		}
	}
	return kept
}

// chunked sends chunks that are made by hand.
func chunked(chunks func(body string) string) behaviour {
	return rewritten(func(head, body string) string {
		return withoutLine(head, "Content-Length") + "Transfer-Encoding: chunked\r\n\r\n" + chunks(body)
	})
}

// framingFaults are in the bytes between the messages.
func framingFaults() []fault {
	list := []fault{}
	for _, f := range []struct {
		name string
		b    behaviour
		ids  []string
	}{
		{"says that the body is shorter than it is", rewritten(headLines("Content-Length: 10\r\n")), []string{"framing/content-length"}},
		{"says that the body is longer than it is", rewritten(headLines("Content-Length: 1000\r\n")), []string{"framing/content-length"}},
		{"says that there is no body", rewritten(headLines("Content-Length: 0\r\n")), []string{"framing/content-length"}},
		{"gives a length that is no number", rewritten(headLines("Content-Length: many\r\n")), []string{"framing/content-length"}},
		{"gives a length below zero", rewritten(headLines("Content-Length: -1\r\n")), []string{"framing/content-length"}},
		{"gives two lengths", rewritten(headLines("Content-Length: 10\r\nContent-Length: 20\r\n")), []string{"framing/content-length"}},
		{"gives a length and chunks", rewritten(func(head, body string) string {
			return head + "Transfer-Encoding: chunked\r\n\r\n" + fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(body), body)
		}), []string{"framing/content-length"}},
		{"sends bytes after the body", rewritten(func(head, body string) string { return head + "\r\n" + body + "\r\n" }), []string{"framing/content-length"}},
		{"sends a second answer", rewritten(func(head, body string) string { return strings.Repeat(head+"\r\n"+body, 2) }), []string{"framing/content-length", "body/trailing-bytes"}},
		{"gives no size of a chunk", chunked(func(body string) string { return "many\r\n" + body + "\r\n0\r\n\r\n" }), []string{"framing/chunked", "body/empty"}},
		{"makes a chunk too short", chunked(func(body string) string { return "5\r\n" + body + "\r\n0\r\n\r\n" }), []string{"framing/chunked", "body/truncated"}},
		{"makes a chunk too long", chunked(func(body string) string { return "fff\r\n" + body + "\r\n0\r\n\r\n" }), []string{"framing/chunked", "body/trailing-bytes"}},
		{"forgets the last chunk", chunked(func(body string) string { return fmt.Sprintf("%x\r\n%s\r\n", len(body), body) }), []string{"framing/chunked"}},
		{"forgets the end of the last chunk", chunked(func(body string) string { return fmt.Sprintf("%x\r\n%s\r\n0\r\n", len(body), body) }), []string{"framing/chunked"}},
		{"sends bytes after the last chunk", chunked(func(body string) string { return fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\nmore", len(body), body) }), []string{"framing/chunked"}},
		{"ends chunks with a line feed alone", chunked(func(body string) string { return fmt.Sprintf("%x\n%s\n0\n\n", len(body), body) }), []string{"framing/chunked", "body/empty"}},
		{"sends in a coding that nobody knows", rewritten(headLines("Transfer-Encoding: zap\r\n")), []string{"framing/transfer-encoding"}},
		{"sends chunks in two codings", rewritten(headLines("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n")), []string{"framing/transfer-encoding"}},
		{"ends a line with a line feed alone", rewritten(func(head, body string) string { return strings.Replace(head, "\r\n", "\n", 1) + "\r\n" + body }), []string{"framing/line-ending"}},
		{"ends all lines so", rewritten(func(head, body string) string { return strings.ReplaceAll(head, "\r\n", "\n") + "\n" + body }), []string{"framing/line-ending"}},
		{"writes a header without a colon", added("nonsense\r\n"), []string{"framing/header-syntax"}},
		{"writes a header with a blank in its name", added("X Y: z\r\n"), []string{"framing/header-syntax"}},
		{"writes a blank before the colon", added("Server : z\r\n"), []string{"framing/header-syntax"}},
		{"folds a header", added("Server: a\r\n b\r\n"), []string{"framing/header-syntax"}},
		{"writes a header without a name", added(": z\r\n"), []string{"framing/header-syntax"}},
		{"writes a control character", added("Server: a\x00b\r\n"), []string{"framing/header-syntax"}},
		{"ends within the head", rewritten(func(head, _ string) string { return head }), []string{"framing/truncated", "framing/content-length", "body/empty"}},
		{"ends within the body", rewritten(func(head, body string) string { return head + "\r\n" + body[:20] }), []string{"framing/content-length", "body/truncated"}},
		{"closes at once", rewritten(func(_, _ string) string { return "" }), []string{"framing/no-answer"}},
	} {
		list = append(list, fault{f.name, f.b, spec.Documented, f.ids})
	}
	return append(list,
		fault{"sends a body with HEAD", rewriting(func(r *http.Request, raw string) string {
			if r.Method == http.MethodHead {
				raw += "{}"
			}
			return raw
		}), spec.Documented, []string{"framing/body-forbidden"}},
		fault{"sends a body with 204", rewritten(func(head, body string) string {
			return strings.Replace(head, "200 OK", "204 No Content", 1) + "\r\n" + body
		}), spec.Documented, []string{"framing/body-forbidden", "framing/content-length", "ims/only-200-succeeds", "status/undocumented", "status/valid-request", "status/repeat"}},
		fault{"switches protocols", rewritten(func(_, _ string) string {
			return "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nX-Request-Id: 1\r\n\r\n"
		}), spec.Documented, []string{"ims/only-200-succeeds", "status/undocumented", "status/valid-request", "status/repeat"}},
	)
}
