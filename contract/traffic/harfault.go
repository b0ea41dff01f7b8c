package traffic

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// EntryError is why one entry of a HAR cannot be read. The entries after it can.
type EntryError struct {
	Number int    // counts the entries of the file, from 1
	Offset int64  // how many bytes, unpacked, come before it
	Reason string // such as "request.url is missing"; never a value of the entry
}

func (e *EntryError) Error() string {
	return fmt.Sprintf("entry %d, after byte %d: %s", e.Number, e.Offset, e.Reason)
}

var errTooLarge = fmt.Errorf("larger than %d MiB", maxEntry>>20)

// fault is an error that already says what and where.
type fault struct {
	text  string
	cause error
}

func (f fault) Error() string { return f.text }
func (f fault) Unwrap() error { return f.cause }

// open takes the bracket that a value of a kind begins with.
func (s *scanner) open(bracket byte, kind string) error {
	c, err := s.next()
	switch {
	case err != nil:
		return err
	case c == bracket:
		s.take(1)
		return nil
	case strings.IndexByte(`{["-0123456789tfn`, c) < 0: // what a value of JSON begins with
		return errSyntax
	}
	return fault{text: fmt.Sprintf("not a HAR: want %s after byte %d", kind, s.offset)}
}

// placed adds to an error between the entries how far the reading came.
func (h *harReader) placed(err error) error {
	var known fault
	switch {
	case errors.As(err, &known):
		return err
	case errors.Is(err, io.EOF):
		err = io.ErrUnexpectedEOF
	}
	text := fmt.Sprintf("%s after byte %d", plain(err), h.offset)
	if h.number > 0 {
		text += fmt.Sprintf(", behind entry %d", h.number)
	}
	return fault{text, err}
}

// broken is the error of an entry whose end was not found.
func (h *harReader) broken(offset int64, whole bool, err error) error {
	switch {
	case !errors.Is(err, io.EOF):
	case !whole:
		err = fault{errTooLarge.Error() + ", and not ended", io.ErrUnexpectedEOF}
	case isCutOff(h.held):
		err = io.ErrUnexpectedEOF
	default:
		err = errSyntax
	}
	return fault{(&EntryError{h.number, offset, plain(err)}).Error(), err}
}

// plain says of an error what matters to a reader.
func plain(err error) string {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	var known fault
	switch {
	case errors.As(err, &known):
		return known.text
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "cut off"
	case errors.As(err, &syntax):
		return errSyntax.Error()
	case errors.As(err, &kind):
		return "want an object, got " + kind.Value
	}
	return err.Error()
}
