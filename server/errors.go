package server

import (
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// failure says which fault of the documents was found. Every error that is none is an internal one.
type failure struct {
	cause  spec.Probe
	values map[string]string // for the placeholders of the message
}

func (f *failure) Error() string { return fmt.Sprintf("%s %v", f.cause, f.values) }

// fail makes a failure; pairs name a placeholder and its value.
func fail(cause spec.Probe, pairs ...string) error {
	f := &failure{cause, map[string]string{}}
	for pair := range slices.Chunk(pairs, 2) {
		f.values[pair[0]] = pair[1]
	}
	return f
}

// causesOfEcho are the errors of the router and of the generated binding.
var causesOfEcho = map[int]spec.Probe{
	http.StatusBadRequest:       spec.InvalidParameter,
	http.StatusNotFound:         spec.UnknownPath,
	http.StatusMethodNotAllowed: spec.OtherMethod,
}

func failureOf(err error) *failure {
	var f *failure
	if errors.As(err, &f) {
		return f
	}
	var e *echo.HTTPError
	if errors.As(err, &e) && causesOfEcho[e.Code] != "" {
		message, _ := e.Message.(map[string]string) // of the binding, which names the parameter
		return &failure{causesOfEcho[e.Code], map[string]string{"key": message["parameter"]}}
	}
	return &failure{cause: spec.InternalError}
}

// respondError is the one way out for errors of the gateway, the binding, the handlers, the encoding, and for panics. What
// is answered stands in the document; what went wrong inside is logged and not told.
func (s *Server) respondError(err error, c echo.Context) {
	f := failureOf(err)
	requestID := c.Response().Header().Get(requestIDHeader)
	if f.cause == spec.InternalError && s.log != nil {
		s.log.Error("internal error", "request_id", requestID, "error", err)
	}
	if c.Response().Committed {
		return // too late; net/http closes the connection if less came than Content-Length said
	}
	op, _ := s.operationOf(c.Path(), echo.GetPath(c.Request()))
	r := op.refusals[f.cause]
	body := render(r.shape(r.code, fill(r.message, f.values), requestID))
	_ = body.send(c, r.status) // fails only if the client has gone
}
