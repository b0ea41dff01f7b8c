package contract

import (
	"fmt"
	"net/http"
	"strings"
)

// response judges what the provider did.
func (c *hearing) response() {
	r := &c.ex.Response
	if c.ex.Unseen&UnseenResponse != 0 {
		return
	}
	if r.Status == 0 {
		for _, f := range r.faults {
			c.deviate(f.id, standard("RFC 9112"), "/response", c.node(), "an answer", f.got)
		}
		return
	}
	unseen := c.ex.Unseen&UnseenResponseBody != 0
	if unseen {
		r.Body = nil
	}
	bodiless := unseen || c.ex.Request.Method == http.MethodHead || r.Status < 200 || r.Status == http.StatusNoContent || r.Status == http.StatusNotModified
	if c.ex.Unseen&(UnseenFraming|UnseenResponseHeaders) == 0 {
		body := append([]byte{}, r.Body...)
		if bodiless {
			body = nil // Content-Length tells what GET would have answered: only its form can be judged
		}
		c.framing("/response", r.Header, body, r.faults)
	}
	if bodiless && len(r.Body) > 0 {
		c.deviate("framing/body-forbidden", standard("RFC 9110"), "/response/body", c.node(), "no body", fmt.Sprintf("%d bytes", len(r.Body)))
	}
	c.responseHeaders()
	switch {
	case c.op == nil:
		var faults []jsonFault
		c.responseBody, faults = looseJSON(r.Header, r.Body)
		for _, f := range faults {
			c.deviate(f.id, standard(rfcOf(f.id)), "/response/body"+f.pointer, c.node(), wantJSON(f.id), f.got)
		}
	case c.answer == nil && c.unlistedRefusal() && r.Status/100 == 4:
		c.responseBody, _ = looseJSON(r.Header, r.Body)
	case c.answer == nil:
		want := []string{}
		for _, known := range c.op.Responses {
			want = append(want, known.Status)
		}
		c.deviate("status/undocumented", c.op.Evidence, "/response/status", c.op.Pointer+"/responses", "one of "+strings.Join(want, ", "), fmt.Sprint(r.Status))
		c.responseBody, _ = looseJSON(r.Header, r.Body)
	case !bodiless:
		c.responseBody, c.responseSchema = c.body(c.responseMessage())
		c.errorCode()
		c.resourceInRefusal()
	case unseen && len(c.answer.Spec.Content) > 0 && r.Header.Get("Content-Type") != "":
		c.mediaTypeOf(c.responseMessage()) // the header was seen
	}
}

func (c *hearing) responseMessage() message {
	return message{
		side: "/response", header: c.ex.Response.Header, body: c.ex.Response.Body, content: c.answer.Spec.Content,
		node: c.answer.Pointer, held: c.answer.Evidence, as: asResponse, unseen: UnseenResponseHeaders,
	}
}

// errorCode judges whether the code in the body belongs to the status. Case does not matter.
func (c *hearing) errorCode() {
	codes := c.answer.Codes
	if codes == nil || c.failedAt("/response/body"+codes.At) {
		return
	}
	value, ok := lookup(c.responseBody, codes.At)
	if !ok {
		return // the schema says whether it must be there
	}
	want := []string{}
	for _, known := range codes.Codes {
		if text, isText := value.(string); isText && strings.EqualFold(text, known.Code) {
			return
		}
		if len(want) == 0 || want[len(want)-1] != known.Code {
			want = append(want, known.Code)
		}
	}
	c.deviate("error-code/undocumented", c.answer.Evidence, "/response/body"+codes.At, c.answer.Pointer+"/x-error-codes", "one of "+strings.Join(want, ", "), compact(value))
}
