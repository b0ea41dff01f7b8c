package server

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"runtime/debug"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

const (
	requestIDHeader = "X-Request-Id"
	principalKey    = "principal" // of echo's context, for the log
)

// gateway stands in front of the generated binding, as the vendor's API gateway stands in front of its services. The order of
// its steps is the order of the errors.
func (s *Server) gateway(c echo.Context) (err error) {
	c.Response().Header()[requestIDHeader] = []string{newRequestID()}
	defer recoverTo(&err)

	r := c.Request()
	op, known := s.operationOf(c.Path(), echo.GetPath(r))
	if !known {
		return fail(spec.UnknownPath)
	}
	if r.Method != op.Method { // before echo answers OPTIONS with 204
		return fail(spec.OtherMethod)
	}
	if err := checkSize(r); err != nil {
		return err
	}
	body, err := readBody(r)
	if err != nil {
		return err
	}
	if s.prefer {
		w := op.wishOf(r.Header.Values("Prefer"))
		w.apply(r.Context(), c.Response().Header())
		if w.example != nil {
			return w.example.body.write(c.Response(), w.example.status)
		}
	}
	caller, err := s.keyring.authenticate(r, body)
	if err != nil {
		return err
	}
	if s.log != nil {
		c.Set(principalKey, caller.Name)
	}
	if caller.pace != nil {
		if early := caller.pace.wait(s.keyring.now()); early > 0 {
			c.Response().Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(early.Seconds()))))
			return fail(spec.Throttled)
		}
	}
	if caller.signed {
		for _, name := range op.signingHeaders {
			if len(r.Header[name]) > 1 {
				return fail(spec.InvalidParameter, "key", name)
			}
		}
		c.SetRequest(withHeader(r))
	}
	if err := caller.handlers[op](c); err != nil {
		return err
	}
	if !c.Response().Committed { // echo would make it an empty 200
		return errors.New("the handler gave no answer")
	}
	return nil
}

// recoverTo makes a panic an error like any other. http.ErrAbortHandler stays what net/http wants it to be.
func recoverTo(err *error) {
	switch p := recover(); p {
	case nil:
	case http.ErrAbortHandler:
		panic(p)
	default:
		*err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
	}
}

// newRequestID makes 32 hexadecimal digits, as the vendor's gateway does. What a client sends under this name is not
// looked at. It has to differ from others and protects nothing.
func newRequestID() string {
	const digits = "0123456789abcdef"
	var id [32]byte
	a, b := rand.Uint64(), rand.Uint64() //nolint:gosec // no secret
	for i := range 16 {
		id[i], id[16+i] = digits[a&15], digits[b&15]
		a, b = a>>4, b>>4
	}
	return string(id[:])
}
