package breaking

import (
	"net/url"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/media"
	"github.com/quotaspec/quotaspec/contract/internal/sample"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// candidate is an exchange that may show a change.
type candidate struct {
	exchange contract.Exchange
	origin   string
}

// groups returns the candidates by the base that they are made from: of both documents, of the new one, of the old one. Each
// group is made only if it is needed.
func (s *search) groups() []func() []candidate {
	p := s.ch.part
	onlyNew, onlyOld := p, p
	onlyNew.old, onlyOld.new = element{}, element{}
	list := []func() []candidate{}
	for _, part := range []part{p, onlyNew, onlyOld} {
		if part.new.op == nil && part.old.op == nil {
			continue
		}
		list = append(list, func() []candidate { return s.candidates(part) })
	}
	return append(list, s.examples, s.recorded)
}

// candidates makes the exchanges for the parts of one or both documents.
func (s *search) candidates(p part) []candidate {
	b := s.base(p)
	exchanges := []contract.Exchange{}
	add := func(b base) { exchanges = append(exchanges, b.exchange()) }
	switch {
	case p.kind == ofServer:
		exchanges = s.serverExchanges(b)
	case p.kind == ofMedia:
		for _, b := range s.withMedia(b, p) {
			add(b)
		}
	case p.kind == ofParameter, p.kind == ofHeader:
		for _, b := range s.withValues(b, p) {
			add(b)
		}
	case p.kind == ofBody && strings.HasPrefix(s.ch.id, "request/"):
		with, without := b, b
		with.request, _ = s.requestBody(p.old.op, p.new.op)
		without.request = content{}
		add(with)
		add(without)
	case p.kind == ofBody:
		for _, b := range s.withBodies(b, p) {
			add(b)
		}
	default:
		add(b)
	}
	list := []candidate{}
	for _, ex := range exchanges {
		list = append(list, candidate{ex, b.origin})
	}
	return list
}

// base makes the right exchange of a part: what either document requires, and nothing else. One of the documents may be left out.
func (s *search) base(p part) base {
	b := base{origin: "schema", isResponse: p.isResponse, op: either(p.new.op, p.old.op)}
	b.fields = s.required(p.old.op, p.new.op)
	for _, op := range []*spec.Operation{p.new.op, p.old.op} {
		if op == nil {
			continue
		}
		for _, scheme := range schemesOf(op) {
			isSame := func(other *spec.SecurityScheme) bool {
				return other.Type == scheme.Type && other.In == scheme.In && other.ParameterName == scheme.ParameterName &&
					strings.EqualFold(other.HTTPScheme, scheme.HTTPScheme)
			}
			if !slices.ContainsFunc(b.schemes, isSame) {
				b.schemes = append(b.schemes, scheme)
			}
		}
	}
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

func requiresBody(op *spec.Operation) bool { return op != nil && op.Body != nil && op.Body.Required }

func (s *search) requestMaker() maker { return s.Comparer.maker(false) }

// required makes the parameters that either operation requires.
func (s *search) required(old, new *spec.Operation) []field {
	fields := []field{}
	add := func(p *spec.Parameter, both schemas) {
		value, ok := s.parameterValue(s.requestMaker(), p, both)
		text, canWrite := sample.Parameter(p, value)
		if !ok || !canWrite || text == "" && p.In == "path" {
			text, _ = sample.Parameter(p, "x")
		}
		fields = append(fields, field{p, text})
	}
	if new != nil {
		for _, p := range new.Parameters {
			if p.Required {
				both := schemas{new: schemaOf(p)}
				if old != nil {
					if partner := find(old.Parameters, p); partner != nil {
						both.old = schemaOf(partner)
					}
				}
				add(p, both)
			}
		}
	}
	if old != nil {
		for _, p := range old.Parameters {
			isOfPath := p.In == "path" && new != nil
			if !p.Required || isOfPath || new != nil && slices.ContainsFunc(fields, func(f field) bool { return isSame(f.of, p) }) {
				continue
			}
			both := schemas{old: schemaOf(p)}
			if new != nil {
				if partner := find(new.Parameters, p); partner != nil {
					both.new = schemaOf(partner)
				}
			}
			add(p, both)
		}
	}
	return fields
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

// requestBody makes the body of a request.
func (s *search) requestBody(old, new *spec.Operation) (content, bool) {
	of := func(op *spec.Operation) []*spec.MediaType {
		if op == nil || op.Body == nil {
			return nil
		}
		return op.Body.Content
	}
	oldMedia, newMedia := mediaPair(of(old), of(new))
	return s.body(s.requestMaker(), oldMedia, newMedia)
}

// mediaPair chooses a media type, if possible one that both documents have.
func mediaPair(old, new []*spec.MediaType) (oldMedia, newMedia *spec.MediaType) {
	common := []*spec.MediaType{}
	for _, m := range new {
		if mediaType(old, m.Name) != nil {
			common = append(common, m)
		}
	}
	switch {
	case len(common) > 0:
		newMedia = mediaOf(common)
		return mediaType(old, newMedia.Name), newMedia
	case len(new) > 0:
		return nil, mediaOf(new)
	}
	return mediaOf(old), nil
}

// body makes a body that both media types take, if there is one. ok is false if none could be made.
func (s *search) body(m maker, old, new *spec.MediaType) (c content, ok bool) {
	of := either(new, old)
	if of == nil {
		return content{}, true
	}
	value, ok := s.bodyValue(m, old, new)
	if !ok {
		return content{mediaType: sample.ContentType(of)}, false
	}
	return write(of, value)
}

// write writes a value as a body. Bytes that no judge reads are a short text.
func write(of *spec.MediaType, value any) (c content, ok bool) {
	_, isText := value.(string)
	if sample.KindOf(of) == media.Other && !isText {
		value = "text"
	}
	data, mediaType, ok := sample.Body(of, value)
	return content{mediaType, data}, ok && len(data) > 0
}

func (s *search) bodyValue(m maker, old, new *spec.MediaType) (any, bool) {
	both := schemas{}
	if old != nil {
		both.old = old.Schema
	}
	if new != nil {
		both.new = new.Schema
	}
	if both != (schemas{}) {
		if v, ok := m.value(both, 0); ok && m.takes(both, v) {
			return v, true
		}
	}
	var first any
	for _, of := range []*spec.MediaType{new, old} {
		if of == nil {
			continue
		}
		for _, v := range sample.Examples(of.Example, of.Examples) {
			if m.takes(both, v) {
				return v, true
			}
			if first == nil {
				first = v
			}
		}
	}
	switch {
	case first != nil:
		return first, true
	case both != (schemas{}):
		return m.value(both, 0)
	case sample.KindOf(either(new, old)) == media.JSON:
		return map[string]any{}, true
	}
	return "text", true
}

// respond adds the response of a part: its status, the headers that either document requires, and a body.
func (s *search) respond(b *base, p part) {
	b.status = s.ch.part.statusOf()
	m := s.Comparer.maker(true)
	var oldHeaders, newHeaders []*spec.Header
	var oldContent, newContent []*spec.MediaType
	if p.old.response != nil {
		oldHeaders, oldContent = p.old.response.Headers, p.old.response.Content
	}
	if p.new.response != nil {
		newHeaders, newContent = p.new.response.Headers, p.new.response.Content
	}
	for _, h := range slices.Concat(newHeaders, oldHeaders) {
		isThere := slices.ContainsFunc(b.headers, func(f field) bool { return isSame(f.of, h) })
		if !h.Required || isThere {
			continue
		}
		both := schemas{}
		if partner := find(oldHeaders, h); partner != nil {
			both.old = schemaOf(partner)
		}
		if partner := find(newHeaders, h); partner != nil {
			both.new = schemaOf(partner)
		}
		value, _ := s.parameterValue(m, h, both)
		if text, ok := sample.Parameter(h, value); ok {
			b.headers = append(b.headers, field{h, text})
		}
	}
	if hasNoBody(b.op.Method, b.status) {
		return
	}
	oldMedia, newMedia := p.old.media, p.new.media
	if oldMedia == nil && newMedia == nil {
		oldMedia, newMedia = mediaPair(oldContent, newContent)
	}
	c, ok := s.body(m, oldMedia, newMedia)
	b.response, b.isUnknown = c, !ok
	s.useExample(b, p, oldMedia, newMedia)
}

// useExample takes an example of the documents for the body, if more of them accept it than the one that was made: rules may say
// what no schema does.
func (s *search) useExample(b *base, p part, old, new *spec.MediaType) {
	accepting := func(b base) (n int) {
		for _, v := range []struct {
			*version
			op *spec.Operation
		}{{s.old, p.old.op}, {s.new, p.new.op}} {
			if v.op == nil {
				continue
			}
			if o, ok := v.opinion(b.exchange(), contract.Consumer); ok && o.accepts {
				n++
			}
		}
		return n
	}
	best := accepting(*b)
	if best == 2 || best == 1 && (p.old.op == nil || p.new.op == nil) {
		return
	}
	for _, of := range []*spec.MediaType{new, old} {
		if of == nil {
			continue
		}
		for _, value := range sample.Examples(of.Example, of.Examples) {
			with := *b
			with.isUnknown = false
			var ok bool
			if with.response, ok = write(of, value); !ok {
				continue
			}
			if n := accepting(with); n > best {
				*b, best = with, n
			}
		}
	}
}

// hasNoBody reports whether a response cannot have a body (RFC 9110, 6.4.1).
func hasNoBody(method string, status int) bool {
	return method == "HEAD" || status < 200 || status == 204 || status == 304
}

// withMedia makes bases with a body in the media type of the part, and one without a body. A range such as text/* has further ones
// with other types of it.
func (s *search) withMedia(b base, p part) []base {
	of := either(p.new.media, p.old.media)
	if of == nil || p.isResponse && hasNoBody(b.op.Method, b.status) {
		return []base{b}
	}
	body := &b.request
	m := s.requestMaker()
	if p.isResponse {
		body, m = &b.response, s.Comparer.maker(true)
	}
	*body, _ = s.body(m, p.old.media, p.new.media)
	list := []base{b}
	kind, isRange := strings.CutSuffix(of.Name, "*")
	for _, name := range []string{"text/plain", "application/octet-stream", "image/png", "text/html"} {
		if isRange && (kind == "*/" || strings.HasPrefix(name, kind)) {
			*body = content{name, []byte("text")}
			list = append(list, b)
		}
	}
	*body = content{}
	return append(list, b)
}

// withValues makes bases with the values of a parameter or header, and one without it.
func (s *search) withValues(b base, p part) []base {
	list := []base{}
	frame := s.maker.frame(schemas{schemaIf(p.old.parameter), schemaIf(p.new.parameter)}, pathOfPart(s.ch.path, p))
	known := []*spec.Parameter{}
	for _, one := range []*spec.Parameter{s.ch.part.new.parameter, s.ch.part.old.parameter} {
		isForeign := one != nil && one.In == "path" && !b.hasParameter(one)
		if one != nil && !isForeign {
			known = append(known, one)
		}
	}
	for _, one := range known {
		if one.In != "path" {
			list = append(list, b.without(one))
			break
		}
	}
	for _, one := range known {
		if one.In == "query" && one.AllowEmptyValue {
			list = append(list, b.with(one, url.QueryEscape(one.Name)+"="))
		}
	}
	for _, leaf := range s.parameterLeaves() {
		value := frame(leaf)
		for _, one := range known {
			text, ok := sample.Parameter(one, value)
			if ok && value != nil { // a parameter has no null
				list = append(list, b.with(one, text))
			}
		}
	}
	return list
}

// parameterLeaves are the values of a parameter that may show the change. One that is there or not has only a few.
func (s *search) parameterLeaves() []any {
	if s.ch.oldSchema != nil || s.ch.newSchema != nil || len(s.ch.path) > 0 {
		return s.maker.leaves(s.ch)
	}
	old, new := s.ch.part.old.parameter, s.ch.part.new.parameter
	list := []any{}
	for _, p := range []*spec.Parameter{new, old} {
		if p != nil {
			list = append(list, sample.Examples(p.Example, p.Examples)...)
		}
	}
	return distinct(append(list, s.maker.near(schemas{schemaIf(old), schemaIf(new)})...))
}

func schemaIf(p *spec.Parameter) *spec.Schema {
	if p == nil {
		return nil
	}
	return schemaOf(p)
}

// pathOfPart is the path with the schemas of those documents only that the part has.
func pathOfPart(path []step, p part) []step {
	path = slices.Clone(path)
	for i := range path {
		if p.old.op == nil {
			path[i].old = nil
		}
		if p.new.op == nil {
			path[i].new = nil
		}
	}
	return path
}

// withBodies makes bases whose bodies have the values that may show the change, in each of the media types of the part.
func (s *search) withBodies(b base, p part) []base {
	both := schemas{}
	if p.old.media != nil {
		both.old = p.old.media.Schema
	}
	if p.new.media != nil {
		both.new = p.new.media.Schema
	}
	frame := s.maker.frame(both, pathOfPart(s.ch.path, p))
	list := []base{}
	for _, leaf := range s.bodyLeaves(both) {
		list = append(list, s.withBody(b, frame(leaf))...)
	}
	return list
}

// bodyLeaves are the values at the place of the change. A change of the encoding of a form has those of the whole body.
func (s *search) bodyLeaves(whole schemas) []any {
	if s.ch.oldSchema != nil || s.ch.newSchema != nil || len(s.ch.path) > 0 {
		return s.maker.leaves(s.ch)
	}
	return s.maker.near(whole)
}

// withBody writes a body in the media types of the part.
func (s *search) withBody(b base, value any) []base {
	list := []base{}
	for _, of := range []*spec.MediaType{s.ch.part.new.media, s.ch.part.old.media} {
		if of == nil {
			continue
		}
		c, ok := write(of, value)
		if !ok {
			continue
		}
		changed := b
		changed.isUnknown = false
		if b.isResponse {
			changed.response = c
		} else {
			changed.request = c
		}
		list = append(list, changed)
	}
	return list
}

// serverExchanges makes the request to the server that the change is about.
func (s *search) serverExchanges(b base) []contract.Exchange {
	if len(s.ch.names) == 0 {
		return nil
	}
	address := s.ch.names[0]
	for _, op := range []*spec.Operation{s.ch.part.old.op, s.ch.part.new.op} {
		for _, server := range op.Servers {
			if server.URL == s.ch.names[0] {
				address = addressOf(server)
			}
		}
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return nil
	}
	ex := b.exchange()
	ex.Origin = u.Scheme + "://" + u.Host
	ex.Request.Target = strings.TrimSuffix(u.EscapedPath(), "/") + ex.Request.Target
	return []contract.Exchange{ex}
}
