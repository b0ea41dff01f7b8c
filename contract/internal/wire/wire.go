// Package wire reads HTTP/1.1 messages from their bytes (RFC 9112). It keeps what a lenient parser hides: each fault of the
// framing is listed, and the rest of the message is still read. It knows no document, and it reads no socket.
package wire

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// ErrNotHTTP is returned for bytes that do not begin like an HTTP/1 message.
var ErrNotHTTP = errors.New("no HTTP/1 message")

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

// FramingError is an error in the framing of a message that Header and Body no longer show.
type FramingError struct {
	ID  string // such as framing/chunked
	Got string // what the message has, in words
}

// MaxFramingErrors is how many faults of one message are listed. It bounds the memory that a hostile message can take.
const MaxFramingErrors = 100

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
		m.unchunk(parts[2])
	}
	return Request{Method: parts[0], Target: parts[1], Header: m.header, Body: m.body, FramingErrors: m.faults}, nil
}

// ParseResponse reads the bytes of one response up to the end of the connection. It skips interim responses (1xx, except
// 101, after which HTTP ends). The only error is [ErrNotHTTP].
func ParseResponse(raw []byte) (Response, error) {
	var faults []FramingError
	for range maxInterim + 1 {
		m, whole := parseHead(raw)
		status, ok := statusOf(m.line)
		if !ok {
			return Response{}, fmt.Errorf("read the response: %w", ErrNotHTTP)
		}
		m.judgeStatusLine()
		switch {
		case isInterim(status):
			m.judgeInterim(status)
		case whole:
			version, _, _ := strings.Cut(m.line, " ")
			m.unchunk(version)
		}
		faults = append(faults, m.faults[:min(len(m.faults), MaxFramingErrors-len(faults))]...)
		if !isInterim(status) {
			return Response{Status: status, Header: m.header, Body: m.body, FramingErrors: faults}, nil
		}
		raw = m.body // an interim response has no body: the real one follows
	}
	return Response{}, fmt.Errorf("read the response: %w: interim answers and no end of them", ErrNotHTTP)
}

// statusOf reads the status of a status line. A reason is not needed.
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

// judgeStatusLine notes what is wrong with the first line of a response (RFC 9112, 4).
func (m *message) judgeStatusLine() {
	_, rest, _ := strings.Cut(m.line, " ")
	switch _, reason, space := strings.Cut(rest, " "); {
	case !space:
		m.fault("framing/status-line", "a status line without the space after the status")
	case strings.ContainsFunc(reason, isControl):
		m.fault("framing/status-line", "a control character in the reason")
	}
}

// judgeInterim notes headers that an interim response must not have, since no body follows it (RFC 9110, 8.6; RFC 9112, 6.1).
func (m *message) judgeInterim(status int) {
	for _, name := range []string{"Content-Length", "Transfer-Encoding"} {
		if len(m.header.Values(name)) > 0 {
			m.fault("framing/"+strings.ToLower(name), fmt.Sprintf("a %s in a %d", name, status))
		}
	}
}

// parseHead reads a head. All bytes after it are the body. It is not whole if the head is cut off.
func parseHead(raw []byte) (m message, whole bool) {
	var l lines
	if !m.readHead(&l, raw) {
		if !m.begun {
			m.line = string(raw)
		}
		m.fault("framing/truncated", "the message ends within its head")
		return m, false
	}
	m.body = raw[l.at:]
	return m, true
}

// unchunk joins the chunks of a body that has some. HTTP/1.0 knows no transfer coding: a message of that version with one may
// have passed through a program that did not see the chunks, so that its framing is faulty (RFC 9112, 6.1).
func (m *message) unchunk(version string) {
	codings := m.header.Values("Transfer-Encoding")
	if len(codings) == 0 {
		return
	}
	coding := strings.Join(codings, ", ")
	isChunked := strings.EqualFold(coding, "chunked")
	switch {
	case version == "HTTP/1.0":
		m.fault("framing/transfer-encoding", coding+" in HTTP/1.0")
	case !isChunked:
		m.fault("framing/transfer-encoding", coding)
	}
	if !isChunked {
		return
	}
	if m.header.Get("Content-Length") != "" {
		m.fault("framing/content-length", "a Content-Length beside chunks")
	}
	var why string
	if m.body, why = joinChunks(m.body); why != "" {
		m.fault("framing/chunked", why)
	}
	m.header.Del("Content-Length")
}
