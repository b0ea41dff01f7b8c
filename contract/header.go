package contract

import (
	_ "embed"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/quotaspec/quotaspec/contract/internal/bodies"
	"github.com/quotaspec/quotaspec/contract/internal/parameter"
	"github.com/quotaspec/quotaspec/contract/internal/pointer"
	"github.com/quotaspec/quotaspec/contract/internal/schema"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// registered holds the names of IANA's registry of HTTP fields, and of a few that every server and proxy sends: that a
// document does not name them says nothing.
//
//go:embed header_names.txt
var registered string

var registeredNames = sync.OnceValue(func() map[string]bool {
	names := map[string]bool{}
	for name := range strings.Lines(registered) {
		names[http.CanonicalHeaderKey(strings.TrimSuffix(name, "\n"))] = true
	}
	return names
})

// sortedKeys are the names of headers, parameters or members, in the order in which findings name them.
func sortedKeys[V any, M ~map[string]V](m M) []string {
	keys := slices.AppendSeq(make([]string, 0, len(m)), maps.Keys(m))
	slices.Sort(keys)
	return keys
}

// isRegistered says whether a header is known to everybody.
func isRegistered(name string) bool { return registeredNames()[http.CanonicalHeaderKey(name)] }

// singular are headers that must not come twice (RFC 9110, 5.3), since their values are no lists. Content-Type and
// Content-Length are judged apart.
var singular = map[string]bool{
	"Age": true, "Authorization": true, "Content-Location": true, "Content-Range": true, "Date": true,
	"Etag": true, "Expires": true, "From": true, "Host": true, "If-Modified-Since": true, "If-Range": true,
	"If-Unmodified-Since": true, "Last-Modified": true, "Location": true, "Max-Forwards": true, "Proxy-Authorization": true,
	"Referer": true, "Retry-After": true, "Server": true, "User-Agent": true,
}

// isDoubled reports whether a header that must not come twice does. A date that was split at its comma does not.
func isDoubled(name string, lines []string) bool {
	return len(lines) > 1 && singular[name] && parameter.CountLines(name, lines) > 1
}

// mayRepeat reports whether a header of the registry is a list, of which each line may have a part, whatever the document
// makes of it: Link, Vary, Set-Cookie.
func mayRepeat(name string) bool {
	return isRegistered(name) && !singular[http.CanonicalHeaderKey(name)]
}

// responseHeaders judges the headers of the response, except Content-Type, which belongs to the body.
func (j *Judge) responseHeaders(s *subject, out *findings) {
	if s.ex.Unseen&UnseenResponseHeaders != 0 {
		return
	}
	documented := []*spec.Header{}
	if s.answer != nil {
		documented = slices.SortedStableFunc(slices.Values(s.answer.Headers), func(a, b *spec.Header) int { return strings.Compare(a.Name, b.Name) })
	}
	for _, h := range documented {
		if j.header(h, headers{"response", "/response", s.ex.Response.Header, s.answer.Evidence, asResponse}, out) {
			out.see(headerNode(s.answer, h.Name))
		}
	}
	header := s.ex.Response.Header
	for _, name := range sortedKeys(header) {
		known := slices.ContainsFunc(documented, func(h *spec.Header) bool { return strings.EqualFold(h.Name, name) })
		f := Finding{Node: s.node()}
		switch {
		case known:
			continue
		case isDoubled(name, header[name]):
			f.ID, f.Evidence, f.Want, f.Got = "header/doubled", standard("RFC 9110"), "the header once", fmt.Sprintf("%d times", len(header[name]))
		case s.answer != nil && !isRegistered(name):
			f.ID, f.Evidence, f.Want, f.Got = "header/undocumented", unknown, "no such header", header.Get(name)
		default:
			continue
		}
		f.Pointer = "/response/headers/" + strings.ToLower(name)
		out.add(f)
	}
}

// headers are those of a response or of a part of a form.
type headers struct {
	of   string // what has them, in words: response
	at   string // the pointer to it: /response
	sent http.Header
	held spec.Evidence
	as   schema.Direction
}

// header holds a header against what the document says of it. It reports whether it was sent and looked at.
func (j *Judge) header(h *spec.Header, in headers, out *findings) bool {
	f := Finding{Evidence: j.doc.Evidence(h.Node, in.held), Pointer: in.at + "/headers/" + strings.ToLower(h.Name), Node: h.Node}
	field := j.fieldOf("header", h.Schema, h.Content, in.as)
	value, n, fault := parameter.ReadHeader(h, in.sent.Values(h.Name), field.valid)
	if n > 0 && mayRepeat(h.Name) {
		n = 1
	}
	switch {
	case n > 0 && field.check(value, n, fault, f, out):
		return true
	case n > 0:
		out.notChecked(in.of + " header " + h.Name)
	case h.Required:
		f.ID, f.Want, f.Got = "header/missing", "the header "+h.Name, "none"
		out.add(f)
	}
	return false
}

// partHeaders judges the headers of the parts of a form that their encoding describes.
func (j *Judge) partHeaders(parts []bodies.Part, m message, out *findings) {
	for _, part := range parts {
		in := headers{
			of: m.side[1:] + " part " + part.Encoding.Property, at: m.side + "/body/" + pointer.Escape(part.Encoding.Property),
			sent: part.Header, held: m.held, as: m.as,
		}
		for _, h := range part.Encoding.Headers {
			j.header(h, in, out)
		}
	}
}
