package contract

import (
	"cmp"
	_ "embed"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/quotaspec/quotaspec/contract/internal/bodies"
	"github.com/quotaspec/quotaspec/contract/internal/parameter"
	"github.com/quotaspec/quotaspec/contract/internal/pointer"
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

// sortedKeys are those names of headers, parameters or members that is takes, in the order in which findings name them.
func sortedKeys[V any, M ~map[string]V](m M, is func(name string) bool) []string {
	var keys []string // none where nothing is wrong
	for name := range m {
		if is(name) {
			keys = append(keys, name)
		}
	}
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

// judgeResponseHeaders judges the headers of the response, except Content-Type, which belongs to the body.
func (j *Judge) judgeResponseHeaders(s *subject, out *findings) {
	if s.ex.Unrecorded&UnrecordedResponseHeaders != 0 {
		return
	}
	if s.response != nil {
		for _, h := range s.response.headers {
			h.judge(s.ex.Response.Header[h.key], out)
		}
	}
	header := s.ex.Response.Header
	fault := func(name string) (f Finding, wrong bool) {
		switch {
		case s.response != nil && s.response.has(name):
			return f, false
		case isDoubled(name, header[name]):
			f.ID, f.Evidence, f.Want, f.Got = "header/doubled", standard("RFC 9110"), "the header once", fmt.Sprintf("%d times", len(header[name]))
		case s.response != nil && !isRegistered(name):
			f.ID, f.Evidence, f.Want, f.Got = "header/undocumented", undocumented, "no such header", header.Get(name)
		default:
			return f, false
		}
		return f, true
	}
	wrongHeaders("/response/headers/", header, s.node(), fault, out)
}

// wrongHeaders adds what fault finds of each header, in the order of their names. A fault without a node is at the given one.
func wrongHeaders(root string, header http.Header, at *spec.Node, fault func(name string) (Finding, bool), out *findings) {
	isWrong := func(name string) bool {
		_, wrong := fault(name)
		return wrong
	}
	for _, name := range sortedKeys(header, isWrong) {
		f, _ := fault(name)
		f.Pointer, f.Node = root+strings.ToLower(name), cmp.Or(f.Node, at)
		out.add(f)
	}
}

// has says whether a response has a header by the document.
func (r *response) has(name string) bool {
	return slices.ContainsFunc(r.headers, func(h headerField) bool { return strings.EqualFold(h.Name, name) })
}

func (h headerField) judge(lines []string, out *findings) {
	value, n, fault := parameter.ReadHeader(h.Header, lines, h.accepts(out.budget))
	if n > 0 && h.mayRepeat {
		n = 1
	}
	switch {
	case n > 0 && h.check(value, n, fault, out):
		out.cover(h.node)
	case n > 0:
		out.addNotChecked(h.owner+" header "+h.Name, h.node)
	case h.Required:
		f := h.place
		f.ID, f.Want, f.Got = "header/missing", "the header "+h.Name, "none"
		out.add(f)
	}
}

// judgePartHeaders judges the headers of the parts of a form that their encoding describes.
func (j *Judge) judgePartHeaders(parts []bodies.Part, m message, out *findings) {
	for _, part := range parts {
		name := part.Encoding.Property
		for _, h := range part.Encoding.Headers {
			field := j.newHeader(h, m.parent, m.side+"/body/"+pointer.Escape(name), m.direction)
			field.owner = m.side[1:] + " part " + name
			field.judge(part.Header[field.key], out)
		}
	}
}
