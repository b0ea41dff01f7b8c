package breaking

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// document compares what belongs to no operation.
func (l *list) document() {
	old, new := l.comparer.old.doc, l.comparer.new.doc
	p := part{kind: ofDocument}
	l.prose(p, old.Root.Member("info"), new.Root.Member("info"))
	l.prose(p, old.Root, new.Root)
	name := func(i *spec.PathItem) string { return i.Path }
	if was, is := textsOf(old.Webhooks, name), textsOf(new.Webhooks, name); !slices.Equal(was, is) {
		l.add(p, difference{
			id: "webhook/changed", says: "webhooks: " + orNone(was) + " → " + orNone(is),
			old: orNode(old.Root.Member("webhooks"), old.Root), new: orNode(new.Root.Member("webhooks"), new.Root),
		})
	}
}

// operation compares two operations with the same method and path.
func (l *list) operation(old, new *spec.Operation) {
	p := part{old: element{op: old}, new: element{op: new}, kind: ofOperation}
	if old.Node.Member("operationId") != nil && old.ID != new.ID {
		l.add(p, difference{
			id: "names/changed", says: "operationId: " + old.ID + " → " + new.ID,
			old: old.Node.Member("operationId"), new: orNode(new.Node.Member("operationId"), new.Node),
		})
	}
	l.prose(p, old.Node, new.Node)
	if old.Evidence.Grade != new.Evidence.Grade {
		says := fmt.Sprintf("grade: %s → %s", old.Evidence.Grade, new.Evidence.Grade)
		l.add(p, difference{id: "rule/grade", says: says, old: old.Node, new: new.Node})
	}
	l.servers(p)
	l.callbacks(p)
	l.parameters(p)
	l.body(p)
	l.responses(p)
	for _, ch := range slices.Concat(l.comparer.security(old, new), l.comparer.rules(old, new)) {
		l.insert(ch)
	}
}

// insert adds a change that was found elsewhere.
func (l *list) insert(ch change) {
	d := difference{id: ch.id, says: ch.says, old: ch.old, new: ch.new, names: ch.names, prose: ch.prose}
	if found, isKnown := l.find(ch.part, d); !isKnown {
		found.path, found.oldSchema, found.newSchema = ch.path, ch.oldSchema, ch.newSchema
	}
}

func orNode(n, other *spec.Node) *spec.Node {
	if n == nil {
		return other
	}
	return n
}

// proseKeywords are members that say nothing about exchanges.
var proseKeywords = []string{
	"description", "summary", "title", "example", "examples", "externalDocs", "deprecated", "xml", "tags", "links", "$comment",
	"contact", "license", "termsOfService",
}

// prose compares what nodes say to people, and the extensions of others.
func (l *list) prose(p part, old, new *spec.Node) {
	changed, at := []string{}, [2]*spec.Node{old, new}
	keywords := slices.Clone(proseKeywords)
	for _, n := range at {
		if n == nil {
			continue
		}
		for _, m := range n.Members {
			if isProse(m.Name) && !slices.Contains(keywords, m.Name) {
				keywords = append(keywords, m.Name)
			}
		}
	}
	for _, keyword := range keywords {
		was, is := old.Member(keyword), new.Member(keyword)
		if jsonOf(was) == jsonOf(is) {
			continue
		}
		if changed = append(changed, keyword); len(changed) == 1 {
			at = [2]*spec.Node{orNode(was, old), orNode(is, new)}
		}
	}
	if len(changed) > 0 {
		l.add(p, difference{id: "prose/changed", says: strings.Join(changed, ", ") + " changed", old: at[0], new: at[1], prose: true})
	}
}

// promises are extensions that say something about exchanges.
var promises = []string{"x-rules", "x-error-codes", "x-evidence"}

// isProse reports whether a keyword says nothing about exchanges.
func isProse(keyword string) bool {
	isExtension := strings.HasPrefix(keyword, "x-") && !slices.Contains(promises, keyword)
	return isExtension || slices.Contains(proseKeywords, keyword)
}

// grade compares the x-evidence of two nodes.
func (l *list) grade(p part, old, new *spec.Node) {
	if was, is := gradeOf(old), gradeOf(new); was != is {
		says := fmt.Sprintf("grade: %s → %s", orNone(textsOf([]string{was}, itself)), orNone(textsOf([]string{is}, itself)))
		l.add(p, difference{
			id: "rule/grade", says: says,
			old: orNode(old.Member("x-evidence"), old), new: orNode(new.Member("x-evidence"), new),
		})
	}
}

func itself(s string) string { return s }

// servers compares the base URLs of two operations.
func (l *list) servers(p part) {
	p.kind = ofServer
	old, new := p.old.op.Servers, p.new.op.Servers
	url := func(s *spec.Server) string { return s.URL + fmt.Sprint(s.Variables) }
	has := func(list []*spec.Server, s *spec.Server) bool {
		if len(list) == 0 { // then it is /, says OpenAPI
			return s.URL == "/"
		}
		return slices.ContainsFunc(list, func(other *spec.Server) bool { return url(other) == url(s) })
	}
	for _, s := range old {
		if !has(new, s) {
			l.add(p, difference{id: "server/removed", says: s.URL + " is gone", old: s.Node, new: serversNode(l.comparer.new.doc, new), names: []string{s.URL}})
		}
	}
	for _, s := range new {
		if !has(old, s) {
			l.add(p, difference{id: "server/added", says: s.URL + " is new", old: serversNode(l.comparer.old.doc, old), new: s.Node, names: []string{s.URL}})
		}
	}
}

func serversNode(d *spec.Document, servers []*spec.Server) *spec.Node {
	if len(servers) > 0 {
		return servers[0].Node
	}
	return d.Root
}

// callbacks compares the names of callbacks. They are requests to somebody else, which are not judged.
func (l *list) callbacks(p part) {
	name := func(m spec.Member) string { return m.Name }
	old, new := textsOf(p.old.op.Callbacks, name), textsOf(p.new.op.Callbacks, name)
	if !slices.Equal(old, new) {
		l.add(p, difference{
			id: "callback/changed", says: "callbacks: " + orNone(old) + " → " + orNone(new),
			old: orNode(p.old.op.Node.Member("callbacks"), p.old.op.Node), new: orNode(p.new.op.Node.Member("callbacks"), p.new.op.Node),
		})
	}
}

// parameters compares the parameters of two operations. Those of the path have their order, since their names are free.
func (l *list) parameters(p part) {
	p.kind = ofParameter
	names := pathNames(p.old.op.Path, p.new.op.Path)
	partner := func(list []*spec.Parameter, in, name string) *spec.Parameter {
		for _, other := range list {
			isSame := other.Name == name || in == "header" && strings.EqualFold(other.Name, name)
			if other.In == in && isSame {
				return other
			}
		}
		return nil
	}
	back := map[string]string{}
	for was, is := range names {
		back[is] = was
	}
	nameIn := func(m map[string]string, q *spec.Parameter) string {
		if other, ok := m[q.Name]; ok && q.In == "path" {
			return other
		}
		return q.Name
	}
	for _, is := range p.new.op.Parameters {
		p.name, p.new.parameter = is.Name, is
		p.old.parameter = partner(p.old.op.Parameters, is.In, nameIn(back, is))
		if p.old.parameter == nil {
			says := fmt.Sprintf("%s parameter %s is new", is.In, quoted(is.Name))
			if is.Required {
				says += ", and required"
			}
			l.addAt(p, difference{id: "parameter/added", says: says, new: is.Node}, p.old.op.Node)
			continue
		}
		l.parameter(p, "parameter")
	}
	p.new.parameter = nil
	for _, was := range p.old.op.Parameters {
		if partner(p.new.op.Parameters, was.In, nameIn(names, was)) == nil {
			p.name, p.old.parameter = was.Name, was
			says := fmt.Sprintf("%s parameter %s is gone", was.In, quoted(was.Name))
			l.addAt(p, difference{id: "parameter/removed", says: says, old: was.Node}, p.new.op.Node)
		}
	}
}

