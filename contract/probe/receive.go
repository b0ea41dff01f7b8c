package probe

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxInterim is how many answers of 1xx may come before the real one.
const maxInterim = 100

// receive reads until the provider closes, or until nothing follows a message that is complete by its own account.
func receive(ctx context.Context, conn net.Conn, method string) ([]byte, error) {
	var raw []byte
	buffer := make([]byte, 32<<10)
	end := ending{method: method}
	done := false
	for len(raw) <= maxMessage {
		n, err := conn.Read(buffer)
		raw = append(raw, buffer[:n]...)
		if err != nil {
			if errors.Is(err, io.EOF) || done {
				return raw, nil
			}
			return raw, err
		}
		if !done && end.reached(raw) && ctx.Err() == nil {
			done = true
			_ = conn.SetReadDeadline(time.Now().Add(grace))
		}
	}
	return raw, nil
}

// ending finds where a message ends by what its head announces. It goes on from where it was when more bytes come: an
// answer without end would take the square of its length otherwise.
type ending struct {
	method string

	part    part
	at      int // the bytes before it are understood; it may lie beyond those that came
	sought  int // the end of a line or of a head does not begin before it
	size    int // of the body, if it is counted
	interim int
}

// part is what comes next in a message.
type part int

const (
	head part = iota
	counted
	chunk
	trailer
	untold // only the end of the connection ends it
)

// reached says whether the bytes are a whole message. They are those of the last call, and what came since; once it is, it
// need not be asked again.
func (e *ending) reached(raw []byte) bool {
	for {
		separator := "\r\n"
		switch e.part {
		case head:
			separator = "\r\n\r\n"
		case counted:
			return len(raw)-e.at >= e.size
		case untold:
			return false
		}
		text, ok := e.next(raw, separator)
		switch {
		case !ok:
			return false
		case e.part == head:
			e.readHead(text)
		case e.part == chunk:
			e.readChunk(text)
		case len(text) == 0: // the empty line after the trailers
			return true
		}
	}
}

// next takes the bytes up to the separator.
func (e *ending) next(raw []byte, separator string) (text []byte, ok bool) {
	from := max(e.at, e.sought)
	if from > len(raw) {
		return nil, false
	}
	i := bytes.Index(raw[from:], []byte(separator))
	if i < 0 {
		e.sought = max(0, len(raw)-len(separator)+1)
		return nil, false
	}
	text = raw[e.at : from+i]
	e.at = from + i + len(separator)
	return text, true
}

func (e *ending) readHead(raw []byte) {
	text := strings.ToLower(string(raw))
	_, status, _ := strings.Cut(text, " ")
	switch {
	case strings.HasPrefix(status, "1") && !strings.HasPrefix(status, "101"): // after 101 HTTP ends
		if e.interim++; e.interim > maxInterim {
			e.part = untold
		}
		return
	case e.method == http.MethodHead, strings.HasPrefix(status, "204"), strings.HasPrefix(status, "304"):
		e.part = counted
		return
	case strings.Contains(text, "\r\ntransfer-encoding:"):
		e.part = chunk
		return
	}
	e.part = untold
	if _, after, ok := strings.Cut(text, "\r\ncontent-length:"); ok {
		value, _, _ := strings.Cut(after, "\r\n")
		if n, err := strconv.Atoi(strings.TrimSpace(value)); err == nil {
			e.part, e.size = counted, n
		}
	}
}

// readChunk reads the line before a chunk and goes on behind it.
func (e *ending) readChunk(line []byte) {
	size, _, _ := strings.Cut(string(line), ";")
	n, err := strconv.ParseUint(strings.TrimSpace(size), 16, 31)
	switch {
	case err != nil:
		e.part = untold
	case n == 0:
		e.part = trailer
	default:
		e.at += int(n) + len("\r\n")
	}
}
