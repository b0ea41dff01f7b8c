package wire

import (
	"math"
	"net/http"
	"strconv"
)

// End finds where a response ends by what its head announces, while its bytes come in. It goes on from where it was when
// more come: reading a response again with each packet would take the square of its length.
type End struct {
	Method string // of the request: the response to HEAD has no body

	lines     lines
	head      message
	isDecided bool // the head was read, and the following say what comes next
	isChunked bool
	size      int // of the body; more than any has: only the end of the connection ends it
	chunks    chunks
}

// Reached reports whether the bytes are a whole response. They are those of the last call and those that came since. Once
// it is true, it need not be called again. A response whose end the head does not announce, or whose chunks are broken, has
// no end of its own.
func (e *End) Reached(raw []byte) bool {
	for !e.isDecided {
		if !e.head.readHead(&e.lines, raw) {
			return false
		}
		e.decide()
	}
	if e.isChunked {
		return e.chunks.read(raw, func([]byte) {}) == ""
	}
	return len(raw)-e.lines.at >= e.size
}

// decide says what follows the head.
func (e *End) decide() {
	status, _ := statusOf(e.head.line)
	header := e.head.header
	if isInterim(status) {
		e.head = message{}
		return
	}
	e.isDecided = true
	switch {
	case e.Method == http.MethodHead, status == http.StatusNoContent, status == http.StatusNotModified:
		e.size = 0
	case len(header.Values("Transfer-Encoding")) > 0:
		e.isChunked, e.chunks.at = true, e.lines.at
	default:
		var err error
		if e.size, err = strconv.Atoi(header.Get("Content-Length")); err != nil {
			e.size = math.MaxInt
		}
	}
}
