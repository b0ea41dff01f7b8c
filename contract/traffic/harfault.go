package traffic

import (
	"errors"
	"fmt"
	"io"
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

// placed adds to an error between the entries how far the reading came.
func (h *harReader) placed(err error) error {
	_, known := errors.AsType[fault](err)
	switch {
	case known:
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
	if _, known := errors.AsType[fault](err); !known && errors.Is(err, io.ErrUnexpectedEOF) {
		return "cut off"
	}
	return err.Error()
}
