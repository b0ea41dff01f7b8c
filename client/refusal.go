package client

import (
	"encoding/json"
	"errors"
	"fmt"
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
func (c *Client) refusal(operation string, response *http.Response, body []byte) error {
	var said struct {
		Message   text `json:"error_msg"`
		Code      text `json:"error_code"`
		RequestID text `json:"request_id"`
		Nested    struct {
			Message text `json:"message"`
			Code    text `json:"code"`
		} `json:"error"`
	}
	if len(body) <= maxBody {
		_ = json.Unmarshal(body, &said) // what is of neither shape leaves the fields empty
	}
	if said.Message == "" && said.Code == "" {
		said.Message, said.Code = said.Nested.Message, said.Nested.Code
	}
	e := &Error{
		Operation: operation,
		Status:    response.StatusCode,
		Code:      c.clean(string(said.Code), maxWord),
		Message:   c.clean(string(said.Message), maxMessage),
		RequestID: c.requestID(response, string(said.RequestID)),
	}
	if e.Code == "" && e.Message == "" {
		e.Message = c.excerpt(body)
	}
	return e
}

// unusable is the error of a 200 whose body gives no quotas.
func (c *Client) unusable(operation string, response *http.Response, body []byte, reason error) error {
	return &Error{
		Operation: operation,
		Status:    response.StatusCode,
		Message:   c.clean(reason.Error(), maxMessage-maxWord-len(": ")) + ": " + c.excerpt(body),
		RequestID: c.requestID(response, ""),
	}
}

// unanswered is the error of a request without a complete answer. The words of a *url.Error go, as they hold the URL.
func (c *Client) unanswered(operation string, err error) error {
	if outer := (*url.Error)(nil); errors.As(err, &outer) {
		err = outer.Err
	}
	if words := err.Error(); words != hide(words, c.Token) {
		err = &hidden{words: c.clean(words, maxMessage), cause: err}
	}
	return fmt.Errorf("%s: %w", operation, err)
}

// hidden stands for an error of a transport that repeats the token: errors.Is sees through it, nobody reads through it.
type hidden struct {
	words string
	cause error
}

func (h *hidden) Error() string        { return h.words }
func (h *hidden) Is(target error) bool { return errors.Is(h.cause, target) }

func (c *Client) requestID(response *http.Response, inBody string) string {
	if id := c.clean(response.Header.Get("X-Request-Id"), maxWord); id != "" {
		return id
	}
	return c.clean(inBody, maxWord)
}

func (c *Client) excerpt(body []byte) string {
	if beginning := c.clean(string(body), maxWord); beginning != "" {
		return beginning
	}
	return "no readable body"
}

// clean makes one line of at most limit bytes out of words of the other side. The token is hidden after the control characters
// went, which could part it, and before the cut, which could leave half of it.
func (c *Client) clean(words string, limit int) string {
	words = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == utf8.RuneError || !unicode.IsPrint(r):
			return -1
		}
		return r
	}, words)
	words = hide(strings.Join(strings.Fields(words), " "), c.Token)
	if len(words) <= limit {
		return words
	}
	cut := limit - len("…")
	for !utf8.RuneStart(words[cut]) {
		cut--
	}
	return words[:cut] + "…"
}

// hide takes the token out, also as HTML, JSON or a query would spell the + / = of its base64.
func hide(words, token string) string {
	if token == "" {
		return words
	}
	return strings.NewReplacer(
		token, "***",
		strings.ReplaceAll(token, "+", "&#43;"), "***",
		strings.ReplaceAll(token, "/", `\/`), "***",
		url.QueryEscape(token), "***",
	).Replace(words)
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
