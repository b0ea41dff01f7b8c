package wire

import (
	"math"
	"net/http"
	"strconv"
)

// End finds the end of a response while its bytes are arriving. The head announces the end: no body, chunks, or a length.
// Each call continues where the last one stopped, since parsing a response anew with every packet would take quadratic
// time.
type End struct {
	Method string // the method of the request; a response to HEAD has no body

	lines      lineReader
	head       message
	isHeadRead bool // the final head was read, and the fields below are set
	isChunked  bool
	size       int // of the body; math.MaxInt if only the end of the connection ends it
	chunks     chunkReader
}

// Reached reports whether raw is a complete response. Each call passes all bytes so far, those of the last call first.
// After it has returned true, do not call it again. It stays false for a response that only the end of the connection
// ends, because its head announces no end or its chunks are broken.
func (e *End) Reached(raw []byte) bool {
	for !e.isHeadRead {
		if !e.head.readHead(&e.lines, raw) {
			return false
		}
		e.useHead()
	}
	if e.isChunked {
		return e.chunks.read(raw, func([]byte) {}) == ""
	}
	return len(raw)-e.lines.at >= e.size
}

// useHead finds out from a head how the response ends. An interim head is dropped, and the next one is read.
func (e *End) useHead() {
	status, _ := statusOf(e.head.line)
	header := e.head.header
	if isInterim(status) {
		e.head = message{}
		return
	}
	e.isHeadRead = true
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
