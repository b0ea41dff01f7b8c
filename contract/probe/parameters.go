package probe

import (
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// put adds a serialized parameter to a request.
func put(r *contract.Request, p *spec.Parameter, text string) {
	switch p.In {
	case "path":
		r.Target = strings.ReplaceAll(r.Target, "{"+p.Name+"}", text)
	case "query":
		addQuery(r, text)
	case "header":
		setHeader(r, p.Name, text)
	case "cookie":
		addCookie(r, p.Name+"="+text)
	}
}

func addQuery(r *contract.Request, part string) {
	if part == "" {
		return // of a list without elements
	}
	separator := "?"
	if strings.Contains(r.Target, "?") {
		separator = "&"
	}
	r.Target += separator + part
}

// addCookie appends a cookie to the header Cookie, which all cookies share (RFC 6265, 5.4).
func addCookie(r *contract.Request, pair string) {
	if there := r.Header.Get("Cookie"); there != "" {
		pair = there + "; " + pair
	}
	r.Header.Set("Cookie", pair)
}
