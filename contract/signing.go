package contract

import (
	"fmt"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Headers of x-signing-headers belong to a security scheme and are not parameters, since a client with another credential
// never sends them. A request with a credential of the scheme may have each header once, and its value must match the
// pattern. In any other request these headers have no meaning and are not judged.

// judgeSigningHeaders judges the headers of each scheme whose credential the request carries.
func (j *Judge) judgeSigningHeaders(s *subject, out *findings) {
	if s.ex.Unrecorded&(UnrecordedRequestHeaders|UnrecordedCredentials) != 0 {
		return
	}
	for _, scheme := range j.doc.Schemes {
		if len(scheme.SigningHeaders) > 0 && s.carries(scheme) {
			for _, h := range scheme.SigningHeaders {
				judgeSigningHeader(s.ex.Request.Header.Values(h.Name), h, out)
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
