package contract

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// judgeStatus judges what HTTP itself promises of a status, whatever the document says of it. Each promise is one that
// clients and caches rely on: one of them waits for a body, another looks for what it has not kept.
func (j *Judge) judgeStatus(s *subject, out *findings) {
	r := &s.ex.Response
	if r.Status >= 200 && r.Status < 300 && r.Status != http.StatusNoContent {
		return // most are, and promise nothing more
	}
	f := Finding{Evidence: standard("RFC 9110"), Pointer: "/response/status", Node: s.node(), Got: strconv.Itoa(r.Status)}
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
	if r.Status == http.StatusMethodNotAllowed && len(r.Header.Values("Allow")) == 0 && !requires(s.response, "Allow") {
		f.ID, f.Pointer, f.Want, f.Got = "header/missing", f.Pointer+"allow", "the header Allow in a 405", "none"
		out.add(f)
	}
	hasLength := r.Status >= 200 && r.Status != http.StatusNoContent
	if hasLength || s.ex.Unrecorded&UnrecordedFraming != 0 {
		return
	}
	for _, forbidden := range []struct{ header, rfc string }{{"content-length", "RFC 9110"}, {"transfer-encoding", "RFC 9112"}} {
		if values := r.Header.Values(forbidden.header); len(values) > 0 {
			out.add(Finding{
				ID: "framing/" + forbidden.header, Evidence: standard(forbidden.rfc), Pointer: "/response/headers/" + forbidden.header,
				Node: f.Node, Want: fmt.Sprintf("none in a %d", r.Status), Got: strings.Join(values, ", "),
			})
		}
	}
}

// isStatus says whether a number may be a status (RFC 9110, 15).
func isStatus(status int) bool { return 100 <= status && status <= 599 }

// mayBeConditional says whether the request may have asked for what has changed only (RFC 9110, 13.1).
func (s *subject) mayBeConditional() bool {
	header := s.ex.Request.Header
	return s.ex.Unrecorded&(UnrecordedRequest|UnrecordedRequestHeaders) != 0 || header.Get("If-None-Match") != "" || header.Get("If-Modified-Since") != ""
}

// requires says whether the document requires a header, so that its absence is reported already.
func requires(answer *response, name string) bool {
	if answer == nil {
		return false
	}
	return slices.ContainsFunc(answer.headers, func(h headerField) bool { return h.Required && strings.EqualFold(h.Name, name) })
}
