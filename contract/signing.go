package contract

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Headers of x-signing-headers belong to a security scheme and are not parameters, since a client with another credential
// never sends them. A request with a credential of the scheme may have each header once, and its value must match the
// pattern. In any other request these headers have no meaning and are not judged.

// signer is a scheme with signing headers.
type signer struct {
	credential
	keys []string // the names of its signing headers, as http.Header has them
}

func newSigner(s *spec.SecurityScheme) signer {
	made := signer{credential: newCredential(s)}
	for _, h := range s.SigningHeaders {
		made.keys = append(made.keys, http.CanonicalHeaderKey(h.Name))
	}
	return made
}

// judgeSigningHeaders judges the headers of each scheme whose credential the request carries.
func (j *Judge) judgeSigningHeaders(s *subject, out *findings) {
	if s.ex.Unrecorded&(UnrecordedRequestHeaders|UnrecordedCredentials) != 0 {
		return
	}
	for _, signer := range j.places.signers {
		if s.carries(signer.credential) {
			for i, h := range signer.SigningHeaders {
				judgeSigningHeader(s.ex.Request.Header[signer.keys[i]], h, out)
			}
		}
	}
}

func judgeSigningHeader(values []string, h *spec.SigningHeader, out *findings) {
	f := Finding{Evidence: h.Evidence, Pointer: "/request/headers/" + strings.ToLower(h.Name), Node: h.Node}
	switch {
	case len(values) > 1:
		f.ID, f.Want, f.Got = "parameter/doubled", "the header once", fmt.Sprintf("%d times", len(values))
	case len(values) == 1 && h.Pattern != nil && !h.Pattern.MatchString(values[0]):
		f.ID, f.Node, f.Want = "parameter/pattern", h.Node.Member("pattern"), "a match of "+h.Pattern.String()
		f.Got = strictjson.FromText(values[0]).Compact()
	default:
		return
	}
	out.add(f)
}
