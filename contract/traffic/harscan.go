package traffic

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/bits"
	"strings"
)

// scanner finds where the values of a JSON text begin and end, without decoding them: it counts brackets outside strings. So it
// skips a value of any size in constant memory, and a malformed value costs only itself as long as its brackets match:
//
//	[{"a":1}, {nope}, {"a":2}]     // three values; the decoder will refuse the second
//
// A value may lie across several chunks of the reader. So the state between chunks (nesting) is no more than a depth, and
// whether the scanner is in a string. Outside of values, object and each walk down to log.entries and step over all else.
//
// What is buffered is only ever appended to, and a full buffer is left to those who have texts in it. So a text costs no copy of
// its own and stays valid.
type scanner struct {
	r      *bufio.Reader
	offset int64 // bytes consumed
	buffer strings.Builder
	begin  int // in the buffer, of what the last read appended
}

// A buffer has room for many entries, the first of a file for a few. A text that does not fit has one of its own.
const (
	firstBuffer = 4 << 10
	maxBuffer   = 64 << 10
)

// buffered returns what the last read buffered.
func (s *scanner) buffered() string { return s.buffer.String()[s.begin:] }

// keep appends a part to what is buffered.
func (s *scanner) keep(part []byte) {
	if s.buffer.Cap()-s.buffer.Len() < len(part) {
		before, room := s.buffered(), s.buffer.Cap()
		size := len(before) + len(part)
		s.buffer, s.begin = strings.Builder{}, 0
		s.buffer.Grow(max(size+size/2, min(max(2*room, firstBuffer), maxBuffer)))
		s.buffer.WriteString(before)
	}
	s.buffer.Write(part)
}

// drop forgets what is buffered, and the buffer if it is large.
func (s *scanner) drop() {
	if s.begin = s.buffer.Len(); s.buffer.Cap() > maxBuffer {
		s.buffer, s.begin = strings.Builder{}, 0
	}
}

var errSyntax = errors.New("not JSON")

// maxName is how many bytes of a member's name are buffered. No name that ReadHAR looks for is longer.
const maxName = 1 << 10

// next skips white space and returns the byte after it without consuming it.
func (s *scanner) next() (byte, error) {
	for {
		chunk, err := s.chunk()
		if err != nil {
			return 0, err
		}
		rest := bytes.TrimLeft(chunk, " \t\r\n")
		s.take(len(chunk) - len(rest))
		if len(rest) > 0 {
			return rest[0], nil
		}
	}
}

// chunk returns the next bytes, at least one, without consuming them.
func (s *scanner) chunk() ([]byte, error) {
	if _, err := s.r.Peek(1); err != nil {
		return nil, err
	}
	return s.r.Peek(s.r.Buffered())
}

// take consumes n bytes.
func (s *scanner) take(n int) {
	_, _ = s.r.Discard(n)
	s.offset += int64(n)
}

// read consumes bytes up to an end and buffers them. If they exceed the limit, it buffers none and whole is false. The function
// end returns how many bytes of a chunk belong to the value, and whether the value ends there.
func (s *scanner) read(limit int, end func(chunk []byte) (n int, ended bool)) (whole bool, err error) {
	s.drop()
	for whole = true; ; {
		chunk, err := s.chunk()
		if err != nil {
			return whole, err
		}
		n, ended := end(chunk)
		if whole = whole && s.buffer.Len()-s.begin+n <= limit; whole {
			s.keep(chunk[:n])
		} else {
			s.drop()
		}
		s.take(n)
		if ended {
			return whole, nil
		}
	}
}

// value consumes a value and buffers it if it is no longer than limit.
func (s *scanner) value(limit int) (whole bool, err error) {
	s.drop() // the text may end before the value begins
	c, err := s.next()
	if err != nil {
		return true, err
	}
	if strings.IndexByte("}],:", c) >= 0 {
		return true, errSyntax
	}
	return s.read(limit, new(nesting).end)
}

// skip consumes a value without buffering it.
func (s *scanner) skip() error {
	_, err := s.value(0)
	return err
}

