package contract

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"

	"github.com/quotaspec/quotaspec/openapi"
)

// request judges what the consumer did.
func (c *hearing) request() {
	r := &c.ex.Request
	if c.ex.Unseen&UnseenRequest != 0 {
		return
	}
	if c.op == nil {
		c.requestBody, _ = looseJSON(r.Header, r.Body)
		if c.ex.Probe == "" {
			c.deviate("method/undocumented", c.inherited, "/request/method", "", "a method of the document", shorten(r.Method, 20))
		}
		return
	}
	if c.ex.Unseen&(UnseenFraming|UnseenRequestHeaders) == 0 {
		c.framing("/request", r.Header, append([]byte{}, r.Body...), r.faults)
	}
	for _, fault := range c.query.faults {
		c.deviate("query/malformed", standard("RFC 3986"), "/request/query", c.op.Pointer, "a query that every server reads alike", fault)
	}
	c.parameters()
	c.requestHeaders()
	c.signingHeaders()
	c.credentials()
	c.requestBody, c.requestSchema = c.judgeRequestBody()
}

func (c *hearing) parameters() {
	var input *openapi3filter.RequestValidationInput // made when a parameter is there
	for _, p := range c.op.Parameters {
		if p.In == openapi3.ParameterInHeader && c.ex.Unseen&UnseenRequestHeaders != 0 || p.In == openapi3.ParameterInCookie && c.ex.Unseen&(UnseenRequestHeaders|UnseenCredentials) != 0 {
			continue
		}
		if !p.Required && (p.In == openapi3.ParameterInHeader && c.count(p) == 0 || p.In == openapi3.ParameterInQuery && len(c.query.values) == 0) {
			continue
		}
		if input == nil {
			input = c.filterInput()
		}
		evidence := c.doc.Evidence(p.Pointer, c.op.Evidence)
		pointer := pointerOf(p)
		c.seeParameter(p)
		if n := c.count(p); n > 1 && (p.Schema == nil || !p.Schema.Value.Type.Is(openapi3.TypeArray)) {
			c.deviate("parameter/doubled", evidence, pointer, p.Pointer, "the parameter once", fmt.Sprintf("%d times", n))
			continue
		}
		for _, v := range parameterViolations(openapi3filter.ValidateParameter(input.Request.Context(), input, p.Parameter)) {
			raw := c.raw(p)
			if v.keyword == "empty" && raw != "" {
				continue // kin-openapi reads no value where the schema has no type
			}
			if v.keyword == "type" && v.value == nil {
				v.value = raw
			}
			node := p.Pointer
			held := evidence
			if v.schema != nil && c.doc.SchemaPointer(v.schema) != "" {
				node = c.doc.SchemaPointer(v.schema) + "/" + v.keyword
				held = c.evidenceIn(c.doc.SchemaPointer(v.schema), evidence)
			}
			c.deviate("parameter/"+v.keyword, held, pointer+v.pointer, node, wantOfParameter(v), gotOf(v))
		}
	}
	keys := c.credentialsInQuery
	for _, name := range sortedKeys(c.query.values) {
		if slices.Contains(keys, name) {
			continue
		}
		if c.op.Spec.Parameters.GetByInAndName("query", name) == nil && !slices.ContainsFunc(c.op.Parameters, takesQuery(name)) {
			c.deviate("parameter/undocumented", unknown, "/request/query/"+escapePointer(name), c.op.Pointer, "no such parameter", compact(c.query.values.Get(name)))
		}
	}
}

// seeParameter notes that a parameter was there, and which value of its enum.
func (c *hearing) seeParameter(p openapi.Parameter) {
	values := []string{}
	switch p.In {
	case openapi3.ParameterInPath:
		values = append(values, c.pathParams[p.Name])
	case openapi3.ParameterInQuery:
		values = c.query.values[p.Name]
	case openapi3.ParameterInHeader:
		values = c.ex.Request.Header.Values(p.Name)
	}
	if len(values) == 0 {
		return
	}
	c.see(p.Pointer)
	if p.Schema == nil || p.Schema.Value == nil {
		return
	}
	for _, value := range values {
		c.seeEnum(p.Schema.Value, value)
	}
}

// seeEnum notes a value of an enum.
func (c *hearing) seeEnum(s *openapi3.Schema, value any) {
	if i := slices.Index(s.Enum, value); i >= 0 {
		c.see(c.doc.SchemaPointer(s) + "/enum/" + strconv.Itoa(i))
	}
}

