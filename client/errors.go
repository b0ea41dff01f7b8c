package client

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// The kinds of an [*Error], for errors.Is. The status decides the kind:
//
//	if errors.Is(err, client.ErrThrottled) { … }
var (
	ErrInvalid      = errors.New("the request is invalid")                  // 400
	ErrUnauthorized = errors.New("the credentials are not accepted")        // 401
	ErrForbidden    = errors.New("the caller lacks the permission")         // 403
	ErrNotFound     = errors.New("the account or the path does not exist")  // 404
	ErrThrottled    = errors.New("too many requests")                       // 429
	ErrUnavailable  = errors.New("the service failed or cannot be reached") // 500, 502, 503, 504
	ErrUnusable     = errors.New("the response is not the one documented")  // 200
)

// sentinels maps each status to its kind.
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

// Error is a response that gives no quotas: one with an error status, or a 200 whose body is not the documented one.
// Its strings are single lines without control characters, and never contain a secret of the client.
type Error struct {
	// Operation is the operationId of the document, such as showDomainQuota.
	Operation string

	// Status is the HTTP status. It is 200 if only the body is wrong.
	Status int

	// Code is the error code of the service or the gateway, such as IAM.0007, IMG.0026 or APIGW.0301; empty if the body has
	// none. Compare it without regard to case: the vendor spells it in more than one way.
	Code string

	// Message is for people and has at most 1,120 bytes. It is the message of the service, or the first 120 bytes of a body
	// that has neither documented shape. For status 200 it first says what is wrong with the body. For a refused signature it ends
	// with the difference of the clocks, if that is fifteen minutes or more.
	Message string

	// RequestID identifies the request in the vendor's logs. It is the header X-Request-Id, or else request_id of the body.
	RequestID string

	// RetryAfter is how long the service asked to wait before the next request (Retry-After), 0 if it did not. A call waits up to
	// 30 seconds by itself; what is longer, or comes after the last retry, is for the caller.
	RetryAfter time.Duration
}

// Error returns one line with the operation, the status and, where they exist, the code, the message and the request id:
//
//	showImageQuota: status 403, code IMG.0026: The role is invalid (request c506)
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

// Unwrap returns the kind of the error, such as ErrForbidden. It is nil for a status without one.
func (e *Error) Unwrap() error { return sentinels[e.Status] }

// IsInvalid reports whether the service rejected a parameter: status 400.
// Like the functions below, it is false for an error that occurred before a request was sent.
func IsInvalid(err error) bool { return errors.Is(err, ErrInvalid) }

// IsUnauthorized reports whether the service did not accept the credentials: status 401.
func IsUnauthorized(err error) bool { return errors.Is(err, ErrUnauthorized) }

// IsForbidden reports whether the caller lacks the permission for these quotas: status 403.
func IsForbidden(err error) bool { return errors.Is(err, ErrForbidden) }

// IsNotFound reports whether the account, or the path on that host, does not exist: status 404.
func IsNotFound(err error) bool { return errors.Is(err, ErrNotFound) }

// IsThrottled reports whether there were too many requests: status 429.
func IsThrottled(err error) bool { return errors.Is(err, ErrThrottled) }

// IsUnavailable reports whether the service failed, or a gateway could not reach it: status 500, 502, 503 or 504.
func IsUnavailable(err error) bool { return errors.Is(err, ErrUnavailable) }
