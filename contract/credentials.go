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
	signers                 []signer
	all                     []string // the result of Judge.Credentials
}

// credential is a security scheme prepared for judging.
type credential struct {
	*spec.SecurityScheme        // nil: not defined
	key                  string // the name of an API key in a header, as http.Header has it
}

func newCredential(s *spec.SecurityScheme) credential {
	if s == nil {
		return credential{}
	}
	return credential{s, http.CanonicalHeaderKey(s.ParameterName)}
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
		if len(s.SigningHeaders) > 0 {
			c.signers = append(c.signers, newSigner(s))
			c.signing = append(c.signing, c.signers[len(c.signers)-1].keys...)
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
	if alternatives := s.prepared.security; len(alternatives) == 0 || slices.ContainsFunc(alternatives, s.carriesAll) {
		return
	}
	alternatives, carried := []string{}, []string{}
	for i, alternative := range s.op.Security {
		names := []string{}
		for k, scheme := range alternative {
			names = append(names, scheme.Name)
			if s.carries(s.prepared.security[i][k]) {
				carried = append(carried, scheme.Name)
			}
		}
		slices.Sort(names)
		alternatives = append(alternatives, strings.Join(names, " and "))
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

// carriesAll reports whether the request carries each credential of an alternative.
func (s *subject) carriesAll(alternative []credential) bool {
	for _, c := range alternative {
		if !s.carries(c) {
			return false
		}
	}
	return true
}

// carries reports whether the request has anything where the security scheme expects its credential.
func (s *subject) carries(c credential) bool {
	header := s.ex.Request.Header
	switch {
	case c.SecurityScheme == nil:
		return false
	case c.Type == "apiKey" && c.In == "query":
		return s.values.Get(c.ParameterName) != ""
	case c.Type == "apiKey" && c.In == "cookie":
		cookie, err := (&http.Request{Header: header}).Cookie(c.ParameterName)
		return err == nil && cookie.Value != ""
	case c.Type == "apiKey":
		return first(header[c.key]) != ""
	case c.Type == "http":
		return hasScheme(header, c.HTTPScheme)
	}
	return first(header["Authorization"]) != ""
}

// first returns the first line of a header, or "".
func first(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return lines[0]
}

// hasScheme reports whether the Authorization header uses a scheme (RFC 9110, 11.1 and 11.4): its name in any case, a space
// and a credential. A value that a recorder has redacted may be of any scheme.
func hasScheme(header http.Header, scheme string) bool {
	value := first(header["Authorization"])
	name, rest, _ := strings.Cut(value, " ")
	isOfScheme := strings.EqualFold(name, scheme) && strings.TrimSpace(rest) != ""
	return isOfScheme || value == redact.Mark
}