// takesQuery finds the parameter that a name of the query belongs to, also as one of an object (deepObject, exploded form).
func takesQuery(name string) func(openapi.Parameter) bool {
	return func(p openapi.Parameter) bool {
		if p.In != openapi3.ParameterInQuery {
			return false
		}
		if p.Name == name || strings.HasPrefix(name, p.Name+"[") {
			return true
		}
		return p.Schema != nil && p.Schema.Value.Type.Is(openapi3.TypeObject) && p.Schema.Value.Properties[name] != nil
	}
}

func pointerOf(p openapi.Parameter) string {
	switch p.In {
	case openapi3.ParameterInPath:
		return "/request/path/" + escapePointer(p.Name)
	case openapi3.ParameterInQuery:
		return "/request/query/" + escapePointer(p.Name)
	case openapi3.ParameterInCookie:
		return "/request/headers/cookie"
	}
	return "/request/headers/" + strings.ToLower(p.Name)
}

// count says how often a parameter was sent.
func (c *hearing) count(p openapi.Parameter) int {
	switch p.In {
	case openapi3.ParameterInQuery:
		return len(c.query.values[p.Name])
	case openapi3.ParameterInHeader:
		return len(c.ex.Request.Header.Values(p.Name))
	}
	return 1
}

// raw is a parameter as it was sent.
func (c *hearing) raw(p openapi.Parameter) any {
	switch p.In {
	case openapi3.ParameterInPath:
		return c.pathParams[p.Name]
	case openapi3.ParameterInQuery:
		return strings.Join(c.query.values[p.Name], ",")
	case openapi3.ParameterInHeader:
		return strings.Join(c.ex.Request.Header.Values(p.Name), ",")
	}
	return nil // a cookie may be a credential
}

// filterInput is the request as openapi3filter takes it.
func (c *hearing) filterInput() *openapi3filter.RequestValidationInput {
	r := &http.Request{
		Method: c.ex.Request.Method,
		URL:    &url.URL{Path: c.path, RawQuery: c.query.values.Encode()},
		Header: c.ex.Request.Header,
		Body:   http.NoBody,
	}
	if r.Header == nil {
		r.Header = http.Header{}
	}
	return &openapi3filter.RequestValidationInput{
		Request: r, PathParams: c.pathParams, QueryParams: c.query.values, Options: filterOptions,
	}
}

// parameterViolations reads the error of a parameter; its texts are never shown.
func parameterViolations(err error) []violation {
	var request *openapi3filter.RequestError
	var parse *openapi3filter.ParseError
	switch {
	case err == nil:
		return nil
	case !errors.As(err, &request):
		return []violation{{keyword: "value"}}
	case errors.Is(request.Err, openapi3filter.ErrInvalidRequired):
		return []violation{{keyword: "required"}}
	case errors.Is(request.Err, openapi3filter.ErrInvalidEmptyValue):
		return []violation{{keyword: "empty", value: ""}}
	case errors.As(request.Err, &parse):
		return []violation{{keyword: "type", value: parse.Value}}
	}
	return violations(request.Err)
}

func wantOfParameter(v violation) string {
	switch {
	case v.keyword == "required":
		return "the parameter"
	case v.keyword == "empty":
		return "a value"
	case v.schema == nil:
		return "a value of the schema"
	}
	return wantOf(v)
}

func (c *hearing) requestHeaders() {
	header := c.ex.Request.Header
	if c.ex.Unseen&UnseenRequestHeaders != 0 {
		return
	}
	credentials := c.credentialHeaders
	for _, name := range sortedKeys(header) {
		pointer := func() string { return "/request/headers/" + strings.ToLower(name) }
		isParameter := slices.ContainsFunc(c.op.Parameters, func(p openapi.Parameter) bool {
			return p.In == openapi3.ParameterInHeader && strings.EqualFold(p.Name, name)
		})
		switch {
		case slices.Contains(credentials, name) && len(header[name]) > 1:
			c.deviate("credentials/doubled", standard("RFC 9110"), pointer(), "/components/securitySchemes", "one credential", fmt.Sprintf("%d", len(header[name])))
		case singular[name] && len(header[name]) > 1:
			c.deviate("header/doubled", standard("RFC 9110"), pointer(), c.op.Pointer, "the header once", fmt.Sprintf("%d times", len(header[name])))
		case !isParameter && !isRegistered(name) && !slices.Contains(credentials, name) && !c.isSigning(name):
			c.deviate("header/undocumented", unknown, pointer(), c.op.Pointer, "no such header", "it")
		}
	}
}

