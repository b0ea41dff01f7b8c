package server

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// service is what the generated code of one document adds to what the document says.
type service struct {
	document   string // its name
	operations []row
	errors     map[string]shape             // the models of errors, by the JSON pointer at which they carry the code
	register   func(*echo.Echo, operations) // adds the generated binding and its handler to echo
}

// row is an operation that a service has a handler for.
type row struct {
	id     string       // operationId
	causes []spec.Probe // the causes of refusals that only this operation finds
}

// operations are those of one service, by their ids.
type operations map[string]*operation

// shape writes an error as a generated model.
type shape func(code, message, requestID string) any

// refusal is the error response that the document has for a cause.
type refusal struct {
	status  int
	code    string
	message string // with the vendor's placeholders
	shape   shape
}

// operation is one operation of a document with all that serving it needs.
type operation struct {
	*spec.Operation
	route    string // its path, as echo has it
	slashes  int    // in its path
	refusals map[spec.Probe]refusal
	examples []example // in the order of the file

	signingHeaders []string // canonical names; a signed request may have each once
}

// gatewayCauses are the causes of refusals that a request of any operation may meet.
var gatewayCauses = []spec.Probe{
	spec.UnknownPath, spec.OtherMethod, spec.TooLarge,
	spec.NoCredentials, spec.MalformedCredentials, spec.UnknownCredentials, spec.ExpiredCredentials,
	spec.UnknownKey, spec.WrongSignature, spec.ExpiredSignature, spec.LockedKey,
	spec.InvalidParameter, spec.NoPermission, spec.InternalError,
}

// newOperation prepares an operation. It fails if the document does not say how a cause of a refusal is reported.
func newOperation(d *spec.Document, id string, causes []spec.Probe, errors map[string]shape) (*operation, error) {
	found := d.Operation(id)
	if found == nil {
		return nil, fmt.Errorf("%s: no operation %s", d.File, id)
	}
	place := found.Node.Place()
	if found.Authorization == nil {
		return nil, fmt.Errorf("%s: %s has no x-authorization", place, id)
	}
	op := &operation{
		Operation: found,
		route:     strings.NewReplacer("{", ":", "}", "").Replace(found.Path),
		slashes:   strings.Count(found.Path, "/"),
		refusals:  map[spec.Probe]refusal{},
		examples:  examplesOf(found),
	}
	for _, cause := range causes {
		r, err := op.refusalFor(cause, errors)
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", place, id, err)
		}
		op.refusals[cause] = r
	}
	for _, scheme := range d.Schemes {
		for _, h := range scheme.SigningHeaders {
			op.signingHeaders = append(op.signingHeaders, http.CanonicalHeaderKey(h.Name))
		}
	}
	return op, nil
}

func (op *operation) refusalFor(cause spec.Probe, shapes map[string]shape) (refusal, error) {
	key, code, ok := op.Code(cause)
	if !ok {
		return refusal{}, fmt.Errorf("no x-error-codes say how %s is reported", cause)
	}
	status, err := strconv.Atoi(key)
	if err != nil || status < http.StatusBadRequest {
		return refusal{}, fmt.Errorf("the status %s cannot report %s", key, cause)
	}
	at := op.Response(status).Codes.At
	write, ok := shapes[at]
	if !ok {
		return refusal{}, fmt.Errorf("no generated model has a code at %s", at)
	}
	return refusal{status, code.Code, code.Message, write}, nil
}

// operationOf returns the operation of a request, and whether the path is the operation's own. For an unknown path it returns
// the operation with the most leading segments in common, or else the first: its document describes the refusal of the path.
func (s *Server) operationOf(route, path string) (op *operation, known bool) {
	for _, op := range s.operations {
		if op.route == route { // in echo, a parameter at the end matches the rest of the path with its slashes
			return op, strings.Count(path, "/") == op.slashes
		}
	}
	return slices.MaxFunc(s.operations, func(a, b *operation) int {
		return cmp.Compare(commonSegments(a.Path, path), commonSegments(b.Path, path))
	}), false
}

func commonSegments(a, b string) int {
	as, bs := strings.Split(a, "/"), strings.Split(b, "/")
	n := 0
	for n < len(as) && n < len(bs) && as[n] == bs[n] {
		n++
	}
	return n
}
