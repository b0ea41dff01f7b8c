package wire

import (
	"net/http"
	"strconv"
)

// End finds where a response ends by what its head announces, while its bytes come in. It goes on from where it was when
// more come: reading a response again with each packet would take the square of its length.
type End struct {
	Method string // of the request: the response to HEAD has no body

	part   part
	lines  lines
	head   message
	size   int // of the body, if it is counted
	chunks chunks
}

// part is what comes next in a response.
type part int

const (
	head part = iota
	counted
	chunked
	untilClose // only the end of the connection ends it
)

// Reached reports whether the bytes are a whole response. They are those of the last call and those that came since. Once
// it is true, it need not be called again. A response whose end the head does not announce, or whose chunks are broken, has
// no end of its own.
func (e *End) Reached(raw []byte) bool {
	for e.part == head {
		if !e.head.readHead(&e.lines, raw) {
			return false
		}
		e.decide()
	}
	switch e.part {
	case counted:
		return len(raw)-e.lines.at >= e.size
	case chunked:
		return e.chunks.read(raw, func([]byte) {}) == ""
	}
	return false
}

// decide says what follows the head.
func (e *End) decide() {
	status, _ := statusOf(e.head.line)
	header := e.head.header
	switch {
	case isInterim(status):
		e.head = message{}
		return
	case e.Method == http.MethodHead, status == http.StatusNoContent, status == http.StatusNotModified:
		e.part = counted
		return
	case len(header.Values("Transfer-Encoding")) > 0:
		e.part = chunked
		e.chunks.at = e.lines.at
		return
	}
	e.part = untilClose
	if n, err := strconv.Atoi(header.Get("Content-Length")); err == nil {
		e.part, e.size = counted, n
	}
}
