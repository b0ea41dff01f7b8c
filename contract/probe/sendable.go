package probe

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	httpwire "github.com/quotaspec/quotaspec/contract/internal/wire"
)

// A document must not say more in a request than its place allows: a line break in a path or in a header's name would end
// the request, and what follows would be read as a second one that nobody judged. Paths are percent-encoded, names must be
// tokens, and no control character is sent. What does not fit is a fault of the document: its probes are skipped with the
// place, and nothing is sent.

// unsendable is why no probe of the operation can be sent, with the place in the document; "" if they can.
func (d *deriver) unsendable() string {
	if strings.ContainsFunc(d.op.Path, isControl) {
		return fmt.Sprintf("%s: the path has a control character", d.op.Node.Place())
	}
	for _, p := range d.op.Parameters {
		inHead := p.In == "header" || p.In == "cookie"
		if inHead && !httpwire.IsToken(p.Name) {
			return fmt.Sprintf("%s: %q is no name of a %s: want a token (RFC 9110, 5.6.2)", p.Node.Place(), p.Name, p.In)
		}
	}
	for _, requirement := range d.op.Security {
		for _, required := range requirement {
			if s := required.Scheme; s != nil && s.Type == "apiKey" && s.In != "query" && !httpwire.IsToken(s.ParameterName) {
				return fmt.Sprintf("%s: %q is no name of a %s: want a token (RFC 9110, 5.6.2)", s.Node.Place(), s.ParameterName, s.In)
			}
		}
	}
	for _, r := range d.op.Responses {
		for _, content := range r.Content {
			if strings.ContainsFunc(baseType(content), isControl) {
				return fmt.Sprintf("%s: the name of a media type has a control character", content.Node.Place())
			}
		}
	}
	return ""
}

// unsendableValue is why this request cannot be sent, with the place of the parameter; "" if it can.
func (d *deriver) unsendableValue(r contract.Request) string {
	err := sendable(r)
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

// sendable refuses a request that would be read as another one, or as several. The error shows no value of a header: it
// may be a credential.
func sendable(r contract.Request) error {
	if !httpwire.IsToken(r.Method) {
		return fmt.Errorf("%q is no method", r.Method)
	}
	if !strings.HasPrefix(r.Target, "/") || r.Target != escapeTarget(r.Target) {
		return fmt.Errorf("%q is no path that a request can have", r.Target)
	}
	for name, values := range r.Header {
		if !httpwire.IsToken(name) {
			return fmt.Errorf("%q is no name of a header", name)
		}
		if slices.ContainsFunc(values, func(value string) bool { return strings.ContainsFunc(value, isControl) }) {
			return fmt.Errorf("the value of the header %s has a control character", name)
		}
	}
	return nil
}

// isControl says whether a character must not stand in a field value or a path (RFC 9110, 5.5). A tab may stand in a value;
// paths are escaped.
func isControl(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }

// escapeTarget percent-encodes what RFC 3986 does not allow in a path or a query. What is encoded already stays. Brackets
// stay in a query, where deepObject has them, and so does a percent sign that encodes nothing: some probes send one.
func escapeTarget(target string) string {
	var b strings.Builder
	inPath := true
	for i := range len(target) {
		c := target[i]
		inPath = inPath && c != '?'
		switch {
		case c <= ' ', c >= 0x7f, strings.IndexByte("\"#<>\\^`{|}", c) >= 0,
			inPath && (c == '[' || c == ']'), inPath && c == '%' && !isEscape(target[i:min(i+3, len(target))]):
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

// ownHeaders are those that a request has by itself: the target and the body say what they are, never the document.
var ownHeaders = []string{"Host", "Connection", "Content-Length", "Transfer-Encoding"}

// setHeader gives a request a header, unless it has that by itself.
func setHeader(r *contract.Request, name, value string) {
	if !slices.Contains(ownHeaders, http.CanonicalHeaderKey(name)) {
		r.Header.Set(name, value)
	}
}
