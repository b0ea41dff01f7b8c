package contract

import (
	"net/http"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/redact"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// credentialPlaces is where a document's security schemes expect a credential, and what they call the headers of signers.
type credentialPlaces struct {
	headers, query, cookies []string
	signing                 []string
	all                     []string // what Judge.Credentials lists
}

func credentialsOf(doc *spec.Document) credentialPlaces {
	c := credentialPlaces{}
	for _, s := range doc.Schemes {
		switch {
		case s.Type == "apiKey" && s.In == "header":
			c.headers = append(c.headers, http.CanonicalHeaderKey(s.ParameterName))
		case s.Type == "apiKey" && s.In == "query":
			c.query = append(c.query, s.ParameterName)
		case s.Type == "apiKey" && s.In == "cookie":
			c.cookies = append(c.cookies, s.ParameterName)
		case s.Type == "http", s.Type == "oauth2", s.Type == "openIdConnect":
			c.headers = append(c.headers, "Authorization")
		}
		for _, h := range s.SigningHeaders {
			c.signing = append(c.signing, http.CanonicalHeaderKey(h.Name))
		}
	}
	c.all = secretNames(doc, c)
	return c
}

// judgeCredentials judges whether what the document asks for is there at all; whether it is right, only the provider knows.
func (j *Judge) judgeCredentials(s *subject, out *findings) {
	if s.ex.Unrecorded&(UnrecordedRequestHeaders|UnrecordedCredentials) != 0 {
		return
	}
	wanted, carried := []string{}, []string{}
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
		wanted = append(wanted, strings.Join(names, " and "))
	}
	if len(wanted) == 0 {
		return
	}
	f := Finding{ID: "credentials/missing", Evidence: s.op.Evidence, Pointer: "/request/headers", Node: j.doc.Root.Member("security"), Want: strings.Join(wanted, " or "), Got: "none"}
	if s.op.OwnSecurity {
		f.Node = s.op.Node.Member("security")
	}
	if len(carried) > 0 {
		slices.Sort(carried)
		f.Got = "only " + strings.Join(slices.Compact(carried), ", ")
	}
	out.add(f)
}

// carries says whether the request has something where the security scheme expects it.
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

// hasScheme says whether the Authorization of a request is of a scheme (RFC 9110, 11.1 and 11.4): the scheme's name in any
// case, a space, and something. What a recorder has hidden may be of any.
func hasScheme(header http.Header, scheme string) bool {
	value := header.Get("Authorization")
	name, rest, _ := strings.Cut(value, " ")
	return strings.EqualFold(name, scheme) && strings.TrimSpace(rest) != "" || value == redact.Mark
}
