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

const requestIDHeader = "X-Request-Id"

// gateway runs before the generated binding, as the vendor's API gateway does before its services. The order of its steps is
// the order in which errors are reported.
func (s *Server) gateway(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		c.Response().Header().Set(requestIDHeader, newRequestID())
		defer recoverTo(&err)
		if err := s.admit(c); err != nil || c.Response().Committed {
			return err
		}
		if err := next(c); err != nil {
			return err
		}
		if !c.Response().Committed { // echo would make it an empty 200
			return errors.New("the handler sent no response")
		}
		return nil
	}
}

// admit lets a request through to its handler, sends the preferred example, or returns a refusal.
func (s *Server) admit(c echo.Context) error {
	r := c.Request()
	op, known := s.operationOf(c.Path(), echo.GetPath(r))
	if !known {
		return fail(spec.UnknownPath)
	}
	if r.Method != op.Method { // before echo responds to OPTIONS with 204
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
		w := op.preferredBy(r.Header.Values("Prefer"))
		w.apply(r.Context(), c.Response().Header())
		if w.example != nil {
			return w.example.body.send(c, w.example.status)
		}
	}
	caller, err := s.keyring.authenticate(r, body)
	if err != nil {
		return err
	}
	c.SetRequest(withCaller(r, caller))
	if early := caller.limiter.wait(s.keyring.now()); early > 0 {
		c.Response().Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(early.Seconds()))))
		return fail(spec.Throttled)
	}
	for _, name := range op.signingHeaders {
		if len(caller.signed[name]) > 1 {
			return fail(spec.InvalidParameter, "key", name)
		}
	}
	if s.refuse != nil {
		if part := s.refuse(c.Request()); part != "" {
			return fail(spec.InvalidParameter, "key", part)
		}
	}
	return nil
}

// recoverTo turns a panic into an error like any other. It passes http.ErrAbortHandler on, for net/http.
func recoverTo(err *error) {
	switch p := recover(); p {
	case nil:
	case http.ErrAbortHandler:
		panic(p)
	default:
		*err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
	}
}

// newRequestID returns 32 hexadecimal digits, as the vendor's gateway does. An ID that the client sent is ignored. IDs must be
// unique; they protect nothing.
func newRequestID() string {
	return fmt.Sprintf("%016x%016x", rand.Uint64(), rand.Uint64()) //nolint:gosec // no secret
}