// credentials judges whether what the document asks for is there at all; whether it is right, only the provider knows.
func (c *hearing) credentials() {
	if c.ex.Unseen&(UnseenRequestHeaders|UnseenCredentials) != 0 {
		return
	}
	alternatives := c.doc.T.Security
	node := "/security"
	if c.op.Spec.Security != nil {
		alternatives, node = *c.op.Spec.Security, c.op.Pointer+"/security"
	}
	wanted, carried := []string{}, []string{}
	for _, alternative := range alternatives {
		names := sortedKeys(alternative)
		there := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !c.carries(name) })
		if len(there) == len(names) {
			return
		}
		wanted, carried = append(wanted, strings.Join(names, " and ")), append(carried, there...)
	}
	if len(alternatives) > 0 {
		got := "none"
		if len(carried) > 0 {
			slices.Sort(carried)
			got = "only " + strings.Join(slices.Compact(carried), ", ")
		}
		c.deviate("credentials/missing", c.op.Evidence, "/request/headers", node, strings.Join(wanted, " or "), got)
	}
}

// carries says whether the request has something where the security scheme expects it.
func (c *hearing) carries(scheme string) bool {
	ref := c.doc.T.Components.SecuritySchemes[scheme]
	if ref == nil || ref.Value == nil {
		return false
	}
	switch s := ref.Value; {
	case s.Type == "apiKey" && s.In == "query":
		return c.query.values.Get(s.Name) != ""
	case s.Type == "apiKey" && s.In == "cookie":
		cookie, err := (&http.Request{Header: c.ex.Request.Header}).Cookie(s.Name)
		return err == nil && cookie.Value != ""
	case s.Type == "apiKey":
		return c.ex.Request.Header.Get(s.Name) != ""
	case s.Type == "http":
		return hasScheme(c.ex.Request.Header, s.Scheme)
	}
	return c.ex.Request.Header.Get("Authorization") != ""
}

func (c *hearing) judgeRequestBody() (any, *openapi3.SchemaRef) {
	r := &c.ex.Request
	m := message{side: "/request", header: r.Header, body: r.Body, node: c.op.Pointer, held: c.op.Evidence, as: asRequest, unseen: UnseenRequestHeaders}
	ref := c.op.Spec.RequestBody
	if ref == nil || ref.Value == nil {
		return c.body(m)
	}
	m.node, m.content = c.op.Pointer+"/requestBody", ref.Value.Content
	if ref.Ref != "" {
		m.node = strings.TrimPrefix(ref.Ref, "#")
	}
	m.held = c.doc.Evidence(m.node, c.op.Evidence)
	if len(r.Body) == 0 && !ref.Value.Required {
		return nil, nil
	}
	return c.body(m)
}

// framing judges whether the head and the bytes after it agree (RFC 9112); a nil body has none to agree with.
func (c *hearing) framing(side string, header http.Header, body []byte, faults []framingFault) {
	standard := standard("RFC 9112")
	node := c.node()
	for _, f := range faults {
		if body == nil && f.id == "framing/chunked" {
			continue // the answer to HEAD may announce chunks that do not come
		}
		c.deviate(f.id, standard, side, node, "a well-formed HTTP/1.1 message", f.got)
	}
	lengths := header.Values("Content-Length")
	if len(lengths) == 0 {
		return
	}
	pointer := side + "/headers/content-length"
	if len(lengths) > 1 {
		c.deviate("framing/content-length", standard, pointer, node, "one Content-Length", strings.Join(lengths, " and "))
		return
	}
	n, err := strconv.ParseUint(lengths[0], 10, 63)
	switch {
	case err != nil || strings.Trim(lengths[0], "0123456789") != "":
		c.deviate("framing/content-length", standard, pointer, node, "a number of bytes", lengths[0])
	case body != nil && n != uint64(len(body)):
		c.deviate("framing/content-length", standard, pointer, node, fmt.Sprintf("%d, the bytes of the body", len(body)), lengths[0])
	}
}
