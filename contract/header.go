package contract

import (
	"cmp"
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
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// registered lists the names in IANA's registry of HTTP fields, and a few more that most servers and proxies send. No
// document needs to list them.
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

// usualNames has the names in the registry and the automatic ones.
var usualNames = sync.OnceValue(func() map[string]bool {
	names := maps.Clone(registeredNames())
	maps.Copy(names, automatic)
	return names
})

// isRegistered reports whether a header is in the registry.
func isRegistered(name string) bool { return registeredNames()[http.CanonicalHeaderKey(name)] }

// automatic lists further headers of requests, which browsers, tracers and proxies add without the consumer's doing. They are no
// misspellings: X-Client-Ip may come where the document has X-Client-Id.
var automatic = map[string]bool{
	"B3": true, "Baggage": true, "Cf-Connecting-Ip": true, "Cf-Ipcountry": true, "Cf-Ray": true, "Cf-Visitor": true,
	"Device-Memory": true, "Downlink": true, "Dpr": true, "Fastly-Client-Ip": true, "Newrelic": true, "Purpose": true,
	"Rtt": true, "Save-Data": true, "Sentry-Trace": true, "True-Client-Ip": true, "Uber-Trace-Id": true, "Viewport-Width": true,
	"Width": true, "X-Amz-Cf-Id": true, "X-Amzn-Trace-Id": true, "X-B3-Flags": true, "X-B3-Parentspanid": true,
	"X-B3-Sampled": true, "X-B3-Spanid": true, "X-B3-Traceid": true, "X-Client-Data": true, "X-Client-Ip": true,
	"X-Cloud-Trace-Context": true, "X-Datadog-Origin": true, "X-Datadog-Parent-Id": true, "X-Datadog-Sampling-Priority": true,
	"X-Datadog-Tags": true, "X-Datadog-Trace-Id": true, "X-Envoy-Attempt-Count": true, "X-Forwarded-Port": true,
	"X-Forwarded-Server": true, "X-Purpose": true, "X-Request-Start": true, "X-Requested-With": true,
}

// singular lists headers that must not come twice, since their values are not lists (RFC 9110, 5.3). Content-Type and
// Content-Length have checks of their own.
var singular = map[string]bool{
	"Age": true, "Authorization": true, "Content-Location": true, "Content-Range": true, "Date": true,
	"Etag": true, "Expires": true, "From": true, "Host": true, "If-Modified-Since": true, "If-Range": true,
	"If-Unmodified-Since": true, "Last-Modified": true, "Location": true, "Max-Forwards": true, "Proxy-Authorization": true,
	"Referer": true, "Retry-After": true, "Server": true, "User-Agent": true,
}

// isDoubled reports whether a singular header comes twice. A date that was split at its comma counts as one.
func isDoubled(name string, lines []string) bool {
	return len(lines) > 1 && singular[name] && parameter.CountLines(name, lines) > 1
}

// doubledHeader returns the finding about a singular header that comes several times, without its place.
func doubledHeader(times int) Finding {
	return Finding{ID: "header/doubled", Evidence: rfc9110, Want: "the header once", Got: fmt.Sprintf("%d times", times)}
}

// mayRepeat reports whether a registered header is a list that may be spread over several lines, such as Link, Vary and
// Set-Cookie, whatever its schema in the document.
func mayRepeat(name string) bool {
	return isRegistered(name) && !singular[http.CanonicalHeaderKey(name)]
}

// The headers of a message are judged from two sides. Each header that the document describes is judged by its schema, and is
// missing if it is required and did not come. Each header that came is judged by what needs no schema: a singular one must not
// come twice, and the document must know it unless IANA does:
//
//	Location: /a          (twice)    header/doubled
//	X-Further: 1                     header/undocumented
//	Vary: Accept                     no finding, since it is registered

// judgeResponseHeaders judges the headers of the response except Content-Type, which mediaTypeOf judges.
func (j *Judge) judgeResponseHeaders(s *subject, out *findings) {
	if s.ex.Unrecorded&UnrecordedResponseHeaders != 0 {
		return
	}
	if s.response != nil {
		for i := range s.response.headers {
			h := &s.response.headers[i]
			h.judge(s.ex.Response.Header[h.key], out)
		}
	}
	usual, header := registeredNames(), s.ex.Response.Header
	isRight := func(name string, lines []string) bool {
		return len(lines) == 1 && (s.response == nil || usual[name] || s.response.has(name))
	}
	problem := func(name string) (f Finding, isWrong bool) {
		switch {
		case s.response != nil && s.response.has(name):
			return f, false
		case isDoubled(name, header[name]):
			f = doubledHeader(len(header[name]))
		case s.response != nil && !isRegistered(name):
			f.ID, f.Evidence, f.Want, f.Got = "header/undocumented", undocumented, "no such header", header.Get(name)
		default:
			return f, false
		}
		return f, true
	}
	wrongHeaders("/response/headers/", header, s.node(), isRight, problem, out)
}

// wrongHeaders adds the problem of each header, in the order of their names. isRight decides about most headers, which have
// one line and a known name, at the cost of looking the name up as it is; it returns false where problem must decide. root is
// the pointer of the headers with a slash at its end; at is the node of findings that have none.
func wrongHeaders(
	root string, header http.Header, at *spec.Node, isRight func(name string, lines []string) bool,
	problem func(name string) (Finding, bool), out *findings,
) {
	var wrong []string // nil, without an allocation, for a right message
	for name, lines := range header {
		if isRight(name, lines) {
			continue
		}
		if _, isWrong := problem(name); isWrong {
			wrong = append(wrong, name)
		}
	}
	slices.Sort(wrong) // so that findings come in a stable order
	for _, name := range wrong {
		f, _ := problem(name)
		f.Pointer, f.Node = root+strings.ToLower(name), cmp.Or(f.Node, at)
		out.add(f)
	}
}

// has reports whether the document describes a header of the response.
func (r *response) has(name string) bool {
	for i := range r.headers {
		if r.headers[i].key == name || strings.EqualFold(r.headers[i].Name, name) {
			return true
		}
	}
	return false
}

// judge judges the lines of a header, of which there may be none.
func (h *headerField) judge(lines []string, out *findings) {
	value, n, problem := h.read(lines, out)
	if n > 0 && h.mayRepeat {
		n = 1
	}
	switch {
	case n > 0 && h.check(value, n, problem, out):
		out.coverIndex(h.index)
	case n > 0:
		out.addNotChecked(h.owner+" header "+h.Name, h.node)
	case h.Required && !h.mayLack(out.ex):
		f := h.place
		f.ID, f.Want, f.Got = "header/missing", "the header "+h.Name, "none"
		out.add(f)
	}
}

// read reads the header as parameter.ReadHeader does. The value of a plain text lasts until the next read.
func (h *headerField) read(lines []string, out *findings) (value strictjson.Value, n int, problem string) {
	if h.isPlain {
		if text, n, ok := parameter.ReadPlainHeader(lines); ok {
			if n > 0 {
				value = out.text.Set(text)
			}
			return value, n, ""
		}
	}
	return parameter.ReadHeader(h.Header, lines, h.accepts(out.budget))
}

// mayLack reports whether the header belongs to a response of which the consumer lists only what it needs.
func (h *headerField) mayLack(ex *Exchange) bool {
	return ex.Expected && h.options.Direction == schema.Response
}

// judgePartHeaders judges the headers that the encoding of a form describes for its parts.
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
