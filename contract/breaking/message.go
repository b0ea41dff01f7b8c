package breaking

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/redact"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// A witness begins with a base: a right exchange with everything that is required and nothing else, in parts, so that one part
// can be replaced. There are three for each change, since no one of them suits all: for an operation whose parameter kind
// became required, and whose limit was lowered
//
//	both   GET /pets?kind=cat            right by both documents, if there is such a request
//	old    GET /pets                     the one of the old document
//	new    GET /pets?kind=cat            the one of the new document
//
// The change is then made in each: GET /pets?kind=cat&limit=100.

// base is a right exchange in parts.
type base struct {
	origin     string
	isResponse bool
	op         *spec.Operation // whose path it has
	fields     []field         // the parameters of the request
	schemes    []*spec.SecurityScheme
	request    content
	host       string // the header Host; "": the request needs none
	status     int
	headers    []field // of the response
	response   content
	// isUnknown says that no body could be made, so that the judges must not look at it.
	isUnknown bool
}

// field is a parameter or a header with its text; in a query, with its name.
type field struct {
	of   *spec.Parameter
	text string
}

// content is a body with its media type; "" and nil: none.
type content struct {
	mediaType string
	data      []byte
}

// exchange writes the base.
func (b base) exchange() contract.Exchange {
	ex := contract.Exchange{Request: b.writeRequest()}
	if !b.isResponse {
		ex.Unrecorded = contract.UnrecordedResponse
		return ex
	}
	ex.Unrecorded = contract.UnrecordedFraming
	if b.isUnknown {
		ex.Unrecorded |= contract.UnrecordedResponseBody
	}
	ex.Response = contract.Response{Status: b.status, Header: http.Header{}, Body: b.response.data}
	for _, h := range b.headers {
		setHeader(ex.Response.Header, h.of.Name, h.text)
	}
	if b.response.mediaType != "" {
		ex.Response.Header.Set("Content-Type", b.response.mediaType)
	}
	return ex
}

func (b base) writeRequest() contract.Request {
	path, _, _ := strings.Cut(b.op.Path, "#")
	r := contract.Request{Method: b.op.Method, Target: path, Header: http.Header{}, Body: b.request.data}
	for _, f := range b.fields {
		switch f.of.In {
		case "path":
			r.Target = strings.ReplaceAll(r.Target, "{"+f.of.Name+"}", f.text)
		case "query":
			addQuery(&r, f.text)
		case "header":
			setHeader(r.Header, f.of.Name, f.text)
		case "cookie":
			addCookie(&r, f.of.Name+"="+f.text)
		}
	}
	for _, s := range b.schemes {
		addCredential(&r, s)
	}
	if b.host != "" {
		r.Header.Set("Host", b.host)
	}
	if b.request.mediaType != "" {
		r.Header.Set("Content-Type", b.request.mediaType)
	}
	r.Target = strings.NewReplacer("{", "%7B", "}", "%7D", " ", "%20").Replace(r.Target)
	return r
}

// setHeader sets a header. A value that cannot be sent in one line is left out.
func setHeader(header http.Header, name, text string) {
	if !strings.ContainsAny(text, "\r\n\x00") {
		header.Set(name, text)
	}
}

func addQuery(r *contract.Request, pair string) {
	if pair == "" {
		return // a list without elements
	}
	separator := "?"
	if strings.Contains(r.Target, "?") {
		separator = "&"
	}
	r.Target += separator + pair
}

func addCookie(r *contract.Request, pair string) {
	if there := r.Header.Get("Cookie"); there != "" {
		pair = there + "; " + pair
	}
	r.Header.Set("Cookie", pair)
}

// addCredential adds a placeholder where a security scheme expects its credential. Authorization with the bare placeholder
// stands for any scheme.
func addCredential(r *contract.Request, s *spec.SecurityScheme) {
	switch {
	case s.Type == "apiKey" && s.In == "query":
		addQuery(r, url.QueryEscape(s.ParameterName)+"="+redact.Mark)
	case s.Type == "apiKey" && s.In == "cookie":
		addCookie(r, s.ParameterName+"="+redact.Mark)
	case s.Type == "apiKey":
		r.Header.Set(s.ParameterName, redact.Mark)
	case r.Header.Get("Authorization") != "":
		r.Header.Set("Authorization", redact.Mark)
	case s.Type == "http":
		r.Header.Set("Authorization", titled(s.HTTPScheme)+" "+redact.Mark)
	case s.Type == "mutualTLS":
		r.Header.Set("Authorization", redact.Mark)
	default:
		r.Header.Set("Authorization", "Bearer "+redact.Mark)
	}
}

// titled writes the name of an authentication scheme as programs do: Bearer, Basic.
func titled(scheme string) string {
	if scheme == "" || strings.ToLower(scheme) != scheme {
		return scheme
	}
	return strings.ToUpper(scheme[:1]) + scheme[1:]
}

// with returns the base with another text of a parameter or header.
func (b base) with(p *spec.Parameter, text string) base {
	b = b.without(p)
	if b.isResponse && p.In == "header" && !b.hasParameter(p) {
		b.headers = append(b.headers, field{p, text})
	} else {
		b.fields = append(b.fields, field{p, text})
	}
	return b
}

// hasParameter reports whether the header is a parameter of the request.
func (b base) hasParameter(p *spec.Parameter) bool { return slices.Contains(b.op.Parameters, p) }

// without returns the base without a parameter or header.
func (b base) without(p *spec.Parameter) base {
	is := func(f field) bool { return isSame(f.of, p) }
	if b.isResponse && p.In == "header" && !b.hasParameter(p) {
		b.headers = slices.DeleteFunc(slices.Clone(b.headers), is)
	} else {
		b.fields = slices.DeleteFunc(slices.Clone(b.fields), is)
	}
	return b
}

// isSame reports whether two parameters are in the same place of a request.
func isSame(a, b *spec.Parameter) bool {
	return a.In == b.In && (a.Name == b.Name || a.In == "header" && strings.EqualFold(a.Name, b.Name))
}

// find returns the parameter of an operation in the same place, or nil.
func find(list []*spec.Parameter, p *spec.Parameter) *spec.Parameter {
	if i := slices.IndexFunc(list, func(other *spec.Parameter) bool { return isSame(p, other) }); i >= 0 {
		return list[i]
	}
	return nil
}

// schemesOf returns the schemes of the first alternative that needs no signature; nil: no credentials are needed.
func schemesOf(op *spec.Operation) []*spec.SecurityScheme {
	var first []*spec.SecurityScheme
	for i, alternative := range op.Security {
		list, isSigned := []*spec.SecurityScheme{}, false
		for _, required := range alternative {
			if required.Scheme != nil {
				list = append(list, required.Scheme)
				isSigned = isSigned || len(required.Scheme.SigningHeaders) > 0
			}
		}
		if !isSigned {
			return list
		}
		if i == 0 {
			first = list
		}
	}
	return first
}
