package contract

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/pointer"
	"github.com/quotaspec/quotaspec/contract/internal/schema"
	"github.com/quotaspec/quotaspec/contract/internal/wire"
	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// The request side takes these steps. A step leaves out what the recording does not contain, and a finding of one step does not
// keep the others from judging:
//
//	framing        the head announces the body that was sent
//	query          every server would read it alike
//	parameters     each by its schema, then those that the document does not know (parameters.go)
//	headers        doubled, misspelt (near.go) and undocumented ones, then those of signers (signing.go)
//	credentials    one documented alternative is complete (credentials.go)
//	body           from its bytes to its schema (body.go)
//
// All findings point below /request: the consumer has to mend what they name.

// judgeRequest judges a request, for which the consumer is responsible, and returns its body.
func (j *Judge) judgeRequest(s *subject, out *findings) body {
	r := &s.ex.Request
	switch {
	case s.ex.Unrecorded&UnrecordedRequest != 0:
		return body{}
	case s.op == nil:
		if s.ex.Probe == "" {
			out.add(Finding{
				ID: "method/undocumented", Evidence: s.inherited, Pointer: "/request/method", Node: s.route.node,
				Want: strings.Join(j.methodsOf(s.route), " or "), Got: text.Shorten(r.Method, 20),
			})
		}
		value, _ := looseJSON(r.Header, r.Body)
		return body{value: value}
	}
	hasBody := s.ex.Unrecorded&UnrecordedRequestBody == 0
	if s.ex.Unrecorded&(UnrecordedFraming|UnrecordedRequestHeaders) == 0 {
		judgeFraming("/request", r.Header, hasBody, len(r.Body), r.framingErrors, s.node(), out)
	}
	for _, problem := range s.query.Problems {
		out.add(Finding{
			ID: "query/malformed", Evidence: standard("RFC 3986"), Pointer: "/request/query", Node: s.op.Node,
			Want: "a query that every server reads alike", Got: problem,
		})
	}
	j.judgeParameters(s, out)
	j.judgeRequestHeaders(s, out)
	j.judgeSigningHeaders(s, out)
	j.judgeCredentials(s, out)
	if !hasBody {
		return body{}
	}
	return j.judgeRequestBody(s, out)
}

// judgeRequestHeaders finds the headers that are doubled, misspelt or undocumented. Those that are parameters have been judged
// as such. Headers that begin with Sec- belong to browsers.
func (j *Judge) judgeRequestHeaders(s *subject, out *findings) {
	if s.ex.Unrecorded&UnrecordedRequestHeaders != 0 {
		return
	}
	usual, header := usualNames(), s.ex.Request.Header
	isRight := func(name string, lines []string) bool {
		isKnown := usual[name] || slices.Contains(j.places.headers, name) || slices.Contains(s.prepared.headers, name)
		return len(lines) == 1 && (isKnown || slices.Contains(j.places.signing, name) || strings.HasPrefix(name, "Sec-"))
	}
	problem := func(name string) (f Finding, isWrong bool) {
		isParameter := slices.ContainsFunc(s.op.Parameters, func(p *spec.Parameter) bool {
			return p.In == "header" && strings.EqualFold(p.Name, name)
		})
		isCredential := slices.Contains(j.places.headers, name)
		isSigning := slices.Contains(j.places.signing, http.CanonicalHeaderKey(name))
		switch {
		case isCredential && len(header[name]) > 1:
			f.ID, f.Evidence, f.Node = "credentials/doubled", rfc9110, j.doc.Root.At("/components/securitySchemes")
			f.Want, f.Got = "one credential", strconv.Itoa(len(header[name]))
		case isDoubled(name, header[name]):
			f = doubledHeader(len(header[name]))
		case isParameter, isCredential, isSigning, isRegistered(name), automatic[name], strings.HasPrefix(name, "Sec-"):
			return f, false
		default:
			if near, isNear := j.nearHeader(s, name); isNear {
				return near, true
			}
			f.ID, f.Evidence, f.Want, f.Got = "header/undocumented", undocumented, "no such header", "the header"
		}
		return f, true
	}
	wrongHeaders("/request/headers/", header, s.op.Node, isRight, problem, out)
}

// judgeRequestBody judges the body of a request. A body that the document does not require may be absent, and one that it does
// not describe is a finding.
func (j *Judge) judgeRequestBody(s *subject, out *findings) body {
	r := &s.ex.Request
	if s.op.Body == nil && len(r.Body) == 0 {
		return body{}
	}
	m := message{
		side: "/request", at: "/request/body", header: r.Header, body: r.Body,
		node: s.op.Node, parent: s.op.Evidence, direction: schema.Request, unrecordedHeaders: UnrecordedRequestHeaders,
	}
	if b := s.op.Body; b != nil {
		if len(r.Body) == 0 && !b.Required {
			return body{}
		}
		m.node, m.content, m.parent = b.Node, b.Content, j.doc.Evidence(b.Node, s.op.Evidence)
	}
	return j.judgeBody(s, m, out)
}

// judgeFraming judges whether the head of a message and the size of its body agree (RFC 9112), and adds the framing errors
// of its reader. hasBody is false for a message that cannot have a body, such as a response to HEAD.
func judgeFraming(
	side string, header http.Header, hasBody bool, size int, errs []wire.FramingError, node *spec.Node, out *findings,
) {
	for _, f := range errs {
		if !hasBody && f.ID == "framing/chunked" {
			continue // a response to HEAD may announce chunks that do not follow
		}
		out.add(Finding{
			ID: f.ID, Evidence: rfc9112, Pointer: side, Node: node, Want: "a well-formed HTTP/1.1 message", Got: f.Got,
		})
	}
	lengths := header["Content-Length"]
	if len(lengths) == 0 {
		return
	}
	f := Finding{
		ID: "framing/content-length", Evidence: rfc9112, Pointer: side + "/headers/content-length", Node: node, Got: lengths[0],
	}
	n, err := strconv.ParseUint(lengths[0], 10, 63)
	switch {
	case len(lengths) > 1:
		f.Want, f.Got = "one Content-Length", strings.Join(lengths, " and ")
	case err != nil || strings.Trim(lengths[0], "0123456789") != "":
		f.Want = "a number of bytes"
	case hasBody && n != uint64(size):
		f.Want = fmt.Sprintf("%d, the bytes of the body", size)
	default:
		return
	}
	out.add(f)
}

// pointerOf returns the pointer of a parameter in an exchange.
func pointerOf(p *spec.Parameter) string {
	switch p.In {
	case "path":
		return "/request/path/" + pointer.Escape(p.Name)
	case "query", "querystring":
		return "/request/query/" + pointer.Escape(p.Name)
	case "cookie":
		return "/request/headers/cookie"
	}
	return "/request/headers/" + strings.ToLower(p.Name)
}
