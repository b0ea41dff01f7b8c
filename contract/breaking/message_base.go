package breaking

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/sample"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// base makes the right exchange of a part: what either document requires, and nothing else. One of the documents may be left
// out.
func (s *search) base(p part) base {
	b := base{origin: "schema", isResponse: p.isResponse, op: either(p.new.op, p.old.op)}
	b.fields = s.required(p.old.op, p.new.op)
	b.schemes = schemesOfBoth(p.new.op, p.old.op)
	if requiresBody(p.old.op) || requiresBody(p.new.op) {
		b.request, _ = s.requestBody(p.old.op, p.new.op)
	}
	s.addHost(&b, p)
	if p.isResponse {
		s.respond(&b, p)
	}
	return b
}

// addHost adds the header Host if a document has a rule about it: if it refuses the request without the header only.
func (s *search) addHost(b *base, p part) {
	request := *b
	request.isResponse = false
	refuses := func(host string) bool {
		request.host = host
		ex := request.exchange()
		old, _ := s.old.opinion(ex, contract.Provider)
		new, _ := s.new.opinion(ex, contract.Provider)
		return p.old.op != nil && !old.accepts || p.new.op != nil && !new.accepts
	}
	if host := hostOf(b.op); refuses("") && !refuses(host) {
		b.host = host
	}
}

// hostOf is the host of the first server that has one.
func hostOf(op *spec.Operation) string {
	for _, server := range op.Servers {
		if u, err := url.Parse(addressOf(server)); err == nil && u.Host != "" {
			return u.Host
		}
	}
	return "example.com"
}

// addressOf is the URL of a server with the defaults of its variables.
func addressOf(server *spec.Server) string {
	address := server.URL
	for _, v := range server.Variables {
		address = strings.ReplaceAll(address, "{"+v.Name+"}", v.Default)
	}
	return address
}

// schemesOfBoth are the schemes of which a request has credentials, each once.
func schemesOfBoth(ops ...*spec.Operation) []*spec.SecurityScheme {
	list := []*spec.SecurityScheme{}
	for _, op := range ops {
		if op == nil {
			continue
		}
		for _, scheme := range schemesOf(op) {
			isSame := func(other *spec.SecurityScheme) bool {
				return other.Type == scheme.Type && other.In == scheme.In && other.ParameterName == scheme.ParameterName &&
					strings.EqualFold(other.HTTPScheme, scheme.HTTPScheme)
			}
			if !slices.ContainsFunc(list, isSame) {
				list = append(list, scheme)
			}
		}
	}
	return list
}

func requiresBody(op *spec.Operation) bool { return op != nil && op.Body != nil && op.Body.Required }

func (s *search) requestMaker() maker { return s.Comparer.maker(false) }

// required makes the parameters that either operation requires. Those of the path are those of one operation.
func (s *search) required(old, new *spec.Operation) []field {
	fields := []field{}
	for _, op := range []*spec.Operation{new, old} {
		if op == nil {
			continue
		}
		for _, p := range op.Parameters {
			isThere := slices.ContainsFunc(fields, func(f field) bool { return isSame(f.of, p) })
			isOfOtherPath := p.In == "path" && op == old && new != nil
			if p.Required && !isThere && !isOfOtherPath {
				both := schemas{partnerSchema(old, p), partnerSchema(new, p)}
				fields = append(fields, s.field(p, both))
			}
		}
	}
	return fields
}

// partnerSchema is the schema of a parameter in an operation that may lack it.
func partnerSchema(op *spec.Operation, p *spec.Parameter) *spec.Schema {
	if op == nil {
		return nil
	}
	return schemaIf(find(op.Parameters, p))
}

// field writes a value of a parameter of a request. One for which none can be made is an x, which a judge may refuse.
func (s *search) field(p *spec.Parameter, both schemas) field {
	value, ok := s.parameterValue(s.requestMaker(), p, both)
	text, canWrite := sample.Parameter(p, value)
	if !ok || !canWrite || text == "" && p.In == "path" {
		text, _ = sample.Parameter(p, "x")
	}
	return field{p, text}
}

// parameterValue is an example of a parameter or header that both documents take, or else a value of its schemas.
func (s *search) parameterValue(m maker, p *spec.Parameter, both schemas) (any, bool) {
	for _, value := range sample.Examples(p.Example, p.Examples) {
		if m.takes(both, value) {
			return value, true
		}
	}
	if both.old == nil && both.new == nil {
		return "text", true
	}
	return m.value(both, 0)
}

// respond adds the response of a part: its status, the headers that either document requires, and a body.
func (s *search) respond(b *base, p part) {
	b.status = s.ch.part.statusOf()
	m := s.Comparer.maker(true)
	var oldHeaders, newHeaders []*spec.Header
	if p.old.response != nil {
		oldHeaders = p.old.response.Headers
	}
	if p.new.response != nil {
		newHeaders = p.new.response.Headers
	}
	for _, h := range slices.Concat(newHeaders, oldHeaders) {
		isThere := slices.ContainsFunc(b.headers, func(f field) bool { return isSame(f.of, h) })
		if !h.Required || isThere {
			continue
		}
		value, _ := s.parameterValue(m, h, schemas{schemaIf(find(oldHeaders, h)), schemaIf(find(newHeaders, h))})
		if text, ok := sample.Parameter(h, value); ok {
			b.headers = append(b.headers, field{h, text})
		}
	}
	switch b.status { // HTTP itself wants these (RFC 9110, 15.4.5 and 15.5.6)
	case http.StatusNotModified:
		b.fields = append(b.fields, field{&spec.Parameter{Name: "If-None-Match", In: "header"}, `"x"`})
	case http.StatusMethodNotAllowed:
		b.headers = append(b.headers, field{&spec.Parameter{Name: "Allow", In: "header"}, "OPTIONS"})
	}
	if hasNoBody(b.op.Method, b.status) {
		return
	}
	oldMedia, newMedia := p.old.media, p.new.media
	if oldMedia == nil && newMedia == nil {
		oldMedia, newMedia = mediaPair(p.old.contents(true), p.new.contents(true))
	}
	c, ok := s.body(m, oldMedia, newMedia)
	b.response, b.isUnknown = c, !ok
	s.useExample(b, p, oldMedia, newMedia)
}
