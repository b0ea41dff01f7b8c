package contract

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/redact"
	"github.com/quotaspec/quotaspec/openapi"
)

// Headers of x-signing-headers belong to a security scheme and are no parameters: a client with another credential never
// sends them. In a request that carries the scheme's credential they come once and match their patterns; in any other
// they mean nothing, and are not judged.

// isSigning says whether the document lists a header among those that only a signer sends.
func (c *hearing) isSigning(name string) bool {
	for _, headers := range c.doc.SigningHeaders {
		for _, h := range headers {
			if strings.EqualFold(h.Name, name) {
				return true
			}
		}
	}
	return false
}

// signingHeaders judges the headers of each scheme whose credential the request carries.
func (c *hearing) signingHeaders() {
	if c.ex.Unseen&(UnseenRequestHeaders|UnseenCredentials) != 0 {
		return
	}
	for _, scheme := range sortedKeys(c.doc.SigningHeaders) {
		if !c.carries(scheme) {
			continue
		}
		for _, h := range c.doc.SigningHeaders[scheme] {
			c.signingHeader(h)
		}
	}
}

func (c *hearing) signingHeader(h *openapi.SigningHeader) {
	values := c.ex.Request.Header.Values(h.Name)
	pointer := "/request/headers/" + strings.ToLower(h.Name)
	switch {
	case len(values) > 1:
		c.deviate("parameter/doubled", h.Evidence, pointer, h.Pointer, "the header once", fmt.Sprintf("%d times", len(values)))
	case len(values) == 1 && h.Pattern != nil && !h.Pattern.MatchString(values[0]):
		c.deviate("parameter/pattern", h.Evidence, pointer, h.Pointer+"/pattern", "a match of "+h.Pattern.String(), compact(values[0]))
	}
}

// hasScheme says whether the Authorization of a request is of a scheme (RFC 9110, 11.4): the scheme's name in any case, a
// space, and something. What a recorder has hidden may be of any.
func hasScheme(header http.Header, scheme string) bool {
	value := header.Get("Authorization")
	name, rest, _ := strings.Cut(value, " ")
	return strings.EqualFold(name, scheme) && strings.TrimSpace(rest) != "" || value == redact.Mark
}
