package probe

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/sample"
	"github.com/quotaspec/quotaspec/contract/internal/wire"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// A document must not inject bytes into a request. A line break in a path or in the name of a header would end the request, and
// the rest would be read as a second one that nothing has judged. So paths are percent-encoded, names must be tokens, and
// control characters are refused. Probes that do not comply are skipped with the place in the document; nothing is sent.
//
//	path: "/pets HTTP/1.1\r\nHost: other"    refused: the path has a control character
//	path: "/pets and more"                   sent as /pets%20and%20more

// documentProblem is the reason why no probe of the operation can be sent, with the place in the document; "" if there is none.
func (d *deriver) documentProblem() string {
	if strings.ContainsFunc(d.op.Path, isControl) {
		return fmt.Sprintf("%s: the path has a control character", d.op.Node.Place())
	}
	for _, p := range d.op.Parameters {
		inHead := p.In == "header" || p.In == "cookie"
		if inHead && !wire.IsToken(p.Name) {
			return invalidName(p.Node, p.Name, p.In)
		}
	}
	for _, requirement := range d.op.Security {
		for _, required := range requirement {
			if s := required.Scheme; s != nil && s.Type == "apiKey" && s.In != "query" && !wire.IsToken(s.ParameterName) {
				return invalidName(s.Node, s.ParameterName, s.In)
			}
		}
	}
	for _, r := range d.op.Responses {
		for _, content := range r.Content {
			if strings.ContainsFunc(sample.BaseType(content), isControl) {
				return fmt.Sprintf("%s: the name of a media type has a control character", content.Node.Place())
			}
		}
	}
	return ""
}

func invalidName(n *spec.Node, name, in string) string {
	return fmt.Sprintf("%s: %q is not a valid name of a %s: want a token (RFC 9110, 5.6.2)", n.Place(), name, in)
}

// requestProblem is the reason why a request cannot be sent, with the place of the parameter; "" if there is none.
func (d *deriver) requestProblem(r contract.Request) string {
	err := validate(r)
	if err == nil {
		return ""
	}
	at := d.op.Node
	for _, p := range d.op.Parameters {
		if p.In == "header" && strings.ContainsFunc(r.Header.Get(p.Name), isControl) {
			at = p.Node
		}
	}
	return fmt.Sprintf("%s: %s", at.Place(), err)
}

// validate refuses a request that a provider would read as another one, or as several. The error contains no value of a header,
// which may be a credential.
func validate(r contract.Request) error {
	if !wire.IsToken(r.Method) {
		return fmt.Errorf("%q is not a valid method", r.Method)
	}
	if !strings.HasPrefix(r.Target, "/") || r.Target != escapeTarget(r.Target) {
		return fmt.Errorf("%q is not a valid request target", r.Target)
	}
	for name, values := range r.Header {
		if !wire.IsToken(name) {
			return fmt.Errorf("%q is not a valid name of a header", name)
		}
		if slices.ContainsFunc(values, func(value string) bool { return strings.ContainsFunc(value, isControl) }) {
			return fmt.Errorf("the value of the header %s has a control character", name)
		}
	}
	return nil
}

// isControl reports whether a character is forbidden in field values and paths (RFC 9110, 5.5). A tab is allowed in a value; in
// paths it is escaped.
func isControl(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }

// escapeTarget percent-encodes what RFC 3986 does not allow in a path or query, and leaves existing escapes alone. In a
// query it also leaves brackets, which deepObject uses, and a percent sign without digits, which some probes send.
func escapeTarget(target string) string {
	var b strings.Builder
	inPath := true
	for i := range len(target) {
		c := target[i]
		inPath = inPath && c != '?'
		isBracket, isBarePercent := c == '[' || c == ']', c == '%' && !isEscape(target[i:min(i+3, len(target))])
		switch {
		case c <= ' ', c >= 0x7f, strings.IndexByte("\"#<>\\^`{|}", c) >= 0, inPath && isBracket, inPath && isBarePercent:
			fmt.Fprintf(&b, "%%%02X", c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func isEscape(s string) bool {
	_, err := url.PathUnescape(s)
	return err == nil
}

// transportHeaders derive from the target and the body of a request, never from the document.
var transportHeaders = []string{"Host", "Connection", "Content-Length", "Transfer-Encoding"}

// setHeader sets a header, unless it is one of transportHeaders.
func setHeader(r *contract.Request, name, value string) {
	if !slices.Contains(transportHeaders, http.CanonicalHeaderKey(name)) {
		r.Header.Set(name, value)
	}
}
