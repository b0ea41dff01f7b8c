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
	document  string                       // its name
	operation string                       // operationId
	errors    map[string]shape             // the models of errors, by the JSON pointer at which they carry the code
	faults    []spec.Probe                 // those that only this service can find
	register  func(*echo.Echo, *operation) // puts the generated binding and its handler onto echo
}

// shape writes an error as a generated model.
type shape func(code, message, requestID string) any

// answer is what the document gives for a fault.
type answer struct {
	status  int
	code    string
	message string // with the vendor's placeholders
	shape   shape
}

// operation is one operation of a document, made ready to be obeyed.
type operation struct {
	*spec.Operation
	route    string // its path, as echo has it
	slashes  int    // in its path
	answers  map[spec.Probe]answer
	examples []example // in the order of the file

	signingHeaders []string // canonical names; a signed request has none twice
}

// gatewayFaults can befall a request of any operation.
var gatewayFaults = []spec.Probe{
	spec.UnknownPath, spec.OtherMethod, spec.TooLarge,
	spec.NoCredentials, spec.MalformedCredentials, spec.UnknownCredentials, spec.ExpiredCredentials,
	spec.UnknownKey, spec.WrongSignature, spec.ExpiredSignature, spec.LockedKey,
	spec.InvalidParameter, spec.NoPermission, spec.InternalError,
}

// newOperation fails if the document leaves open what is answered to a fault that the gateway or the service can find.
func newOperation(d *spec.Document, s service, faults []spec.Probe) (*operation, error) {
	found := d.Operation(s.operation)
	if found == nil {
		return nil, fmt.Errorf("%s: no operation %s", d.File, s.operation)
	}
	place := found.Node.Place()
	if found.Authorization == nil {
		return nil, fmt.Errorf("%s: %s has no x-authorization", place, s.operation)
	}
	op := &operation{
		Operation: found,
		route:     strings.NewReplacer("{", ":", "}", "").Replace(found.Path),
		slashes:   strings.Count(found.Path, "/"),
		answers:   map[spec.Probe]answer{},
		examples:  examplesOf(found),
	}
	for _, fault := range slices.Concat(faults, s.faults) {
		a, err := op.answerFor(fault, s.errors)
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", place, s.operation, err)
		}
		op.answers[fault] = a
	}
	for _, scheme := range d.Schemes {
		for _, h := range scheme.SigningHeaders {
			op.signingHeaders = append(op.signingHeaders, http.CanonicalHeaderKey(h.Name))
		}
	}
	return op, nil
}

func (op *operation) answerFor(fault spec.Probe, shapes map[string]shape) (answer, error) {
	key, code, ok := op.Code(fault)
	if !ok {
		return answer{}, fmt.Errorf("no x-error-codes say what is answered when %s", fault)
	}
	status, err := strconv.Atoi(key)
	if err != nil || status < http.StatusBadRequest {
		return answer{}, fmt.Errorf("the status %s cannot be answered when %s", key, fault)
	}
	at := op.Response(status).Codes.At
	write, ok := shapes[at]
	if !ok {
		return answer{}, fmt.Errorf("no generated model carries a code at %s", at)
	}
	return answer{status, code.Code, code.Message, write}, nil
}

// operationOf returns the operation whose document speaks for a request, and whether the path is the operation's own.
// For a path that nobody knows it is the operation with the most leading segments in common, else the first.
func (s *Server) operationOf(route, path string) (op *operation, known bool) {
	for _, op := range s.operations {
		if op.route == route { // echo lets a parameter at the end take all that is left, slashes too
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
