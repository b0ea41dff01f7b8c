package client

import (
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// How many bytes of the other side's words an Error keeps.
const (
	maxMessage = 1024
	maxWord    = 120 // a code, a request id, the beginning of a body
)

// refusal reads the body of any status but 200, in the flat shape of IAM and the gateway or the nested one of IMS.
func (c *Client) refusal(operation string, response *http.Response, body *body) error {
	var said struct {
		Message   text `json:"error_msg"`
		Code      text `json:"error_code"`
		RequestID text `json:"request_id"`
		Nested    struct {
			Message text `json:"message"`
			Code    text `json:"code"`
		} `json:"error"`
	}
	if body.err == nil {
		_ = json.Unmarshal(body.data, &said) // what is of neither shape leaves the fields empty
	}
	if said.Message == "" && said.Code == "" {
		said.Message, said.Code = said.Nested.Message, said.Nested.Code
	}
	secrets := c.secrets(response.Request)
	e := &Error{
		Operation: operation,
		Status:    response.StatusCode,
		Code:      clean(string(said.Code), maxWord, secrets),
		Message:   clean(string(said.Message), maxMessage, secrets),
		RequestID: requestID(response, string(said.RequestID), secrets),
	}
	if e.Code == "" && e.Message == "" {
		e.Message = excerpt(body.data, secrets)
	}
	return e
}

// unusable is the error of a 200 whose body gives no quotas.
func (c *Client) unusable(operation string, response *http.Response, body []byte, reason error) error {
	secrets := c.secrets(response.Request)
	return &Error{
		Operation: operation,
		Status:    response.StatusCode,
		Message:   clean(reason.Error(), maxMessage-maxWord-len(": "), secrets) + ": " + excerpt(body, secrets),
		RequestID: requestID(response, "", secrets),
	}
}

// secrets are what of the client and of a request that it sent nobody may read. A signature is good for a quarter of an hour.
func (c *Client) secrets(sent *http.Request) []string {
	_, signed, _ := strings.Cut(sent.Header.Get("Authorization"), "Signature=")
	return []string{sent.Header.Get("X-Auth-Token"), signed, c.SecretKey.reveal(), c.SecurityToken.reveal()}
}

// withoutSecrets takes them out of the error of a request without a complete answer. The words of a *url.Error go, as they
// hold the URL.
func (c *Client) withoutSecrets(err error, sent *http.Request) error {
	if outer, ok := errors.AsType[*url.Error](err); ok {
		err = outer.Err
	}
	secrets := c.secrets(sent)
	if words := err.Error(); words != hide(words, secrets...) {
		err = &hidden{words: clean(words, maxMessage, secrets), cause: err}
	}
	return err
}

// hidden stands for an error of a transport that repeats the token: errors.Is sees through it, nobody reads through it.
type hidden struct {
	words string
	cause error
}

func (h *hidden) Error() string        { return h.words }
func (h *hidden) Is(target error) bool { return errors.Is(h.cause, target) }

func requestID(response *http.Response, inBody string, secrets []string) string {
	return cmp.Or(clean(response.Header.Get("X-Request-Id"), maxWord, secrets), clean(inBody, maxWord, secrets))
}

func excerpt(body []byte, secrets []string) string {
	return cmp.Or(clean(string(body), maxWord, secrets), "no readable body")
}

// clean makes one line of at most limit bytes out of words of the other side. Secrets are hidden after the control characters
// went, which could part them, and before the cut, which could leave half of one.
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
	words = hide(strings.Join(strings.Fields(words), " "), secrets...)
	if len(words) <= limit {
		return words
	}
	cut := limit - len("…")
	for !utf8.RuneStart(words[cut]) {
		cut--
	}
	return words[:cut] + "…"
}

// text is a string where one is documented; a number there keeps its digits, anything else is as good as absent.
type text string

func (t *text) UnmarshalJSON(literal []byte) error {
	switch first := literal[0]; {
	case first == '"':
		return json.Unmarshal(literal, (*string)(t))
	case first == '-' || '0' <= first && first <= '9':
		*t = text(literal)
	}
	return nil
}
