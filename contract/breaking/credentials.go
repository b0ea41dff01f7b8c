package breaking

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/sample"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// addCredentials adds a placeholder for the credential of each scheme, where the judge looks for it, and the headers of a
// signature whose form the document gives:
//
//	X-Auth-Token: REDACTED    Authorization: Bearer REDACTED    ?key=REDACTED
func addCredentials(r *contract.Request, a schemeSet) {
	r.Header = r.Header.Clone()
	if r.Header == nil {
		r.Header = http.Header{}
	}
	for _, s := range a {
		addSigningHeaders(r.Header, s)
		addCredential(r, s)
	}
}

func addSigningHeaders(header http.Header, s *spec.SecurityScheme) {
	for _, h := range s.SigningHeaders {
		if h.Pattern == nil {
			continue
		}
		if text, ok := sample.Matching(h.Pattern.String(), 0); ok {
			header.Set(h.Name, text)
		}
	}
}

// withHost adds the header Host, which a rule may want.
func withHost(r contract.Request) contract.Request {
	r.Header = r.Header.Clone()
	if r.Header == nil {
		r.Header = http.Header{}
	}
	if r.Header.Get("Host") == "" {
		r.Header.Set("Host", "example.com")
	}
	return r
}

// withoutCredentials removes what a request carries for any scheme of the documents.
func withoutCredentials(r *contract.Request, docs ...*spec.Document) {
	r.Header = r.Header.Clone()
	for _, doc := range docs {
		for _, s := range doc.Schemes {
			switch {
			case s.Type == "apiKey" && s.In == "query":
				r.Target = withoutQuery(r.Target, s.ParameterName)
			case s.Type == "apiKey" && s.In == "cookie":
				withoutCookie(r.Header, s.ParameterName)
			case s.Type == "apiKey":
				r.Header.Del(s.ParameterName)
			default:
				r.Header.Del("Authorization")
			}
		}
	}
}

// withoutQuery removes the parameters of a name from the query of a target.
func withoutQuery(target, name string) string {
	path, query, has := strings.Cut(target, "?")
	if !has {
		return target
	}
	rest := []string{}
	for _, pair := range strings.Split(query, "&") {
		key, _, _ := strings.Cut(pair, "=")
		if plain, err := url.QueryUnescape(key); err != nil || plain != name {
			rest = append(rest, pair)
		}
	}
	if len(rest) == 0 {
		return path
	}
	return path + "?" + strings.Join(rest, "&")
}

func withoutCookie(header http.Header, name string) {
	rest := []string{}
	for _, cookie := range (&http.Request{Header: header}).Cookies() {
		if cookie.Name != name {
			rest = append(rest, cookie.String())
		}
	}
	header.Del("Cookie")
	if len(rest) > 0 {
		header.Set("Cookie", strings.Join(rest, "; "))
	}
}
