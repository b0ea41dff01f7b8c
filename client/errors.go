package client

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// What a refusal means. An [*Error] is one of them by its status, for errors.Is.
var (
	ErrInvalid      = errors.New("the request is invalid")
	ErrUnauthorized = errors.New("the credentials are not accepted")
	ErrForbidden    = errors.New("the caller may not do this")
	ErrNotFound     = errors.New("there is no such account or path")
	ErrThrottled    = errors.New("too many requests")
	ErrUnavailable  = errors.New("the service failed or cannot be reached now")
	ErrUnusable     = errors.New("the answer is not what is documented") // with status 200
)

// sentinels is the one table of sentinel and status.
var sentinels = map[int]error{
	http.StatusOK:                  ErrUnusable,
	http.StatusBadRequest:          ErrInvalid,
	http.StatusUnauthorized:        ErrUnauthorized,
	http.StatusForbidden:           ErrForbidden,
	http.StatusNotFound:            ErrNotFound,
	http.StatusTooManyRequests:     ErrThrottled,
	http.StatusInternalServerError: ErrUnavailable,
	http.StatusBadGateway:          ErrUnavailable,
	http.StatusServiceUnavailable:  ErrUnavailable,
	http.StatusGatewayTimeout:      ErrUnavailable,
}

// Error is an answer that gives no quotas: a refusal, or a 200 whose body cannot be used.
// Its strings are single lines without control characters, and never contain a secret of the client.
type Error struct {
	// Operation is the operationId of the document, such as showDomainQuota.
	Operation string

	// Status is the HTTP status, 200 if the body was at fault.
	Status int

	// Code is the service's or the gateway's, such as IAM.0007, IMG.0026 or APIGW.0301; empty if there was none.
	// Compare without regard to case: the vendor spells it in more than one way.
	Code string

	// Message is for people, at most 1,024 bytes: the service's words or, where the body is in neither documented shape,
	// at most 120 bytes of its beginning. For a status of 200 it says what is wrong with the body first.
	Message string

	// RequestID names the request in the vendor's logs: the header X-Request-Id, else request_id of the body, else empty.
	RequestID string
}

// Error is one line: operation, status, code, message and request id, as far as there are any.
func (e *Error) Error() string {
	var line strings.Builder
	fmt.Fprintf(&line, "%s: status %d", e.Operation, e.Status)
	if e.Code != "" {
		fmt.Fprintf(&line, ", code %s", e.Code)
	}
	if e.Message != "" {
		fmt.Fprintf(&line, ": %s", strings.TrimSuffix(e.Message, "."))
	}
	if e.RequestID != "" {
		fmt.Fprintf(&line, " (request %s)", e.RequestID)
	}
	return line.String()
}

// Unwrap gives the sentinel of the status, nil if it has none.
func (e *Error) Unwrap() error { return sentinels[e.Status] }

// IsInvalid tells whether the service refused a parameter: status 400.
// Its neighbours do the same for 401, 403, 404, 429 and failures; none is true of an error that arose before anything was sent.
func IsInvalid(err error) bool { return errors.Is(err, ErrInvalid) }

// IsUnauthorized tells whether the service did not accept the credentials: status 401.
func IsUnauthorized(err error) bool { return errors.Is(err, ErrUnauthorized) }

// IsForbidden tells whether the caller may not see these quotas: status 403.
func IsForbidden(err error) bool { return errors.Is(err, ErrForbidden) }

// IsNotFound tells whether there is no such account, or no such path on that host: status 404.
func IsNotFound(err error) bool { return errors.Is(err, ErrNotFound) }

// IsThrottled tells whether the service asks to come back later: status 429.
func IsThrottled(err error) bool { return errors.Is(err, ErrThrottled) }

// IsUnavailable tells whether the service failed, or a gateway could not reach it: status 500, 502, 503 or 504.
func IsUnavailable(err error) bool { return errors.Is(err, ErrUnavailable) }
