package wire

import (
	"bytes"
	"net/http"
	"net/textproto"
	"strings"
)

// lines reads lines from bytes that may still be coming in. Each call gets the bytes of the last call and those that came
// since; no byte is searched twice, so that a long message costs no more than its length.
type lines struct {
	at     int // the bytes before it were read; it may lie beyond those that came
	sought int // no line ends before it
}

// next returns the bytes up to the next separator. It is not ok while that has not come.
func (l *lines) next(raw []byte, separator string) (text []byte, ok bool) {
	from := max(l.at, l.sought)
	if from > len(raw) {
		return nil, false
	}
	i := bytes.Index(raw[from:], []byte(separator))
	if i < 0 {
		l.sought = max(0, len(raw)-len(separator)+1)
		return nil, false
	}
	text = raw[l.at : from+i]
	l.at = from + i + len(separator)
	return text, true
}

// message is a request or a response without the meaning of its first line.
type message struct {
	line   string // the first one
	begun  bool   // it was read
	header http.Header
	body   []byte
	faults []FramingError
}

// readHead reads the first line and the header, up to and with the empty line. It is not ok while that has not come, and
// goes on from there when it is called again.
func (m *message) readHead(l *lines, raw []byte) (ok bool) {
	if m.header == nil {
		m.header = http.Header{}
	}
	for {
		line, ok := m.nextLine(l, raw)
		switch {
		case !ok:
			return false
		case !m.begun:
			m.line, m.begun = line, true
		case line == "":
			return true
		default:
			m.readField(line)
		}
	}
}

// nextLine returns the next line of the head. A bare line feed ends it too, with a fault.
func (m *message) nextLine(l *lines, raw []byte) (string, bool) {
	text, ok := l.next(raw, "\n")
	if !ok {
		return "", false
	}
	line, ends := bytes.CutSuffix(text, []byte("\r"))
	if !ends {
		m.fault("framing/line-ending", "a line that ends without a carriage return")
	}
	return string(line), true
}

// readField reads one line of the header (RFC 9112, 5). A line that is no field is left out.
func (m *message) readField(line string) {
	name, value, colon := strings.Cut(line, ":")
	if !colon || !IsToken(name) {
		m.fault("framing/header-syntax", "a line of the head that is no header")
		return
	}
	if strings.ContainsFunc(value, isControl) {
		m.fault("framing/header-syntax", "a control character in "+textproto.CanonicalMIMEHeaderKey(name))
	}
	m.header.Add(name, strings.Trim(value, " \t"))
}

// isControl reports whether a character must not stand in the value of a header field (RFC 9110, 5.5).
func isControl(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }

func (m *message) fault(id, got string) {
	if len(m.faults) < MaxFramingErrors {
		m.faults = append(m.faults, FramingError{id, got})
	}
}
