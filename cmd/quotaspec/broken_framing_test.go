package main

import (
	"fmt"
	"net/http"
	"strings"
)

// plainImage reports whether the request is the plain one for image quotas. Errors of time and framing are tried on it alone.
func plainImage(r *http.Request) bool {
	return r.Method == http.MethodGet && r.URL.Path == "/v1/cloudimages/quota" && r.Header.Get("X-Auth-Token") == "reader-token"
}

// rewritten changes the bytes of the response to the plain request for image quotas.
func rewritten(f func(head, body string) string) behaviour {
	return rewriting(func(r *http.Request, raw string) string {
		head, body, ok := strings.Cut(raw, "\r\n\r\n")
		if !ok || !plainImage(r) {
			return raw
		}
		return f(head+"\r\n", body)
	})
}

// headLines replaces the line with Content-Length.
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
	rest := ""
	for _, line := range strings.SplitAfter(head, "\r\n") {
		if !strings.HasPrefix(line, name+":") {
			rest += line
		}
	}
	return rest
}

// chunked sends chunks that the test writes itself.
func chunked(chunks func(body string) string) behaviour {
	return rewritten(func(head, body string) string {
		return withoutLine(head, "Content-Length") + "Transfer-Encoding: chunked\r\n\r\n" + chunks(body)
	})
}

