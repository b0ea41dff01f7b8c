package wire

import (
	"bytes"
	"net/http"
	"net/textproto"
	"strings"
)

// lineReader reads lines from bytes that may still be coming in. Each call gets the bytes of the last call and those
// that came since; no byte is searched twice, so that a long message costs no more than its length.
type lineReader struct {
	at       int // the bytes before it were read; it may be beyond those that have arrived
	searched int // a separator begins here or later
}

// next returns the bytes up to the next separator. If that has not arrived, ok is false.
func (l *lineReader) next(raw []byte, separator string) (text []byte, ok bool) {
	from := max(l.at, l.searched)
	if from > len(raw) {
		return nil, false
	}
	i := bytes.Index(raw[from:], []byte(separator))
	if i < 0 {
		l.searched = max(0, len(raw)-len(separator)+1)
		return nil, false
	}
	text = raw[l.at : from+i]
	l.at = from + i + len(separator)
	return text, true
}

// message is a request or a response whose first line is not yet interpreted.
type message struct {
	line    string // the first line
	hasLine bool   // the first line was read
	header  http.Header
	body    []byte
	errors  []FramingError
}

// readHead reads the first line and the header, including the empty line after it. If that has not arrived, ok is false,
// and the next call continues where this one stopped.
func (m *message) readHead(l *lineReader, raw []byte) (ok bool) {
	if m.header == nil {
		m.header = http.Header{}
	}
	for {
		line, ok := m.nextLine(l, raw)
		switch {
		case !ok:
			return false
		case !m.hasLine:
			m.line, m.hasLine = line, true
		case line == "":
			return true
		default:
			m.readField(line)
		}
	}
}

// nextLine returns the next line of the head. A bare line feed also ends a line, but is reported.
func (m *message) nextLine(l *lineReader, raw []byte) (string, bool) {
	text, ok := l.next(raw, "\n")
	if !ok {
		return "", false
	}
	line, ends := bytes.CutSuffix(text, []byte("\r"))
	if !ends {
		m.report("framing/line-ending", "a line that ends without a carriage return")
	}
	return string(line), true
}

// readField adds one header field (RFC 9112, 5). It reports and leaves out a line that is not a field.
func (m *message) readField(line string) {
	name, value, colon := strings.Cut(line, ":")
	if !colon || !IsToken(name) {
		m.report("framing/header-syntax", "a line of the head that is not a header field")
		return
	}
	if strings.ContainsFunc(value, isControl) {
		m.report("framing/header-syntax", "a control character in "+textproto.CanonicalMIMEHeaderKey(name))
	}
	m.header.Add(name, strings.Trim(value, " \t"))
}

// isControl reports whether a character is not allowed in the value of a header field (RFC 9110, 5.5).
func isControl(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }

func (m *message) report(id, got string) {
	if len(m.errors) < maxFramingErrors {
		m.errors = append(m.errors, FramingError{id, got})
	}
}
