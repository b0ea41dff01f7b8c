package client

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// The longest texts of a response that an Error holds, in bytes.
const (
	maxMessage = 1024
	maxWord    = 120 // a code, a request id, or the beginning of a body
)

// errorResponse makes an Error of a response with any status but 200. IAM and the gateway write a flat body, IMS a nested one:
//
//	{"error_msg":"…","error_code":"IAM.0002","request_id":"…"}
//	{"error":{"message":"…","code":"IMG.0026"}}
//
// A body of neither shape, such as the HTML page of a proxy, is quoted in part.
func (c *Client) errorResponse(operation string, response *http.Response, body *body) error {
	var shape struct {
		Message   text `json:"error_msg"`
		Code      text `json:"error_code"`
		RequestID text `json:"request_id"`
		Nested    struct {
			Message text `json:"message"`
			Code    text `json:"code"`
		} `json:"error"`
	}
	if body.err == nil {
		_ = json.Unmarshal(body.data, &shape) // a body of neither shape leaves the fields empty
	}
	if shape.Message == "" && shape.Code == "" {
		shape.Message, shape.Code = shape.Nested.Message, shape.Nested.Code
	}
	secrets := c.secrets(response.Request)
	e := &Error{
		Operation: operation,
		Status:    response.StatusCode,
		Code:      clean(string(shape.Code), maxWord, secrets),
		Message:   clean(string(shape.Message), maxMessage, secrets),
		RequestID: requestID(response, string(shape.RequestID), secrets),
	}
	e.RetryAfter, _ = retryAfter(response.Header, time.Now())
	if e.Code == "" && e.Message == "" {
		e.Message = excerpt(body.data, secrets)
	}
	if e.Status == http.StatusUnauthorized && c.signs() {
		e.Message += clockHint(response.Header, time.Now())
	}
	return e
}

// maxClockSkew is how old a signature may be (openapi/iam.yaml, X-Sdk-Date).
const maxClockSkew = 15 * time.Minute

// clockHint says how far the clock of this machine is from that of the service, if that is why a signature was refused. It is
// empty if the clocks agree, or the service does not tell its time (Date).
func clockHint(header http.Header, now time.Time) string {
	theirs, err := http.ParseTime(header.Get("Date"))
	ahead := now.Sub(theirs).Round(time.Minute)
	switch {
	case err != nil || ahead.Abs() < maxClockSkew:
		return ""
	case ahead > 0:
		return fmt.Sprintf("; the clock of this machine is %s ahead of that of the service", ahead)
	}
	return fmt.Sprintf("; the clock of this machine is %s behind that of the service", -ahead)
}

// unusable makes an Error of a 200 whose body gives no quotas, with the reason and the beginning of the body.
func (c *Client) unusable(operation string, response *http.Response, body []byte, reason error) error {
	secrets := c.secrets(response.Request)
	return &Error{
		Operation: operation,
		Status:    response.StatusCode,
		Message:   clean(reason.Error(), maxMessage-maxWord-len(": "), secrets) + ": " + excerpt(body, secrets),
		RequestID: requestID(response, "", secrets),
	}
}

// secrets lists the secrets of the client and of a request that it sent. One of them is the signature, valid for 15 minutes.
func (c *Client) secrets(sent *http.Request) []string {
	_, signed, _ := strings.Cut(sent.Header.Get("Authorization"), "Signature=")
	return []string{sent.Header.Get("X-Auth-Token"), signed, c.SecretKey.reveal(), c.SecurityToken.reveal()}
}

// redactError removes secrets from the error of a request without a complete response. It drops the text of a *url.Error, which
// contains the URL.
func (c *Client) redactError(err error, sent *http.Request) error {
	if outer, ok := errors.AsType[*url.Error](err); ok {
		err = outer.Err
	}
	secrets := c.secrets(sent)
	if text := err.Error(); text != redact(text, secrets...) {
		err = &redactedError{text: clean(text, maxMessage, secrets), cause: err}
	}
	return err
}

// redactedError replaces an error of a transport that repeats a secret. errors.Is still finds the cause, but no method returns
// it, so its text cannot be printed.
type redactedError struct {
	text  string
	cause error
}

func (e *redactedError) Error() string        { return e.text }
func (e *redactedError) Is(target error) bool { return errors.Is(e.cause, target) }

func requestID(response *http.Response, inBody string, secrets []string) string {
	return cmp.Or(clean(response.Header.Get("X-Request-Id"), maxWord, secrets), clean(inBody, maxWord, secrets))
}

func excerpt(body []byte, secrets []string) string {
	return cmp.Or(clean(string(body), maxWord, secrets), "no readable body")
}

// clean makes one line of at most limit bytes from a text of the response. It removes control characters first, since they
// could split a secret, then redacts, then cuts, since a cut could leave half of a secret.
func clean(words string, limit int, secrets []string) string {
	words = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == utf8.RuneError || !unicode.IsPrint(r):
			return -1
		}
		return r
	}, words)
	words = redact(strings.Join(strings.Fields(words), " "), secrets...)
	if len(words) <= limit {
		return words
	}
	cut := limit - len("…")
	for !utf8.RuneStart(words[cut]) {
		cut--
	}
	return words[:cut] + "…"
}

// text decodes a documented string. A number in its place keeps its digits; any other value counts as absent.
type text string

// UnmarshalJSON never fails on a value of another type, so that one odd member does not hide the others.
func (t *text) UnmarshalJSON(literal []byte) error {
	first := literal[0]
	isDigit := '0' <= first && first <= '9'
	switch {
	case first == '"':
		return json.Unmarshal(literal, (*string)(t))
	case first == '-', isDigit:
		*t = text(literal)
	}
	return nil
}
