// Package server is the reference provider: both operations of the documents behind a gateway like the vendor's, on
// sample data or on yours. Consumers run it in their tests instead of the cloud, and the judge is tried on it.
//
// A request takes one way: net/http, echo, the gateway, the generated binding, the strict handler, authorisation, an
// answer that was rendered at the start. Whatever goes wrong on it, and wherever, leaves through one error handler (errors.go).
//
// The documents say which status, code and message belong to a fault and which action a caller must be granted; no code
// and no action is repeated here. The package must not know the judge, the client or the command line: it shares the
// documents with them and nothing else, but for the algorithm of signatures, which the client has, too. It prints nothing,
// reads no environment, and shows no type of echo to its users.
package server

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/quotaspec/quotaspec/openapi"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Options say what is served. The zero value serves the embedded documents on the sample data.
type Options struct {
	IAM    *spec.Document // nil: the embedded one
	IMS    *spec.Document // nil: the embedded one
	Data   *Data          // nil: Sample; not to be changed afterwards
	Prefer bool           // obey "Prefer: code=…, example=…, delay=…"

	Variants  []string         // unusual answers that the contract allows, by the names of Variants
	RateLimit int              // requests a second that each principal may send; 0: any number
	Now       func() time.Time // by which tokens and signatures expire, locks open and rates are counted; nil: time.Now
	Log       *slog.Logger     // told of every request (info) and of internal errors, never of a secret; nil: nobody is told
}

// services is the table of what is served; the first answers for paths that nobody knows.
var services = []service{iamService(), imsService()}

// Server is the reference provider. It is an http.Handler, safe for concurrent use.
type Server struct {
	echo       *echo.Echo
	operations []*operation // one for each of the services
	handler    http.Handler // echo, or what makes its answers unusual
	keyring    *keyring
	prefer     bool
	log        *slog.Logger
}

// New builds the provider. An error names what is wrong with the documents (with file and line) or with the data.
func New(o Options) (*Server, error) {
	faults := gatewayFaults
	if o.RateLimit > 0 {
		faults = append(slices.Clip(faults), spec.Throttled)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	data := o.Data
	if data == nil {
		sample := Sample()
		data = &sample
	}
	s := &Server{echo: echo.New(), prefer: o.Prefer, log: o.Log}
	s.echo.Logger.SetOutput(io.Discard) // echo would print
	s.echo.HTTPErrorHandler = s.answerError
	s.echo.Use(s.logged, s.gateway)
	documents := map[string]*spec.Document{"iam": o.IAM, "ims": o.IMS}
	for _, service := range services {
		if err := s.serve(service, documents[service.document], faults); err != nil {
			return nil, err
		}
	}
	if err := data.check(s.operations[0].quotaTypes()); err != nil {
		return nil, fmt.Errorf("%s: %w", data.place(err), err)
	}
	s.keyring = newKeyring(data, o.RateLimit, o.Now)
	var err error
	s.handler, err = varied(s.echo, o.Variants)
	return s, err
}

// serve adds an operation by its document, or by the embedded one if that is nil. The paths of the bindings were fixed when
// they were generated, so a document that has moved on is refused.
func (s *Server) serve(service service, d *spec.Document, faults []spec.Probe) (err error) {
	if d == nil {
		if d, err = openapi.Embedded(service.document); err != nil {
			return err
		}
	}
	op, err := newOperation(d, service, faults)
	if err != nil {
		return err
	}
	service.register(s.echo, op)
	served := func(r *echo.Route) bool { return r.Method == op.Method && r.Path == op.route }
	if !slices.ContainsFunc(s.echo.Routes(), served) {
		return fmt.Errorf("%s: the generated code does not serve %s %s; generate it anew", op.Node.Place(), op.Method, op.Path)
	}
	s.operations = append(s.operations, op)
	return nil
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }
