package traffic

import (
	"errors"
	"fmt"
	"io"
)

// An error inside an entry costs only that entry: it is an *EntryError, and the reading goes on. An error between the entries,
// or an entry without an end, ends the reading with an error that names the place:
//
//	entry 2, after byte 218: request.url is missing
//	read the HAR: cut off after byte 512, behind entry 3
//	entry 4711: cut off                              in a record of a queue (harrecord.go)

// EntryError says why one entry of a HAR cannot be read. The entries after it can.
type EntryError struct {
	Number int    // of the entry in the file, from 1
	Offset int64  // bytes before the entry, unpacked; -1: it stands alone in a record
	Reason string // such as "request.url is missing"; never a value of the entry
}

func (e *EntryError) Error() string {
	if e.Offset == noOffset {
		return fmt.Sprintf("entry %d: %s", e.Number, e.Reason)
	}
	return fmt.Sprintf("entry %d, after byte %d: %s", e.Number, e.Offset, e.Reason)
}

var errTooLarge = fmt.Errorf("larger than %d MiB", maxEntry>>20)

// placedError is an error whose text already names the place.
type placedError struct {
	text  string
	cause error
}

func (e placedError) Error() string { return e.text }
func (e placedError) Unwrap() error { return e.cause }

// withPlace adds to an error between the entries how far the reading came.
func (h *harReader) withPlace(err error) error {
	_, placed := errors.AsType[placedError](err)
	switch {
	case placed:
		return err
	case errors.Is(err, io.EOF):
		err = io.ErrUnexpectedEOF
	}
	text := fmt.Sprintf("%s after byte %d", reasonOf(err), h.offset)
	if h.number > 0 {
		text += fmt.Sprintf(", behind entry %d", h.number)
	}
	return placedError{text, err}
}

// unended is the error of an entry whose end was not found.
func (h *harReader) unended(offset int64, whole bool, err error) error {
	switch {
	case !errors.Is(err, io.EOF):
	case !whole:
		err = placedError{errTooLarge.Error() + ", and not ended", io.ErrUnexpectedEOF}
	case isCutOff([]byte(h.buffered())):
		err = io.ErrUnexpectedEOF
	default:
		err = errSyntax
	}
	return placedError{(&EntryError{h.number, offset, reasonOf(err)}).Error(), err}
}

// reasonOf is the text of an error, in which the end of the file reads "cut off".
func reasonOf(err error) string {
	if _, placed := errors.AsType[placedError](err); !placed && errors.Is(err, io.ErrUnexpectedEOF) {
		return "cut off"
	}
	return err.Error()
}
