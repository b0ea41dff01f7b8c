// Package wire reads HTTP/1.1 messages from their bytes (RFC 9112). It reports what a lenient parser hides: it lists each
// framing error and still reads the rest of the message.
//
// A message is read in three steps. First the head, line by line up to the empty line: lines that break a rule are
// reported, and those that are no header field are left out. Then the bytes after it, which are all body or, with
// Transfer-Encoding: chunked, chunks to be joined. At last the parts are compared: a Content-Length beside chunks, chunks
// in HTTP/1.0. [End] runs the same steps while the bytes are still arriving, to find where a response ends.
//
// The package does not know documents, and it does not read sockets. Whether Content-Length matches the size of the body
// is for its caller to judge, which knows the method of the request.
package wire

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// ErrNotHTTP is the error for bytes that do not begin like an HTTP/1 message.
var ErrNotHTTP = errors.New("not an HTTP/1 message")

// Request is a request as it was sent.
type Request struct {
	Method        string
	Target        string // path and query, not decoded
	Header        http.Header
	Body          []byte // without chunks; nil if the head is cut off
	FramingErrors []FramingError
}

// Response is a response as it was sent.
type Response struct {
	Status        int
	Header        http.Header
	Body          []byte         // all bytes after the head, without chunks; nil if the head is cut off
	FramingErrors []FramingError // also those of the interim responses before it
}

// FramingError is an error in the framing of a message. Header and Body no longer show it.
type FramingError struct {
	ID  string // the id of the finding, such as framing/chunked
	Got string // what the message has, in words
}

// maxFramingErrors is how many errors of one message are listed. It limits the memory that a hostile message can use.
const maxFramingErrors = 100

// maxInterim is how many interim responses may come before the real one.
const maxInterim = 10_000

// ParseRequest reads the bytes of one request up to the end of the connection. The only error is [ErrNotHTTP].
func ParseRequest(raw []byte) (Request, error) {
	m, whole := parseHead(raw)
	parts := strings.Split(m.line, " ")
	if len(parts) != 3 || !strings.HasPrefix(parts[2], "HTTP/1.") || parts[0] == "" || parts[1] == "" {
		return Request{}, fmt.Errorf("read the request: %w", ErrNotHTTP)
	}
	if whole {
		m.removeChunking(parts[2])
	}
	return Request{Method: parts[0], Target: parts[1], Header: m.header, Body: m.body, FramingErrors: m.errors}, nil
}

// ParseResponse reads the bytes of one response up to the end of the connection. It skips interim responses (1xx, except
// 101, after which HTTP ends). The only error is [ErrNotHTTP].
func ParseResponse(raw []byte) (Response, error) {
	var errs []FramingError
	for range maxInterim + 1 {
		m, whole := parseHead(raw)
		status, ok := statusOf(m.line)
		if !ok {
			return Response{}, fmt.Errorf("read the response: %w", ErrNotHTTP)
		}
		m.checkStatusLine()
		switch {
		case isInterim(status):
			m.checkInterim(status)
		case whole:
			version, _, _ := strings.Cut(m.line, " ")
			m.removeChunking(version)
		}
		errs = append(errs, m.errors[:min(len(m.errors), maxFramingErrors-len(errs))]...)
		if !isInterim(status) {
			return Response{Status: status, Header: m.header, Body: m.body, FramingErrors: errs}, nil
		}
		raw = m.body // an interim response has no body: the real one follows
	}
	return Response{}, fmt.Errorf("read the response: %w: more than 10000 interim responses", ErrNotHTTP)
}

// statusOf reads the status of a status line. The reason may be missing.
func statusOf(line string) (status int, ok bool) {
	version, rest, _ := strings.Cut(line, " ")
	code, _, _ := strings.Cut(rest, " ")
	status, err := strconv.Atoi(code)
	ok = err == nil && len(code) == 3 && status >= 100 && (version == "HTTP/1.1" || version == "HTTP/1.0")
	return status, ok
}

// isInterim reports whether another response follows one with this status.
func isInterim(status int) bool {
	return 100 <= status && status < 200 && status != http.StatusSwitchingProtocols
}

// checkStatusLine reports errors in the first line of a response (RFC 9112, 4).
func (m *message) checkStatusLine() {
	_, rest, _ := strings.Cut(m.line, " ")
	switch _, reason, space := strings.Cut(rest, " "); {
	case !space:
		m.report("framing/status-line", "a status line without the space after the status")
	case strings.ContainsFunc(reason, isControl):
		m.report("framing/status-line", "a control character in the reason")
	}
}

// checkInterim reports headers that an interim response must not have, as it has no body (RFC 9110, 8.6; RFC 9112, 6.1).
func (m *message) checkInterim(status int) {
	for _, name := range []string{"Content-Length", "Transfer-Encoding"} {
		if len(m.header.Values(name)) > 0 {
			m.report("framing/"+strings.ToLower(name), fmt.Sprintf("a %s in a %d", name, status))
		}
	}
}

// parseHead reads a head and takes all bytes after it as the body. If the head is cut off, whole is false.
func parseHead(raw []byte) (m message, whole bool) {
	var l lineReader
	if !m.readHead(&l, raw) {
		if !m.hasLine {
			m.line = string(raw)
		}
		m.report("framing/truncated", "the message ends within its head")
		return m, false
	}
	m.body = raw[l.at:]
	return m, true
}

// removeChunking joins the chunks of a chunked body. HTTP/1.0 has no transfer codings: such a message may have passed
// through a program that did not recognize the chunks, so its framing is in error (RFC 9112, 6.1).
func (m *message) removeChunking(version string) {
	codings := m.header.Values("Transfer-Encoding")
	if len(codings) == 0 {
		return
	}
	coding := strings.Join(codings, ", ")
	isChunked := strings.EqualFold(coding, "chunked")
	switch {
	case version == "HTTP/1.0":
		m.report("framing/transfer-encoding", coding+" in HTTP/1.0")
	case !isChunked:
		m.report("framing/transfer-encoding", coding)
	}
	if !isChunked {
		return
	}
	if m.header.Get("Content-Length") != "" {
		m.report("framing/content-length", "a Content-Length beside chunks")
	}
	var problem string
	if m.body, problem = decodeChunks(m.body); problem != "" {
		m.report("framing/chunked", problem)
	}
	m.header.Del("Content-Length")
}