// pathNames maps the names of the parameters in the old path to those in the new one.
func pathNames(old, new string) map[string]string {
	names := map[string]string{}
	for {
		_, oldRest, okOld := strings.Cut(old, "{")
		_, newRest, okNew := strings.Cut(new, "{")
		if !okOld || !okNew {
			return names
		}
		var was, is string
		was, old, _ = strings.Cut(oldRest, "}")
		is, new, _ = strings.Cut(newRest, "}")
		names[was] = is
	}
}

// parameter compares two parameters, or two headers. kind begins the ids.
func (l *list) parameter(p part, kind string) {
	old, new := p.old.parameter, p.new.parameter
	switch {
	case old.Required && !new.Required:
		l.add(p, difference{id: kind + "/optional", says: quoted(new.Name) + " is no longer required", old: old.Node, new: new.Node})
	case !old.Required && new.Required:
		l.add(p, difference{id: kind + "/required", says: quoted(new.Name) + " is required now", old: old.Node, new: new.Node})
	}
	type encoding struct {
		style                  string
		explode, reserved, any bool
		media                  string
	}
	of := func(q *spec.Parameter) encoding {
		e := encoding{q.Style, q.Explode, q.AllowReserved, q.AllowEmptyValue, ""}
		if len(q.Content) > 0 {
			e.media = q.Content[0].Name
		}
		return e
	}
	if was, is := of(old), of(new); was != is {
		says := fmt.Sprintf("style %s, explode %t → style %s, explode %t", was.style, was.explode, is.style, is.explode)
		if was.media != is.media {
			says = fmt.Sprintf("written as %s → %s", orNone(textsOf([]string{was.media}, itself)), orNone(textsOf([]string{is.media}, itself)))
		}
		l.add(p, difference{id: "parameter/encoding", says: says, old: old.Node, new: new.Node})
	}
	l.prose(p, old.Node, new.Node)
	l.grade(p, old.Node, new.Node)
	l.value(p, schemaOf(old), schemaOf(new))
}

// schemaOf is the schema of a parameter, its own or that of its media type.
func schemaOf(p *spec.Parameter) *spec.Schema {
	if p.Schema == nil && len(p.Content) > 0 {
		return p.Content[0].Schema
	}
	return p.Schema
}

// body compares the bodies of requests.
func (l *list) body(p part) {
	p.kind = ofBody
	old, new := p.old.op.Body, p.new.op.Body
	switch {
	case old == nil && new == nil:
	case old == nil:
		says := "a body is new"
		if new.Required {
			says += ", and required"
		}
		l.add(p, difference{id: "request/added", says: says, old: p.old.op.Node, new: new.Node})
	case new == nil:
		l.add(p, difference{id: "request/removed", says: "the body is gone", old: old.Node, new: p.new.op.Node})
	default:
		if old.Required && !new.Required {
			l.add(p, difference{id: "request/optional", says: "the body is no longer required", old: old.Node, new: new.Node})
		}
		if !old.Required && new.Required {
			l.add(p, difference{id: "request/required", says: "the body is required now", old: old.Node, new: new.Node})
		}
		l.prose(p, old.Node, new.Node)
		l.content(p, old.Content, new.Content, old.Node, new.Node)
	}
}

// content compares the media types of two bodies.
func (l *list) content(p part, old, new []*spec.MediaType, oldNode, newNode *spec.Node) {
	for _, is := range new {
		p.name, p.new.media, p.old.media = is.Name, is, mediaType(old, is.Name)
		if p.old.media == nil {
			p.kind = ofMedia
			l.add(p, difference{id: "media-type/added", says: is.Name + " is new", old: oldNode, new: is.Node})
			continue
		}
		p.kind = ofBody
		l.prose(p, p.old.media.Node, is.Node)
		if was, is := jsonOf(p.old.media.Node.Member("encoding")), jsonOf(is.Node.Member("encoding")); was != is {
			l.add(p, difference{id: "encoding/changed", says: "encoding changed", old: p.old.media.Node, new: p.new.media.Node})
		}
		l.value(p, p.old.media.Schema, is.Schema)
		if p.old.media.ItemSchema != nil || is.ItemSchema != nil {
			l.value(p, p.old.media.ItemSchema, is.ItemSchema)
		}
	}
	p.kind, p.new.media = ofMedia, nil
	for _, was := range old {
		if mediaType(new, was.Name) == nil {
			p.name, p.old.media = was.Name, was
			l.add(p, difference{id: "media-type/removed", says: was.Name + " is gone", old: was.Node, new: newNode})
		}
	}
}

