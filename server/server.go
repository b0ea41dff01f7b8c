// Package server is the reference provider: both operations of the documents behind a gateway like the vendor's, on
// sample data or on yours. Consumers run it in their tests instead of the cloud, and the judge is tried on it.
//
// A request takes one way: net/http, echo, the gateway, the generated binding, the strict handler, authorisation, the
// store, the generated response. Whatever goes wrong on it, and wherever, leaves through one error handler (errors.go).
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
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/quotaspec/quotaspec/gen/iamserver"
	"github.com/quotaspec/quotaspec/gen/imsserver"
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

// served is what is served of one document.
type served struct {
	op    *operation
	store *store
}

// Server is the reference provider. It is an http.Handler, safe for concurrent use.
type Server struct {
	echo       *echo.Echo
	operations []*operation // of both documents
	handler    http.Handler // echo, or what makes its answers unusual
	iam, ims   *served
	keyring    *keyring
	prefer     bool
	log        *slog.Logger
}

// New builds the provider. An error names what is wrong with the documents (with file and line) or with the data.
func New(o Options) (*Server, error) {
	iamDocument, err := documentOr(o.IAM, "iam")
	if err != nil {
		return nil, err
	}
	imsDocument, err := documentOr(o.IMS, "ims")
	if err != nil {
		return nil, err
	}
	faults := gatewayFaults
	if o.RateLimit > 0 {
		faults = append(slices.Clip(faults), spec.Throttled)
	}
	iamOperation, err := newOperation(iamDocument, iamService(), faults)
	if err != nil {
		return nil, err
	}
	imsOperation, err := newOperation(imsDocument, imsService(), faults)
	if err != nil {
		return nil, err
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	data := o.Data
	if data == nil {
		sample := Sample()
		data = &sample
	}
	if err := data.check(iamOperation.quotaTypes()); err != nil {
		return nil, fmt.Errorf("%s: %w", data.place(err), err)
	}
	stored := newStore(data)
	s := &Server{
		operations: []*operation{iamOperation, imsOperation},
		iam:        &served{iamOperation, stored},
		ims:        &served{imsOperation, stored},
		keyring:    newKeyring(data.Principals, o.RateLimit, o.Now),
		prefer:     o.Prefer,
		log:        o.Log,
	}
	if err := s.route(); err != nil {
		return nil, err
	}
	s.handler, err = varied(s.echo, o.Variants)
	return s, err
}

func documentOr(d *spec.Document, name string) (*spec.Document, error) {
	if d != nil {
		return d, nil
	}
	return openapi.Embedded(name)
}

// route puts the gateway and the generated bindings onto echo. The paths of the bindings were fixed when they were
// generated, so a document that has moved on is refused.
func (s *Server) route() error {
	s.echo = echo.New()
	s.echo.Logger.SetOutput(io.Discard) // echo would print
	s.echo.HTTPErrorHandler = s.answerError
	s.echo.Use(s.logged, func(echo.HandlerFunc) echo.HandlerFunc { return s.gateway })
	iamserver.RegisterHandlers(s.echo, nil) // the paths only: the gateway calls the handlers
	imsserver.RegisterHandlers(s.echo, nil)
	for _, h := range s.keyring.all {
		s.bind(&h.byToken)
		s.bind(&h.bySigning)
	}

	for _, op := range s.operations {
		path := strings.NewReplacer("{", ":", "}", "").Replace(op.Path)
		for _, r := range s.echo.Routes() {
			if r.Method == op.Method && r.Path == path {
				op.route = r.Path
			}
		}
		if op.route == "" {
			return fmt.Errorf("%s: the generated code does not serve %s %s; generate it anew",
				op.Node.Place(), op.Method, op.Path)
		}
	}
	return nil
}

// bind makes the handlers of one caller.
func (s *Server) bind(c *caller) {
	iam := iamserver.ServerInterfaceWrapper{Handler: iamserver.NewStrictHandler(iamHandler{s.iam, c}, nil)}
	ims := imsserver.ServerInterfaceWrapper{Handler: imsserver.NewStrictHandler(imsHandler{s.ims, c}, nil)}
	c.handlers = map[*operation]echo.HandlerFunc{s.iam.op: iam.ShowDomainQuota, s.ims.op: ims.ShowImageQuota}
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }
