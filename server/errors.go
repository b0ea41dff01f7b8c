package server

import (
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// refusalError is a refusal with a cause that the documents name. Any other error is an internal one.
type refusalError struct {
	cause  spec.Probe
	values map[string]string // for the placeholders of the message
}

func (f *refusalError) Error() string { return fmt.Sprintf("%s %v", f.cause, f.values) }

// fail makes a refusalError; pairs are names of placeholders and their values.
func fail(cause spec.Probe, pairs ...string) error {
	f := &refusalError{cause, map[string]string{}}
	for pair := range slices.Chunk(pairs, 2) {
		f.values[pair[0]] = pair[1]
	}
	return f
}

// causesOfEcho are the causes of errors of the router and the generated binding, by status.
var causesOfEcho = map[int]spec.Probe{
	http.StatusBadRequest:       spec.InvalidParameter,
	http.StatusNotFound:         spec.UnknownPath,
	http.StatusMethodNotAllowed: spec.OtherMethod,
}

func refusalOf(err error) *refusalError {
	var f *refusalError
	if errors.As(err, &f) {
		return f
	}
	var e *echo.HTTPError
	if errors.As(err, &e) && causesOfEcho[e.Code] != "" {
		message, _ := e.Message.(map[string]string) // of the binding, which names the parameter
		return &refusalError{causesOfEcho[e.Code], map[string]string{"key": message["parameter"]}}
	}
	return &refusalError{cause: spec.InternalError}
}

// respondError sends the response for every error: of the gateway, the binding, the handlers, the encoding, and panics. Status,
// code and message come from the document. Internal errors are logged; their text is not sent.
func (s *Server) respondError(err error, c echo.Context) {
	f := refusalOf(err)
	requestID := c.Response().Header().Get(requestIDHeader)
	if f.cause == spec.InternalError && s.log != nil {
		s.log.Error("internal error", "request_id", requestID, "error", err)
	}
	if c.Response().Committed {
		return // too late; net/http closes the connection if the body is shorter than Content-Length
	}
	op, _ := s.operationOf(c.Path(), echo.GetPath(c.Request()))
	r := op.refusals[f.cause]
	body := render(r.shape(r.code, fill(r.message, f.values), requestID))
	_ = body.send(c, r.status) // fails only if the client has gone
}
