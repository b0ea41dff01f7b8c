package breaking

import (
	"net/url"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
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

// withMedia makes bases with a body in the media type of the part, and one without a body. A range such as text/* has further
// ones with other types of it.
func (s *search) withMedia(b base, p part) []base {
	of := either(p.new.media, p.old.media)
	switch {
	case of == nil: // a body in another media type shows nothing
		return nil
	case p.isResponse && hasNoBody(b.op.Method, b.status):
		return []base{b}
	}
	body := &b.request
	m := s.requestMaker()
	if p.isResponse {
		body, m = &b.response, s.Comparer.maker(true)
	}
	if !p.isResponse || len(body.data) == 0 { // else respond has made it, or has taken an example
		*body, _ = s.body(m, p.old.media, p.new.media)
	}
	list := []base{b}
	for _, value := range m.near(schemas{rootOf(p.old.media), rootOf(p.new.media)}) {
		if len(body.data) > 0 {
			break
		}
		if c, ok := write(of, value); ok { // a form without members is empty
			*body = c
			list = append(list, b)
		}
	}
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
	both := schemas{rootOf(p.old.media), rootOf(p.new.media)}
	frame := s.maker.frame(both, pathOfPart(s.ch.path, p))
	list := []base{}
	for _, leaf := range s.bodyLeaves(both) {
		list = append(list, s.withBody(b, frame(leaf))...)
	}
	return list
}

// bodyLeaves are the values at the place of the change. A change of the encoding of a form has
// whole bodies, first those with lists and objects.
func (s *search) bodyLeaves(whole schemas) []any {
	if s.ch.oldSchema != nil || s.ch.newSchema != nil || len(s.ch.path) > 0 {
		return s.maker.leaves(s.ch)
	}
	list := []any{}
	members := membersOf(whole)
	for _, p := range slices.Concat(members.new, members.old) {
		for _, value := range s.maker.near(members.schemas(p.Name)) {
			elements, isList := value.([]any)
			object, isObject := value.(map[string]any)
			if isList && len(elements) > 1 || isObject && len(object) > 0 {
				made := s.maker.object(whole, 0)
				made[p.Name] = value
				list = append(list, made)
			}
		}
	}
	return append(list, s.maker.near(whole)...)
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
	u, err := url.Parse(withDefaults(s.ch.names[0]))
	if err != nil || u.Host == "" {
		return nil
	}
	ex := b.exchange()
	ex.Origin = u.Scheme + "://" + u.Host
	ex.Request.Target = strings.TrimSuffix(u.EscapedPath(), "/") + ex.Request.Target
	return []contract.Exchange{ex}
}
