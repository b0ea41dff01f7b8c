package traffic

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// fault is an error that already says what and where.
type fault struct {
	text  string
	cause error
}

func (f fault) Error() string { return f.text }
func (f fault) Unwrap() error { return f.cause }

// placed adds to an error between the entries how far the reading came.
func (h *harReader) placed(err error) error {
	var known fault
	switch {
	case errors.As(err, &known), errors.Is(err, errStopped):
		return err
	case errors.Is(err, io.EOF) && h.dec.InputOffset() == 0:
		return errors.New("it is empty")
	}
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF // a token would have begun here
	}
	text := fmt.Sprintf("%s after byte %d", plain(err), h.dec.InputOffset())
	if h.number > 0 {
		text += fmt.Sprintf(", behind entry %d", h.number)
	}
	return fault{text, err}
}

// isMember says whether the decoder passed over a member of another type and read the rest.
func isMember(err error) bool {
	var kind *json.UnmarshalTypeError
	return errors.As(err, &kind) && kind.Field != ""
}

// plain says of an error of the decoder what matters to a reader.
func plain(err error) string {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "cut off"
	case errors.As(err, &syntax):
		return "not JSON"
	case errors.As(err, &kind):
		return "want an object, got " + kind.Value
	}
	return err.Error()
}
