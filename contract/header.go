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

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/quotaspec/quotaspec/openapi"
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
func (c *hearing) responseHeaders() {
	if c.ex.Unseen&UnseenResponseHeaders != 0 {
		return
	}
	header := c.ex.Response.Header
	documented := openapi3.Headers{}
	if c.answer != nil {
		documented = c.answer.Spec.Headers
	}
	for _, name := range sortedKeys(documented) {
		c.documentedHeader(name, documented[name])
	}
	for _, name := range sortedKeys(header) {
		_, known := headerNamed(documented, name)
		pointer := func() string { return "/response/headers/" + strings.ToLower(name) }
		switch {
		case len(header[name]) > 1 && singular[name] && !known:
			c.deviate("header/doubled", standard("RFC 9110"), pointer(), c.node(), "the header once", fmt.Sprintf("%d times", len(header[name])))
		case !known && c.answer != nil && !isRegistered(name):
			c.deviate("header/undocumented", unknown, pointer(), c.answer.Pointer, "no such header", header.Get(name))
		}
	}
}

func (c *hearing) documentedHeader(name string, ref *openapi3.HeaderRef) {
	node := c.answer.Pointer + "/headers/" + escapePointer(name)
	if ref.Ref != "" {
		node = strings.TrimPrefix(ref.Ref, "#")
	}
	evidence := c.doc.Evidence(node, c.answer.Evidence)
	pointer := "/response/headers/" + strings.ToLower(name)
	values := c.ex.Response.Header.Values(name)
	if len(values) > 0 {
		c.see(c.answer.Pointer + "/headers/" + escapePointer(name))
	}
	switch {
	case len(values) == 0 && ref.Value.Required:
		c.deviate("header/missing", evidence, pointer, node, "the header "+name, "none")
	case len(values) == 0 || ref.Value.Schema == nil:
	case len(values) > 1 && !isOf(ref.Value.Schema.Value, openapi3.TypeArray):
		c.deviate("header/doubled", evidence, pointer, node, "the header once", fmt.Sprintf("%d times", len(values)))
	default:
		value := headerValue(strings.Join(values, ","), ref.Value.Schema.Value)
		found := violations(ref.Value.Schema.Value.VisitJSON(value, schemaOptions()...))
		if n, ok := value.(json.Number); ok && len(found) == 0 && isOf(ref.Value.Schema.Value, openapi3.TypeInteger) && !isPlainInteger(n) {
			c.deviate("header/integer-literal", evidence, pointer, node, "an integer without point and exponent", n.String())
		}
		for _, v := range found {
			at := node + "/schema/" + v.keyword
			c.deviate("header/"+v.keyword, evidence, pointer, at, wantOf(v), gotOf(v))
		}
	}
}

// isOf says whether a schema, or a part of it, is of a type.
func isOf(s *openapi3.Schema, kind string) bool {
	return slices.ContainsFunc(parts([]*openapi3.Schema{s}), func(part *openapi3.Schema) bool { return part.Type.Is(kind) })
}

// headerValue reads a header as its schema asks for (style simple).
func headerValue(text string, s *openapi3.Schema) any {
	switch {
	case isOf(s, openapi3.TypeArray):
		list := []any{}
		for _, item := range strings.Split(text, ",") {
			element := any(strings.TrimSpace(item))
			for _, part := range parts([]*openapi3.Schema{s}) {
				if part.Items != nil && part.Items.Value != nil {
					element = headerValue(strings.TrimSpace(item), part.Items.Value)
					break
				}
			}
			list = append(list, element)
		}
		return list
	case isOf(s, openapi3.TypeInteger), isOf(s, openapi3.TypeNumber):
		if value, faults, ok := readJSON([]byte(text)); ok && len(faults) == 0 {
			if n, isNumber := value.(json.Number); isNumber {
				return n
			}
		}
	case isOf(s, openapi3.TypeBoolean):
		if b, err := strconv.ParseBool(text); err == nil && (text == "true" || text == "false") {
			return b
		}
	}
	return text
}

func headerNamed(headers openapi3.Headers, name string) (*openapi3.HeaderRef, bool) {
	for documented, ref := range headers {
		if strings.EqualFold(documented, name) {
			return ref, true
		}
	}
	return nil, false
}

// credentialHeaders are the headers in which the document's security schemes expect a credential.
func credentialHeaders(doc *openapi.Document) []string {
	names := []string{}
	if doc.T.Components == nil {
		return names
	}
	for _, key := range sortedKeys(doc.T.Components.SecuritySchemes) {
		switch s := doc.T.Components.SecuritySchemes[key].Value; {
		case s.Type == "apiKey" && s.In == "header":
			names = append(names, http.CanonicalHeaderKey(s.Name))
		case s.Type == "http", s.Type == "oauth2", s.Type == "openIdConnect":
			names = append(names, "Authorization")
		}
	}
	return names
}

// credentialsInQuery are the names under which the document's security schemes expect a credential in the query.
func credentialsInQuery(doc *openapi.Document) []string {
	names := []string{}
	if doc.T.Components == nil {
		return names
	}
	for _, key := range sortedKeys(doc.T.Components.SecuritySchemes) {
		if s := doc.T.Components.SecuritySchemes[key].Value; s.Type == "apiKey" && s.In == "query" {
			names = append(names, s.Name)
		}
	}
	return names
}
