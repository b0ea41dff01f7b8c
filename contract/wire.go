package contract

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/textproto"
	"strconv"
	"strings"
)

// ErrNotHTTP is given for bytes that are no HTTP/1 message.
var ErrNotHTTP = errors.New("no HTTP/1 message")

// ParseRequest reads the bytes of one HTTP/1 request up to the end of the connection. Faults of its framing are kept for
// the judge; only bytes that do not begin like a request are an error.
func ParseRequest(raw []byte) (Request, error) {
	line, header, body, faults := splitMessage(raw)
	parts := strings.Split(line, " ")
	if len(parts) != 3 || !strings.HasPrefix(parts[2], "HTTP/1.") || parts[0] == "" || parts[1] == "" {
		return Request{}, fmt.Errorf("read the request: %w", ErrNotHTTP)
	}
	return Request{Method: parts[0], Target: parts[1], Header: header, Body: body, faults: faults}, nil
}

// maxInterim is how many interim answers may come before the real one.
const maxInterim = 10_000

// ParseResponse reads the bytes of one HTTP/1 response up to the end of the connection. Faults of its framing are kept for
// the judge; only bytes that do not begin like a response are an error.
func ParseResponse(raw []byte) (Response, error) {
	var interim []framingFault
	for answers := 0; ; answers++ {
		r, err := parseResponse(raw)
		interim = append(interim, r.faults[:min(len(r.faults), maxFaults-len(interim))]...)
		if r.faults = interim; err != nil || r.Status >= 200 || r.Status == http.StatusSwitchingProtocols {
			return r, err
		}
		if raw = r.Body; answers == maxInterim { // an interim response has no body: the real one follows
			return Response{}, fmt.Errorf("read the response: %w: interim answers and no end of them", ErrNotHTTP)
		}
	}
}

func parseResponse(raw []byte) (Response, error) {
	line, header, body, faults := splitMessage(raw)
	version, rest, _ := strings.Cut(line, " ")
	code, _, _ := strings.Cut(rest, " ")
	status, err := strconv.Atoi(code)
	if err != nil || len(code) != 3 || status < 100 || version != "HTTP/1.1" && version != "HTTP/1.0" {
		return Response{}, fmt.Errorf("read the response: %w", ErrNotHTTP)
	}
	return Response{Status: status, Header: header, Body: body, faults: faults}, nil
}

// splitMessage takes a message apart (RFC 9112).
func splitMessage(raw []byte) (line string, header http.Header, body []byte, faults []framingFault) {
	fault := func(id, format string, args ...any) {
		if len(faults) == maxFaults {
			return
		}
		faults = append(faults, framingFault{id, fmt.Sprintf(format, args...)})
	}
	next := func() (string, bool) {
		text, rest, ok := bytes.Cut(raw, []byte("\n"))
		if !ok {
			raw = nil
			return string(text), false
		}
		raw = rest
		if !bytes.HasSuffix(text, []byte("\r")) {
			fault("framing/line-ending", "a line that ends without a carriage return")
		}
		return strings.TrimSuffix(string(text), "\r"), true
	}
	line, _ = next()
	header = http.Header{}
	for {
		text, ok := next()
		if text == "" && ok {
			break
		}
		if !ok {
			fault("framing/truncated", "the message ends within its head")
			return line, header, nil, faults
		}
		name, value, colon := strings.Cut(text, ":")
		if !colon || !isToken(name) {
			fault("framing/header-syntax", "a line of the head that is no header")
			continue
		}
		if strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
			fault("framing/header-syntax", "a control character in %s", textproto.CanonicalMIMEHeaderKey(name))
		}
		header.Add(name, strings.Trim(value, " \t"))
	}
	body = raw
	if coding := header.Values("Transfer-Encoding"); len(coding) > 0 {
		if len(coding) > 1 || !strings.EqualFold(coding[0], "chunked") {
			fault("framing/transfer-encoding", "%s", strings.Join(coding, ", "))
			return line, header, body, faults
		}
		if header.Get("Content-Length") != "" {
			fault("framing/content-length", "a Content-Length beside chunks")
		}
		var why string
		if body, why = joinChunks(raw); why != "" {
			fault("framing/chunked", "%s", why)
		}
		header.Del("Content-Length")
	}
	return line, header, body, faults
}

// joinChunks takes the chunks apart and says what is wrong with them.
func joinChunks(raw []byte) (body []byte, why string) {
	body = []byte{}
	for {
		head, rest, ok := bytes.Cut(raw, []byte("\r\n"))
		if !ok {
			return body, "the chunks end without the last one"
		}
		size, _, _ := strings.Cut(string(head), ";")
		n, err := strconv.ParseUint(strings.TrimRight(size, " \t"), 16, 31)
		if err != nil {
			return body, "a chunk without a size"
		}
		if n == 0 {
			// Trailers, then the empty line.
			for {
				trailer, after, ok := bytes.Cut(rest, []byte("\r\n"))
				if !ok {
					return body, "no empty line after the last chunk"
				}
				if rest = after; len(trailer) == 0 {
					break
				}
			}
			if len(rest) > 0 {
				return body, fmt.Sprintf("%d more bytes after the last chunk", len(rest))
			}
			return body, ""
		}
		if uint64(len(rest)) < n+2 {
			return append(body, rest[:min(uint64(len(rest)), n)]...), "a chunk is cut off"
		}
		if string(rest[n:n+2]) != "\r\n" {
			return append(body, rest[:n]...), "a chunk is longer than its size"
		}
		body, raw = append(body, rest[:n]...), rest[n+2:]
	}
}

func isToken(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r)
	})
}