// framingBreakers send responses with framing errors.
func framingBreakers() []brokenProvider {
	list := []brokenProvider{}
	for _, f := range []struct {
		name      string
		behaviour behaviour
		ids       []string
	}{
		{
			name: "claims a shorter body", behaviour: rewritten(headLines("Content-Length: 10\r\n")),
			ids: []string{"framing/content-length"},
		},
		{
			name: "claims a longer body", behaviour: rewritten(headLines("Content-Length: 1000\r\n")),
			ids: []string{"framing/content-length"},
		},
		{name: "claims an empty body", behaviour: rewritten(headLines("Content-Length: 0\r\n")), ids: []string{"framing/content-length"}},
		{
			name: "gives a length that is not a number", behaviour: rewritten(headLines("Content-Length: many\r\n")),
			ids: []string{"framing/content-length"},
		},
		{name: "gives a length below zero", behaviour: rewritten(headLines("Content-Length: -1\r\n")), ids: []string{"framing/content-length"}},
		{
			name: "gives two lengths", behaviour: rewritten(headLines("Content-Length: 10\r\nContent-Length: 20\r\n")),
			ids: []string{"framing/content-length"},
		},
		{name: "gives a length and chunks", behaviour: rewritten(func(head, body string) string {
			return head + "Transfer-Encoding: chunked\r\n\r\n" + fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(body), body)
		}), ids: []string{"framing/content-length"}},
		{
			name:      "sends bytes after the body",
			behaviour: rewritten(func(head, body string) string { return head + "\r\n" + body + "\r\n" }),
			ids:       []string{"framing/content-length"},
		},
		{
			name:      "sends a second response",
			behaviour: rewritten(func(head, body string) string { return strings.Repeat(head+"\r\n"+body, 2) }),
			ids:       []string{"framing/content-length", "body/trailing-bytes"},
		},
		{
			name:      "gives no size of a chunk",
			behaviour: chunked(func(body string) string { return "many\r\n" + body + "\r\n0\r\n\r\n" }),
			ids:       []string{"framing/chunked", "body/empty"},
		},
		{
			name: "makes a chunk too short", behaviour: chunked(func(body string) string { return "5\r\n" + body + "\r\n0\r\n\r\n" }),
			ids: []string{"framing/chunked", "body/truncated"},
		},
		{
			name: "makes a chunk too long", behaviour: chunked(func(body string) string { return "fff\r\n" + body + "\r\n0\r\n\r\n" }),
			ids: []string{"framing/chunked", "body/trailing-bytes"},
		},
		{
			name:      "forgets the last chunk",
			behaviour: chunked(func(body string) string { return fmt.Sprintf("%x\r\n%s\r\n", len(body), body) }),
			ids:       []string{"framing/chunked"},
		},
		{
			name:      "forgets the end of the last chunk",
			behaviour: chunked(func(body string) string { return fmt.Sprintf("%x\r\n%s\r\n0\r\n", len(body), body) }),
			ids:       []string{"framing/chunked"},
		},
		{
			name:      "sends bytes after the last chunk",
			behaviour: chunked(func(body string) string { return fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\nmore", len(body), body) }),
			ids:       []string{"framing/chunked"},
		},
		{
			name:      "ends chunks with a line feed alone",
			behaviour: chunked(func(body string) string { return fmt.Sprintf("%x\n%s\n0\n\n", len(body), body) }),
			ids:       []string{"framing/chunked", "body/empty"},
		},
		{
			name: "uses an unknown transfer coding", behaviour: rewritten(headLines("Transfer-Encoding: zap\r\n")),
			ids: []string{"framing/transfer-encoding"},
		},
		{
			name:      "sends chunks in two codings",
			behaviour: rewritten(headLines("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n")),
			ids:       []string{"framing/transfer-encoding"},
		},
		{
			name:      "ends a line with a line feed alone",
			behaviour: rewritten(func(head, body string) string { return strings.Replace(head, "\r\n", "\n", 1) + "\r\n" + body }),
			ids:       []string{"framing/line-ending"},
		},
		{
			name:      "ends all lines with a line feed alone",
			behaviour: rewritten(func(head, body string) string { return strings.ReplaceAll(head, "\r\n", "\n") + "\n" + body }),
			ids:       []string{"framing/line-ending"},
		},
		{name: "writes a header without a colon", behaviour: added("nonsense\r\n"), ids: []string{"framing/header-syntax"}},
		{name: "writes a header name with a space", behaviour: added("X Y: z\r\n"), ids: []string{"framing/header-syntax"}},
		{name: "writes a space before the colon", behaviour: added("Server : z\r\n"), ids: []string{"framing/header-syntax"}},
		{name: "folds a header", behaviour: added("Server: a\r\n b\r\n"), ids: []string{"framing/header-syntax"}},
		{name: "writes a header without a name", behaviour: added(": z\r\n"), ids: []string{"framing/header-syntax"}},
		{name: "writes a control character", behaviour: added("Server: a\x00b\r\n"), ids: []string{"framing/header-syntax"}},
		{
			name: "ends within the head", behaviour: rewritten(func(head, _ string) string { return head }),
			ids: []string{"framing/truncated", "framing/content-length", "body/empty"},
		},
		{
			name: "ends within the body", behaviour: rewritten(func(head, body string) string { return head + "\r\n" + body[:20] }),
			ids: []string{"framing/content-length", "body/truncated"},
		},
		{name: "closes at once", behaviour: rewritten(func(_, _ string) string { return "" }), ids: []string{"framing/no-answer"}},
	} {
		list = append(list, brokenProvider{name: f.name, behaviour: f.behaviour, ids: f.ids})
	}
	return append(list,
		brokenProvider{name: "sends a body with HEAD", behaviour: rewriting(func(r *http.Request, raw string) string {
			if r.Method == http.MethodHead {
				raw += "{}"
			}
			return raw
		}), ids: []string{"framing/body-forbidden"}},
		brokenProvider{name: "sends a body with 204", behaviour: rewritten(func(head, body string) string {
			return strings.Replace(head, "200 OK", "204 No Content", 1) + "\r\n" + body
		}), ids: []string{"framing/body-forbidden", "framing/content-length", "ims/only-200-succeeds", "status/undocumented",
			"status/valid-request", "status/repeat"}},
		brokenProvider{name: "switches protocols", behaviour: rewritten(func(_, _ string) string {
			return "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nX-Request-Id: 1\r\n\r\n"
		}), ids: []string{"ims/only-200-succeeds", "status/undocumented", "status/valid-request", "status/repeat"}},
	)
}
