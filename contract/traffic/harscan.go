package traffic

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// scanner finds where the values of a JSON text begin and end without decoding them: it counts brackets outside of strings.
// So a value of any size can be passed over, and a malformed one costs only itself as long as its brackets match.
type scanner struct {
	r      *bufio.Reader
	offset int64  // how many bytes were taken
	held   []byte // what read took last
}

var errSyntax = errors.New("not JSON")

// maxName is how many bytes of a member's name are looked at: no name that is looked for is longer.
const maxName = 1 << 10

// next returns the next byte that is no white space, and does not take it.
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

// chunk returns bytes that come next, at least one, and does not take them.
func (s *scanner) chunk() ([]byte, error) {
	if _, err := s.r.Peek(1); err != nil {
		return nil, err
	}
	return s.r.Peek(s.r.Buffered())
}

func (s *scanner) take(n int) {
	_, _ = s.r.Discard(n)
	s.offset += int64(n)
}

// read takes bytes up to an end and holds them, unless they are more than the limit: then it holds none and whole is false.
// The function returns how many bytes of a chunk belong to what is read, and whether it ends there.
func (s *scanner) read(limit int, end func(chunk []byte) (n int, ended bool)) (whole bool, err error) {
	if s.held = s.held[:0]; cap(s.held) > 1<<20 {
		s.held = nil
	}
	for whole = true; ; {
		chunk, err := s.chunk()
		if err != nil {
			return whole, err
		}
		n, ended := end(chunk)
		if whole = whole && len(s.held)+n <= limit; whole {
			s.held = append(s.held, chunk[:n]...)
		} else {
			s.held = nil
		}
		s.take(n)
		if ended {
			return whole, nil
		}
	}
}

// value takes a value.
func (s *scanner) value(limit int) (whole bool, err error) {
	s.held = s.held[:0] // of what ends before it begins there is nothing
	c, err := s.next()
	if err != nil {
		return true, err
	}
	if strings.IndexByte("}],:", c) >= 0 {
		return true, errSyntax
	}
	return s.read(limit, new(nesting).end)
}

// skip takes a value and holds nothing of it.
func (s *scanner) skip() error {
	_, err := s.value(0)
	return err
}

// line takes the rest of a line. The last one need not be ended, unless a value in it is not.
func (s *scanner) line(limit int) (whole bool, err error) {
	whole, err = s.read(limit, func(chunk []byte) (int, bool) {
		if i := bytes.IndexByte(chunk, '\n'); i >= 0 {
			return i + 1, true
		}
		return len(chunk), false
	})
	ended := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) // the latter where a packed file is cut off
	if ended && whole && !isCutOff(s.held) {
		err = nil
	}
	return whole, err
}

// object takes an object and hands each name on to a function that takes the value.
func (s *scanner) object(member func(name string) error) error {
	return s.each("{}", "an object", func() error {
		name, err := s.name()
		if err != nil {
			return err
		}
		return member(name)
	})
}

// each takes what stands between two brackets. It calls a function in front of each member or element, which takes that.
func (s *scanner) each(brackets, kind string, part func() error) error {
	c, err := s.next()
	switch {
	case err != nil:
		return err
	case strings.IndexByte(`{["-0123456789tfn`, c) < 0: // what a value of JSON begins with
		return errSyntax
	case c != brackets[0]:
		return fault{text: fmt.Sprintf("not a HAR: want %s after byte %d", kind, s.offset)}
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

// name takes the name of a member and the colon; "": one that is too long to be looked for.
func (s *scanner) name() (string, error) {
	if c, err := s.next(); err != nil || c != '"' {
		return "", cmp.Or(err, errSyntax)
	}
	whole, err := s.value(maxName)
	if err != nil {
		return "", err
	}
	var name string
	if whole && json.Unmarshal(s.held, &name) != nil {
		return "", errSyntax
	}
	if c, err := s.next(); err != nil || c != ':' {
		return "", cmp.Or(err, errSyntax)
	}
	s.take(1)
	return name, nil
}

// isCutOff says whether a value is the beginning of one; else it is none, or whole.
func isCutOff(value []byte) bool {
	err := json.NewDecoder(bytes.NewReader(value)).Decode(new(json.RawMessage))
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// nesting says where a value ends.
type nesting struct {
	depth           int
	quoted, escaped bool
}

// end returns how many bytes of a chunk belong to the value, and whether it ends there.
func (n *nesting) end(chunk []byte) (int, bool) {
	depth, quoted, escaped := n.depth, n.quoted, n.escaped // variables are faster than members
	for i, c := range chunk {
		switch {
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
			if depth == 0 { // behind a number, true, false or null
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
