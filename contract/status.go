package contract

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// judgeStatus judges what HTTP itself promises about a status, whatever the document says: 204 and 304 have no body, 405
// lists the allowed methods, 304 needs a conditional request. Clients and caches rely on these promises.
func (j *Judge) judgeStatus(s *subject, out *findings) {
	r := &s.ex.Response
	if r.Status >= 200 && r.Status < 300 && r.Status != http.StatusNoContent && s.ex.Request.Method != http.MethodOptions {
		return // most responses: HTTP promises nothing more about them
	}
	f := Finding{Evidence: rfc9110, Pointer: "/response/status", Node: s.node(), Got: strconv.Itoa(r.Status)}
	switch {
	case !isStatus(r.Status):
		f.ID, f.Want = "status/invalid", "a status from 100 to 599"
		out.add(f)
	case r.Status == http.StatusNotModified && s.response != nil && !s.mayBeConditional():
		f.ID, f.Want = "status/not-modified", "a 304 only if the request has If-None-Match or If-Modified-Since"
		out.add(f)
	}
	if s.ex.Unrecorded&UnrecordedResponseHeaders != 0 {
		return
	}
	f.Pointer = "/response/headers/"
	needsAllow := r.Status == http.StatusMethodNotAllowed && !s.ex.Expected && !requires(s.response, "Allow")
	if needsAllow && len(r.Header.Values("Allow")) == 0 {
		f.ID, f.Pointer, f.Want, f.Got = "header/missing", f.Pointer+"allow", "the header Allow in a 405", "none"
		out.add(f)
	}
	j.judgeAllow(s, out)
	hasLength := r.Status >= 200 && r.Status != http.StatusNoContent
	if hasLength || s.ex.Unrecorded&UnrecordedFraming != 0 {
		return
	}
	forbid := func(header string, evidence spec.Evidence) {
		if values := r.Header.Values(header); len(values) > 0 {
			f.ID, f.Evidence, f.Pointer = "framing/"+header, evidence, "/response/headers/"+header
			f.Want, f.Got = fmt.Sprintf("none in a %d", r.Status), strings.Join(values, ", ")
			out.add(f)
		}
	}
	forbid("content-length", rfc9110)
	forbid("transfer-encoding", rfc9112)
}

// isStatus reports whether a number is in the range of statuses (RFC 9110, 15).
func isStatus(status int) bool { return 100 <= status && status <= 599 }

// mayBeConditional reports whether the request has a condition that 304 can meet (RFC 9110, 13.1), or may have one that was
// not recorded.
func (s *subject) mayBeConditional() bool {
	header := s.ex.Request.Header
	isUnrecorded := s.ex.Unrecorded&(UnrecordedRequest|UnrecordedRequestHeaders) != 0
	return isUnrecorded || header.Get("If-None-Match") != "" || header.Get("If-Modified-Since") != ""
}

// requires reports whether the document requires a header, so that its absence is a finding already.
func requires(r *response, name string) bool {
	if r == nil {
		return false
	}
	isIt := func(h headerField) bool { return h.Required && strings.EqualFold(h.Name, name) }
	return slices.ContainsFunc(r.headers, isIt)
}