// mediaType finds a media type by its name, in any case; else a range that contains it; else nil.
func mediaType(list []*spec.MediaType, name string) *spec.MediaType {
	plain := func(name string) string { return strings.ToLower(strings.ReplaceAll(name, " ", "")) }
	kind, _, _ := strings.Cut(plain(name), "/")
	for _, want := range []string{plain(name), kind + "/*", "*/*"} {
		for _, m := range list {
			if plain(m.Name) == want {
				return m
			}
		}
	}
	return nil
}

// responses compares the responses of two operations. A status that only one document lists may be one of a range, or the
// default, of the other.
func (l *list) responses(p part) {
	p.isResponse, p.kind = true, ofStatus
	for _, is := range p.new.op.Responses {
		p.status, p.new.response, p.old.response = is.Status, is, responseFor(p.old.op, is.Status)
		if p.old.response == nil {
			says := is.Status + " is new"
			l.add(p, difference{id: "status/added", says: says, old: orNode(p.old.op.Node.Member("responses"), p.old.op.Node), new: is.Node})
			continue
		}
		l.response(p)
	}
	for _, was := range p.old.op.Responses {
		p.status, p.old.response, p.new.response = was.Status, was, responseFor(p.new.op, was.Status)
		switch {
		case p.new.response == nil:
			says := was.Status + " is gone"
			l.add(p, difference{id: "status/removed", says: says, old: was.Node, new: orNode(p.new.op.Node.Member("responses"), p.new.op.Node)})
		case !strings.EqualFold(p.new.response.Status, was.Status):
			l.response(p)
		}
	}
}

// responseFor is the response of an operation for a status as a document writes it: 200, 4XX or default.
func responseFor(op *spec.Operation, status string) *spec.Response {
	if n, err := strconv.Atoi(status); err == nil {
		return op.Response(n)
	}
	for _, key := range []string{status, "default"} {
		for _, r := range op.Responses {
			if strings.EqualFold(r.Status, key) {
				return r
			}
		}
	}
	return nil
}

// response compares two responses.
func (l *list) response(p part) {
	old, new := p.old.response, p.new.response
	l.prose(p, old.Node, new.Node)
	l.grade(p, old.Node, new.Node)
	p.kind = ofHeader
	for _, is := range new.Headers {
		p.name, p.new.parameter, p.old.parameter = is.Name, is, header(old.Headers, is.Name)
		if p.old.parameter == nil {
			says := quoted(is.Name) + " is new"
			if is.Required {
				says += ", and required"
			}
			l.addAt(p, difference{id: "header/added", says: says, new: is.Node}, old.Node)
			continue
		}
		l.parameter(p, "header")
	}
	p.new.parameter = nil
	for _, was := range old.Headers {
		if header(new.Headers, was.Name) == nil {
			says := quoted(was.Name) + " is gone"
			if was.Required {
				says += "; it was required"
			}
			p.name, p.old.parameter = was.Name, was
			l.addAt(p, difference{id: "header/removed", says: says, old: was.Node}, new.Node)
		}
	}
	p.name, p.old.parameter = "", nil
	l.content(p, old.Content, new.Content, old.Node, new.Node)
}

func header(list []*spec.Header, name string) *spec.Header {
	for _, h := range list {
		if http.CanonicalHeaderKey(h.Name) == http.CanonicalHeaderKey(name) {
			return h
		}
	}
	return nil
}
