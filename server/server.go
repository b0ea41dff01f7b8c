// Package server is the reference provider: both operations of the documents behind a gateway like the vendor's, on
// sample data or on yours. Consumers run it in their tests instead of the cloud, and the judge is tried on it.
//
// A request goes from net/http to echo, the gateway (gateway.go), the generated binding, the strict handler (iam.go, ims.go),
// and authorization, and gets a response that was rendered when the server started. Every error, wherever it occurs, becomes a
// response in one error handler (errors.go).
//
// The documents define the status, code and message for each cause of a refusal, and the action that a caller needs; no code
// and no action is repeated here. The package must not know the judge, the client or the command line. It shares the documents
// with them, and the signature algorithm with the client. It prints nothing, reads no environment, and exposes no type of echo.
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

// Options configure a Server. The zero value serves the embedded documents with the sample data.
type Options struct {
	Documents map[string]*spec.Document // by name (iam, ims), in place of the embedded ones
	Data      *Data                     // nil: Sample; must not change afterwards
	Prefer    bool                      // obey "Prefer: code=…, example=…, delay=…"

	// Refuse is called for each request with a known path and valid credentials; nil refuses none. If it returns the name of a
	// parameter, header or other part, the response is the document's 400 for an invalid parameter, and names that part.
	Refuse func(*http.Request) string

	Variants  []string         // unusual responses that the contract allows; see the function Variants
	RateLimit int              // requests per second and principal; 0: no limit
	Now       func() time.Time // the clock for expiry, lockouts and rates; nil: time.Now
	Log       *slog.Logger     // logs each request (info) and internal errors, never a secret; nil: no log
}

// services is the table of the services that are served.
var services = []service{iamService(), imsService()}

// Server is the reference provider. It is an http.Handler, safe for concurrent use.
type Server struct {
	echo       *echo.Echo
	operations []*operation // in the order of the table
	handler    http.Handler // echo, or a wrapper that applies variants
	keyring    *keyring
	prefer     bool
	refuse     func(*http.Request) string // nil: refuses none
	log        *slog.Logger
}

// New makes a provider. Its errors name the file and line of a document, or the place in the data.
func New(o Options) (*Server, error) {
	causes := gatewayCauses
	if o.RateLimit > 0 {
		causes = append(slices.Clip(causes), spec.Throttled)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	data := o.Data
	if data == nil {
		sample := Sample()
		data = &sample
	}
	s := &Server{echo: echo.New(), prefer: o.Prefer, refuse: o.Refuse, log: o.Log}
	s.echo.Logger.SetOutput(io.Discard) // echo would print
	s.echo.HTTPErrorHandler = s.respondError
	s.echo.Use(s.logged, s.gateway)
	for _, service := range services {
		if err := s.serve(service, o.Documents[service.document], causes); err != nil {
			return nil, err
		}
	}
	if err := data.check(s.operation(showDomainQuota).quotaTypes()); err != nil {
		return nil, fmt.Errorf("%s: %w", data.place(err), err)
	}
	s.keyring = newKeyring(data, o.RateLimit, o.Now)
	var err error
	s.handler, err = varied(s.echo, o.Variants)
	return s, err
}

// serve adds the operations of a service by its document; nil is the embedded one. The generated bindings have fixed paths, so
// a document with another path is refused.
func (s *Server) serve(service service, d *spec.Document, causes []spec.Probe) (err error) {
	if d == nil {
		if d, err = openapi.Embedded(service.document); err != nil {
			return err
		}
	}
	ops := operations{}
	for _, row := range service.operations {
		op, err := newOperation(d, row.id, slices.Concat(causes, row.causes), service.errors)
		if err != nil {
			return err
		}
		ops[row.id] = op
		s.operations = append(s.operations, op)
	}
	service.register(s.echo, ops)
	for id, op := range ops {
		served := func(r *echo.Route) bool { return r.Method == op.Method && r.Path == op.route }
		if !slices.ContainsFunc(s.echo.Routes(), served) {
			return fmt.Errorf("%s: the generated code does not serve %s (%s %s): run make generate",
				op.Node.Place(), id, op.Method, op.Path)
		}
	}
	return nil
}

// operation returns an operation of the table by its id.
func (s *Server) operation(id string) *operation {
	return s.operations[slices.IndexFunc(s.operations, func(op *operation) bool { return op.ID == id })]
}

// ServeHTTP serves one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }
