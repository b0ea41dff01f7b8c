package contract

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/quotaspec/quotaspec/contract/internal/kin"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
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
		j.documentedHeader(s, h, out)
	}
	header := s.ex.Response.Header
	for _, name := range sortedKeys(header) {
		known := slices.ContainsFunc(documented, func(h *spec.Header) bool { return strings.EqualFold(h.Name, name) })
		at := "/response/headers/" + strings.ToLower(name)
		switch {
		case known:
		case len(header[name]) > 1 && singular[name]:
			out.add(Finding{ID: "header/doubled", Evidence: standard("RFC 9110"), Pointer: at, Node: s.node(), Want: "the header once", Got: fmt.Sprintf("%d times", len(header[name]))})
		case s.answer != nil && !isRegistered(name):
			out.add(Finding{ID: "header/undocumented", Evidence: unknown, Pointer: at, Node: s.answer.Node, Want: "no such header", Got: header.Get(name)})
		}
	}
}

func (j *Judge) documentedHeader(s *subject, h *spec.Header, out *findings) {
	f := Finding{Evidence: j.doc.Evidence(h.Node, s.answer.Evidence), Pointer: "/response/headers/" + strings.ToLower(h.Name), Node: h.Node}
	values := s.ex.Response.Header.Values(h.Name)
	if len(values) > 0 {
		out.see(headerNode(s.answer, h.Name))
	}
	switch {
	case len(values) == 0 && h.Required:
		f.ID, f.Want, f.Got = "header/missing", "the header "+h.Name, "none"
		out.add(f)
		return
	case len(values) == 0 || h.Schema == nil:
		return
	case len(values) > 1 && !isOf(h.Schema, "array"):
		f.ID, f.Want, f.Got = "header/doubled", "the header once", fmt.Sprintf("%d times", len(values))
		out.add(f)
		return
	}
	value := headerValue(strings.Join(values, ","), h.Schema)
	found := j.schemas.Violations(h.Schema, value, kin.AsResponse)
	if n, ok := value.(json.Number); ok && len(found) == 0 && isOf(h.Schema, "integer") && !isPlainInteger(n) {
		f.ID, f.Want, f.Got = "header/integer-literal", "an integer without point and exponent", n.String()
		out.add(f)
	}
	for _, v := range found {
		f.ID, f.Want, f.Got, f.Node = "header/"+v.Keyword, kin.Want(v), kin.Got(v), keywordNode(h.Schema, v.Keyword)
		out.add(f)
	}
}

// isOf says whether a schema, or a part of it, is of a type.
func isOf(s *spec.Schema, kind string) bool {
	return slices.ContainsFunc(parts([]*spec.Schema{s}), func(part *spec.Schema) bool { return slices.Contains(part.Types, kind) })
}

// headerValue reads a header as its schema asks for (style simple).
func headerValue(text string, s *spec.Schema) any {
	switch {
	case isOf(s, "array"):
		list := []any{}
		for _, item := range strings.Split(text, ",") {
			element := any(strings.TrimSpace(item))
			for _, part := range parts([]*spec.Schema{s}) {
				if part.Items != nil {
					element = headerValue(strings.TrimSpace(item), part.Items)
					break
				}
			}
			list = append(list, element)
		}
		return list
	case isOf(s, "integer"), isOf(s, "number"):
		if value, faults, ok := strictjson.Parse([]byte(text)); ok && len(faults) == 0 && value.Kind() == strictjson.Number {
			return value.Any()
		}
	case isOf(s, "boolean"):
		if b, err := strconv.ParseBool(text); err == nil && (text == "true" || text == "false") {
			return b
		}
	}
	return text
}