// line consumes the rest of a line. The last line may lack its line end, but not the end of a value.
func (s *scanner) line(limit int) (whole bool, err error) {
	whole, err = s.read(limit, func(chunk []byte) (int, bool) {
		if i := bytes.IndexByte(chunk, '\n'); i >= 0 {
			return i + 1, true
		}
		return len(chunk), false
	})
	ended := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) // the latter if a packed file is cut off
	if ended && whole && !isCutOff([]byte(s.buffered())) {
		err = nil
	}
	return whole, err
}

// object consumes an object. It calls member with each name, and member must consume the value.
func (s *scanner) object(member func(name string) error) error {
	return s.each("{}", "an object", func() error {
		name, err := s.name()
		if err != nil {
			return err
		}
		return member(name)
	})
}

// each consumes what stands between two brackets. It calls part before each member or element, and part must consume it.
func (s *scanner) each(brackets, kind string, part func() error) error {
	c, err := s.next()
	switch {
	case err != nil:
		return err
	case strings.IndexByte(`{["-0123456789tfn`, c) < 0: // no JSON value begins like this
		return errSyntax
	case c != brackets[0]:
		return placedError{text: fmt.Sprintf("not a HAR: want %s after byte %d", kind, s.offset)}
	}
	s.take(1)
	for first := true; ; first = false {
		c, err := s.next()
		switch {
		case err != nil:
			return err
		case c == brackets[1]:
			s.take(1)
			return nil
		case !first && c != ',':
			return errSyntax
		case !first:
			s.take(1)
		}
		if err := part(); err != nil {
			return err
		}
	}
}

// name consumes the name of a member and the colon. It returns "" for a name longer than maxName.
func (s *scanner) name() (string, error) {
	if c, err := s.next(); err != nil || c != '"' {
		return "", cmp.Or(err, errSyntax)
	}
	whole, err := s.value(maxName)
	if err != nil {
		return "", err
	}
	var name string
	if whole && json.Unmarshal([]byte(s.buffered()), &name) != nil {
		return "", errSyntax
	}
	if c, err := s.next(); err != nil || c != ':' {
		return "", cmp.Or(err, errSyntax)
	}
	s.take(1)
	return name, nil
}

// isCutOff reports whether the text is the beginning of a JSON value, neither whole nor malformed.
func isCutOff(value []byte) bool {
	err := json.NewDecoder(bytes.NewReader(value)).Decode(new(json.RawMessage))
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// nesting finds the end of one value across several chunks.
type nesting struct {
	depth           int
	quoted, escaped bool
}

// end returns how many bytes of a chunk belong to the value, and whether it ends there.
func (n *nesting) end(chunk []byte) (int, bool) {
	depth, quoted, escaped := n.depth, n.quoted, n.escaped // locals are faster than fields
	for i := 0; i < len(chunk); i++ {
		if quoted && !escaped {
			i += plainBytes(chunk[i:])
			if i == len(chunk) {
				break
			}
		}
		switch c := chunk[i]; {
		case escaped:
			escaped = false
		case quoted && c == '\\':
			escaped = true
		case quoted && c != '"':
		case c == '"':
			if quoted = !quoted; !quoted && depth == 0 {
				return i + 1, true
			}
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			if depth == 0 { // after a number, true, false or null
				return i, true
			}
			if depth--; depth == 0 {
				return i + 1, true
			}
		case depth == 0 && strings.IndexByte(",: \t\r\n", c) >= 0:
			return i, true
		}
	}
	n.depth, n.quoted, n.escaped = depth, quoted, escaped
	return len(chunk), false
}

// plainBytes returns the number of bytes of a string before its end, its next escape, or a byte that must be escaped.
func plainBytes(of []byte) int {
	at := 0
	for ; len(of)-at >= 8; at += 8 {
		if stops := stopsIn(wordAt(of, at)); stops != 0 {
			return at + bits.TrailingZeros64(stops)/8
		}
	}
	for at < len(of) && of[at] != '"' && of[at] != '\\' {
		at++
	}
	return at
}
