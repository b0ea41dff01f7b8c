package contract

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/schema"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// The response side judges framing, status and headers, and then takes one of three ways with the body:
//
//	the status is documented        judgeBody, the error code, and what a refusal must not contain
//	the status is not documented    the body is only parsed, for the rules of the document
//	there cannot be a body          HEAD, 1xx, 204 and 304 (bodiless), or the recording lacks it
//
// All findings point below /response: the provider has to mend what they name.

// judgeResponse judges a response, for which the provider is responsible, and returns its body.
func (j *Judge) judgeResponse(s *subject, out *findings) body {
	r := &s.ex.Response
	switch {
	case s.ex.Unrecorded&UnrecordedResponse != 0:
		return body{}
	case r.Status == 0:
		for _, f := range r.framingErrors {
			out.add(Finding{ID: f.ID, Evidence: rfc9112, Pointer: "/response", Node: s.node(), Want: "a response", Got: f.Got})
		}
		return body{}
	}
	isUnrecorded := s.ex.Unrecorded&UnrecordedResponseBody != 0 || s.ex.Expected && len(r.Body) == 0
	if isUnrecorded {
		r.Body = nil
	}
	bodiless := isUnrecorded || s.ex.Request.Method == http.MethodHead || r.Status < 200 ||
		r.Status == http.StatusNoContent || r.Status == http.StatusNotModified
	if s.ex.Unrecorded&(UnrecordedFraming|UnrecordedResponseHeaders) == 0 {
		// Without a body, Content-Length is that of a response to GET: only its syntax can be judged.
		judgeFraming("/response", r.Header, !bodiless, len(r.Body), r.framingErrors, s.node(), out)
	}
	if bodiless && len(r.Body) > 0 {
		out.add(Finding{
			ID: "framing/body-forbidden", Evidence: rfc9110, Pointer: "/response/body", Node: s.node(),
			Want: "no body", Got: text.Count(len(r.Body), "byte", "bytes"),
		})
	}
	j.judgeStatus(s, out)
	j.judgeResponseHeaders(s, out)
	switch {
	case s.response == nil:
		value, syntaxErrors := looseJSON(r.Header, r.Body)
		if s.op != nil {
			isTolerated := s.unlistedRefusal() && r.Status/100 == 4
			if isStatus(r.Status) && !isTolerated {
				out.add(undocumentedStatus(s.op, r.Status, s.ex.Probe != ""))
			}
			return body{value: value}
		}
		for _, f := range syntaxErrors {
			at := "/response/body" + f.Pointer
			out.add(Finding{ID: f.ID, Evidence: standard(f.RFC), Pointer: at, Want: f.Want, Got: f.Got})
		}
		return body{value: value}
	case !bodiless:
		b := j.judgeBody(s, j.responseMessage(s), out)
		judgeErrorCode(s.response.Response, &b, out)
		j.judgeRefusalBody(s, b, out)
		judgeFilters(s, b, out)
		judgeChange(s, b, out)
		return b
	case isUnrecorded && len(s.response.Content) > 0 && r.Header.Get("Content-Type") != "":
		mediaTypeOf(s, j.responseMessage(s), out) // the header is in the recording
	}
	return body{}
}

// responseMessage returns the response as judgeBody takes it, with what the document says about its status.
func (j *Judge) responseMessage(s *subject) message {
	return message{
		side: "/response", at: "/response/body", header: s.ex.Response.Header, body: s.ex.Response.Body,
		content: s.response.Content, node: s.response.Node, parent: s.response.Evidence, direction: schema.Response,
		unrecordedHeaders: UnrecordedResponseHeaders,
	}
}

// serverError is the id of findings about a status from 500 to 599 that a probe gets: whatever it asked for, the provider failed.
// In traffic, where nobody knows what was asked, only an undocumented one is a finding: status/undocumented.
const serverError = "status/server-error"

// undocumentedStatus returns the finding about a status that an operation does not list. An operation without responses,
// which OpenAPI allows from 3.1 on, promises nothing about the status.
func undocumentedStatus(op *spec.Operation, status int, ofProbe bool) Finding {
	f := Finding{ID: "status/undocumented", Pointer: "/response/status", Got: strconv.Itoa(status)}
	if ofProbe && status/100 == 5 {
		f.ID = serverError
	}
	if len(op.Responses) == 0 {
		f.Evidence, f.Node, f.Want = undocumented, op.Node, "a documented response"
	} else {
		f.Evidence, f.Node, f.Want = op.Evidence, op.Node.Member("responses"), "one of "+strings.Join(listed(op), ", ")
	}
	return f
}

// listed returns the statuses that an operation lists.
func listed(op *spec.Operation) []string {
	list := []string{}
	for _, r := range op.Responses {
		list = append(list, r.Status)
	}
	return list
}

// judgeErrorCode judges whether the response documents the error code in its body. Upper and lower case are equal.
func judgeErrorCode(response *spec.Response, b *body, out *findings) {
	codes := response.Codes
	if codes == nil {
		return
	}
	value := b.value.At(codes.At)
	if !value.Exists() || b.hasFailed(value) {
		return // the schema has judged it
	}
	want := []string{}
	for _, known := range codes.Codes {
		if value.Kind() == strictjson.String && strings.EqualFold(value.Text(), known.Code) {
			return
		}
		want = append(want, known.Code)
	}
	out.add(Finding{
		ID: "error-code/undocumented", Evidence: response.Evidence, Pointer: "/response/body" + codes.At, Node: codes.Node,
		Want: "one of " + strings.Join(slices.Compact(want), ", "), Got: value.Compact(),
	})
}
