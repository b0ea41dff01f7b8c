package contract

import (
	"net/http"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/redact"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// credentialPlaces lists where the security schemes of a document expect a credential, and the headers that signers add.
type credentialPlaces struct {
	headers, query, cookies []string
	signing                 []string
	all                     []string // the result of Judge.Credentials
}

// credentialsOf lists the places of all schemes of a document, whatever operation needs them.
func credentialsOf(doc *spec.Document) credentialPlaces {
	c := credentialPlaces{}
	for _, s := range doc.Schemes {
		switch {
		case credentialHeader(s) != "":
			c.headers = append(c.headers, http.CanonicalHeaderKey(credentialHeader(s)))
		case s.Type == "apiKey" && s.In == "query":
			c.query = append(c.query, s.ParameterName)
		case s.Type == "apiKey" && s.In == "cookie":
			c.cookies = append(c.cookies, s.ParameterName)
		}
		for _, h := range s.SigningHeaders {
			c.signing = append(c.signing, http.CanonicalHeaderKey(h.Name))
		}
	}
	c.all = secretNames(doc, c)
	return c
}

// credentialHeader returns the name of the header in which a scheme expects its credential, or "".
func credentialHeader(s *spec.SecurityScheme) string {
	switch {
	case s.Type == "apiKey" && s.In == "header":
		return s.ParameterName
	case s.Type == "http", s.Type == "oauth2", s.Type == "openIdConnect":
		return "Authorization"
	}
	return ""
}

// judgeCredentials checks that the request carries the credentials of one documented alternative. Schemes of an alternative
// are needed together:
//
//	security: [{One: [], Two: []}, {Three: []}]   // One and Two, or Three
//
// Only the provider knows whether a credential is valid.
func (j *Judge) judgeCredentials(s *subject, out *findings) {
	if s.ex.Unrecorded&(UnrecordedRequestHeaders|UnrecordedCredentials) != 0 {
		return
	}
	alternatives, carried := []string{}, []string{}
	for _, alternative := range s.op.Security {
		names, before := []string{}, len(carried)
		for _, scheme := range alternative {
			names = append(names, scheme.Name)
			if s.carries(scheme.Scheme) {
				carried = append(carried, scheme.Name)
			}
		}
		if len(carried)-before == len(names) {
			return
		}
		slices.Sort(names)
		alternatives = append(alternatives, strings.Join(names, " and "))
	}
	if len(alternatives) == 0 {
		return
	}
	f := Finding{
		ID: "credentials/missing", Evidence: s.op.Evidence, Pointer: "/request/headers", Node: j.doc.Root.Member("security"),
		Want: strings.Join(alternatives, " or "), Got: "none",
	}
	if s.op.OwnSecurity {
		f.Node = s.op.Node.Member("security")
	}
	if len(carried) > 0 {
		slices.Sort(carried)
		f.Got = "only " + strings.Join(slices.Compact(carried), ", ")
	}
	out.add(f)
}

// carries reports whether the request has anything where the security scheme expects its credential.
func (s *subject) carries(scheme *spec.SecurityScheme) bool {
	header := s.ex.Request.Header
	switch {
	case scheme == nil:
		return false
	case scheme.Type == "apiKey" && scheme.In == "query":
		return s.values.Get(scheme.ParameterName) != ""
	case scheme.Type == "apiKey" && scheme.In == "cookie":
		cookie, err := (&http.Request{Header: header}).Cookie(scheme.ParameterName)
		return err == nil && cookie.Value != ""
	case scheme.Type == "apiKey":
		return header.Get(scheme.ParameterName) != ""
	case scheme.Type == "http":
		return hasScheme(header, scheme.HTTPScheme)
	}
	return header.Get("Authorization") != ""
}

// hasScheme reports whether the Authorization header uses a scheme (RFC 9110, 11.1 and 11.4): its name in any case, a space
// and a credential. A value that a recorder has redacted may be of any scheme.
func hasScheme(header http.Header, scheme string) bool {
	value := header.Get("Authorization")
	name, rest, _ := strings.Cut(value, " ")
	isOfScheme := strings.EqualFold(name, scheme) && strings.TrimSpace(rest) != ""
	return isOfScheme || value == redact.Mark
}
