package contracttest

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/quotaspec/quotaspec/contract"
)

// A writer notes what a handler responds, as the consumer gets it: the header as it is when the status is written, the media
// type that net/http guesses from the first bytes, and no body where HTTP has none.
//
// Handlers ask a ResponseWriter with a type assertion for what it can do more. newWriter therefore returns one of three types,
// which can do what the ResponseWriter below can do:
//
//	writer                   WriteHeader, Write, ReadFrom, CloseNotify, Unwrap
//	flushing                 and Flush:  an httptest.ResponseRecorder, HTTP/2
//	hijacking                and Hijack: HTTP/1.1
type writer struct {
	http.ResponseWriter
	ctx        context.Context
	isHead     bool
	status     int         // 0: not yet written
	header     http.Header // when the status was written
	isSent     bool        // the header is on its way: no media type is guessed any more
	isFlushed  bool        // before the end of the body
	isCut      bool        // a part of the body could not be written
	isHijacked bool
	body       capture
}

type (
	flushing  struct{ *writer }
	hijacking struct{ flushing }
)

func newWriter(w http.ResponseWriter, r *http.Request) (recorded *writer, outer http.ResponseWriter) {
	recorded = &writer{ResponseWriter: w, ctx: r.Context(), isHead: r.Method == http.MethodHead}
	switch {
	case !can[http.Flusher](w):
		return recorded, recorded
	case !can[http.Hijacker](w):
		return recorded, flushing{recorded}
	}
	return recorded, hijacking{flushing{recorded}}
}

// can reports whether a ResponseWriter or one within it implements an interface.
func can[T any](w http.ResponseWriter) bool {
	for {
		if _, ok := w.(T); ok {
			return true
		}
		within, ok := w.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			return false
		}
		w = within.Unwrap()
	}
}

// Unwrap is what http.ResponseController asks for deadlines and the like.
func (w *writer) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// WriteHeader notes a status that ends the header. Those from 100 to 199 do not, except 101.
func (w *writer) WriteHeader(status int) {
	isInterim := status >= 100 && status < 200 && status != http.StatusSwitchingProtocols
	if !isInterim {
		w.begin(status)
	}
	w.ResponseWriter.WriteHeader(status)
}

// begin notes the status and the header, once.
func (w *writer) begin(status int) {
	if w.status == 0 {
		w.status, w.header = status, canonical(w.Header())
	}
}

// maxSniffed is how many bytes net/http looks at to guess a media type.
const maxSniffed = 512

// send completes the header as net/http does when it sends it, with the bytes that were written until then.
func (w *writer) send() {
	if w.isSent {
		return
	}
	w.begin(http.StatusOK)
	w.isSent = true
	_, hasType := w.header["Content-Type"]
	isPlain := w.header.Get("Content-Encoding") == "" && w.header.Get("Transfer-Encoding") == ""
	if sniffed := w.body.start(maxSniffed); !hasType && isPlain && len(sniffed) > 0 {
		w.header.Set("Content-Type", http.DetectContentType(sniffed))
	}
}

func (w *writer) Write(p []byte) (int, error) {
	w.begin(http.StatusOK)
	n, err := w.ResponseWriter.Write(p)
	w.note(p[:n])
	w.isCut = w.isCut || n < len(p)
	return n, err
}

// note copies a part of the body that was written. net/http takes the body of a response to HEAD, too, and drops it.
func (w *writer) note(p []byte) {
	w.begin(http.StatusOK)
	if w.isHead {
		return
	}
	_, _ = w.body.Write(p)
	if !w.isSent && w.body.size >= maxSniffed {
		w.send()
	}
}

// ReadFrom is what io.Copy asks for.
func (w *writer) ReadFrom(r io.Reader) (int64, error) {
	noted := w.body.size
	n, err := io.Copy(w.ResponseWriter, io.TeeReader(r, noting{w}))
	w.isCut = w.isCut || !w.isHead && n < w.body.size-noted
	return n, err
}

type noting struct{ w *writer }

func (n noting) Write(p []byte) (int, error) {
	n.w.note(p)
	return len(p), nil
}

// CloseNotify sends once when the consumer is gone. Old streaming code still asks for it, gin's Stream among it.
func (w *writer) CloseNotify() <-chan bool {
	gone := make(chan bool, 1)
	context.AfterFunc(w.ctx, func() { gone <- true })
	return gone
}

func (w flushing) Flush() { _ = w.FlushError() }

// FlushError is what http.ResponseController asks for.
func (w flushing) FlushError() error {
	w.send()
	w.isFlushed = true
	return http.NewResponseController(w.ResponseWriter).Flush()
}

func (w hijacking) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffered, err := http.NewResponseController(w.ResponseWriter).Hijack()
	w.isHijacked = w.isHijacked || err == nil
	return conn, buffered, err
}

// maxCounted is how many bytes of a body net/http waits for, to count them.
const maxCounted = 2048

// complete adds to the header what net/http adds when the handler has returned: the date, and the length of a short body.
func (w *writer) complete() {
	for name := range w.header {
		if strings.HasPrefix(name, http.TrailerPrefix) {
			delete(w.header, name)
		}
	}
	set := func(name, value string) {
		if _, has := w.header[name]; !has {
			w.header.Set(name, value)
		}
	}
	set("Date", time.Now().UTC().Format(http.TimeFormat))
	hasNoBody := w.isHead || w.status < 200 || w.status == http.StatusNoContent || w.status == http.StatusNotModified
	if !hasNoBody && !w.isFlushed && w.body.size <= maxCounted && w.header.Get("Transfer-Encoding") == "" {
		set("Content-Length", strconv.FormatInt(w.body.size, 10))
	}
}

// finish adds the response to an exchange. If the consumer left while the handler was writing, the body may have a rest.
func (w *writer) finish(ex *contract.Exchange) {
	w.send()
	w.complete()
	announced, err := strconv.ParseInt(w.header.Get("Content-Length"), 10, 64)
	if err != nil {
		announced = -1
	}
	if isAlone := w.ctx.Err() == nil && !w.isCut; isAlone {
		w.body.end()
	} else {
		ex.Unrecorded |= contract.UnrecordedFraming
	}
	body, isWhole := w.body.take(announced, w.header.Get("Content-Type"))
	if !isWhole {
		ex.Unrecorded |= contract.UnrecordedResponseBody
	}
	ex.Response = contract.Response{Status: w.status, Header: w.header, Body: body}
}
