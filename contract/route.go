package contract

import (
	"cmp"
	"maps"
	"math"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/parameter"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Paths are matched segment by segment, as they were sent. Templates are sorted once (compare), so that the first match is
// the right one:
//
//	/pets/mine   before   /pets/{id}.json   before   /pets/{id}   before   /{kind}/{id}
//
// Servers come before paths: a site groups the operations that have the same servers (server.go).

// route is a path template, cut into segments.
type route struct {
	template   string
	shape      string     // the path without the names of its parameters: /pets/{}
	node       *spec.Node // of the Path Item
	segments   []segment
	query      url.Values // required in the query, by a path such as /pets?beta=true
	operations map[string]*spec.Operation
}

// newRoute parses a template. Some documents tell operations of one path apart by a fragment (/pets#add) or by a query,
// which OpenAPI does not define. A fragment is ignored, since clients never send it.
func newRoute(template string, node *spec.Node) *route {
	r := &route{template: template, node: node, operations: map[string]*spec.Operation{}}
	template, _, _ = strings.Cut(template, "#")
	path, rawQuery, _ := strings.Cut(template, "?")
	for _, text := range strings.Split(path, "/") {
		r.segments = append(r.segments, newSegment(text))
	}
	r.shape, r.query = placeholder.ReplaceAllString(path, "{}"), parameter.ParseQuery(rawQuery).Values()
	return r
}

// compare orders routes for matching: fewer parameters first (OpenAPI, Paths Object), then more text in the first segment
// that differs, then more parameters required in the query.
func (r *route) compare(other *route) int {
	parameters := cmp.Compare(strings.Count(r.shape, "{"), strings.Count(other.shape, "{"))
	byText := func(a, b segment) int { return cmp.Compare(a.literals(), b.literals()) }
	texts := slices.CompareFunc(other.segments, r.segments, byText)
	return cmp.Or(parameters, texts, cmp.Compare(len(other.query), len(r.query)))
}

// segment is the template of one segment: a text, or parameters with texts around them, such as {name}.{ending}.
type segment struct {
	text   string
	params []string       // the names; none: the segment is the text
	isOne  bool           // the segment is one parameter and no text
	shape  *regexp.Regexp // a group for each parameter
}

var placeholder = regexp.MustCompile(`[{][^{}]*[}]`)

func newSegment(template string) segment {
	s := segment{text: unescaped(template)}
	names := placeholder.FindAllString(template, -1)
	if len(names) == 0 {
		return s
	}
	s.isOne = names[0] == template
	shape := "(?s)^"
	for i, text := range placeholder.Split(template, -1) {
		shape += regexp.QuoteMeta(unescaped(text))
		if i < len(names) {
			s.params = append(s.params, strings.Trim(names[i], "{}"))
			shape += "(.+?)" // the first of two parameters is as short as possible
		}
	}
	s.shape = regexp.MustCompile(shape + "$")
	return s
}

// unescaped decodes a text of a template. A document may write a path as clients send it, such as /listings/%40jupyterlab. A
// text that is not percent-encoded, such as 100%, stays as it is.
func unescaped(text string) string {
	if decoded, err := url.PathUnescape(text); err == nil {
		return decoded
	}
	return text
}

// literals returns the number of bytes that are not parameters. A text without parameters counts as the longest.
func (s segment) literals() int {
	if len(s.params) == 0 {
		return math.MaxInt
	}
	return len(placeholder.ReplaceAllString(s.text, ""))
}

// match is what a request was matched to.
type match struct {
	served bool             // the request was sent to a server of the document
	known  bool             // the path is in the document
	op     *spec.Operation  // nil if the path or the method is not in the document
	params []parameter.Pair // percent-encoded, as sent: an encoded comma is part of a list element
	route  *route
}

// newRoutes makes the routes of operations, sorted for matching.
func newRoutes(doc *spec.Document, operations []*spec.Operation) []*route {
	routes := []*route{}
	for _, op := range operations { // operations of the same path are adjacent
		if n := len(routes); n == 0 || routes[n-1].template != op.Path {
			item := slices.IndexFunc(doc.PathItems, func(i *spec.PathItem) bool { return i.Path == op.Path })
			routes = append(routes, newRoute(op.Path, doc.PathItems[item].Node))
		}
		routes[len(routes)-1].operations[op.Method] = op
	}
	slices.SortStableFunc(routes, (*route).compare)
	return routes
}

// pathsAlone is a server without a base path, on any host.
var pathsAlone = []*server{{}}

// match finds the path of a request, and its operation if the method is known too. Servers do not count for a probe, which is
// sent to where the paths begin.
//
// One request may match at several sites, and beats decides. A document may have these paths, each with a server of its own:
//
//	https://{tenant}.example.com    /reports/{id}
//	https://eu.example.com          /reports/daily
//
// GET https://eu.example.com/reports/daily matches both. The second wins, since its path has fewer parameters.
func (j *Judge) match(ex *Exchange, path string, query url.Values) match {
	found := match{}
	for _, site := range j.sites {
		here, servers := match{}, pathsAlone
		if ex.Probe == "" {
			servers = site.at(ex.Origin)
		}
		for _, server := range servers {
			path, ok := server.strip(path)
			if !ok || here.op != nil {
				continue
			}
			here.served = true
			m := site.match(ex.Request.Method, path, query)
			isFirstKnown := m.known && !here.known
			if m.op != nil || isFirstKnown {
				here = m
			}
		}
		if here.beats(found) {
			found = here
		}
	}
	return found
}

// beats reports whether a match is better than one found earlier on other servers: a known method wins, then the more exact
// path, then a known path, then a known server.
func (m match) beats(other match) bool {
	switch {
	case m.op != nil && other.op != nil:
		return m.route.compare(other.route) < 0
	case m.op != nil || other.op != nil:
		return m.op != nil
	}
	isFirstKnown, isFirstServed := m.known && !other.known, m.served && !other.served
	return isFirstKnown || isFirstServed
}

// methodsOf returns the methods of the path of a route, sorted. Routes of the same shape share them.
func (j *Judge) methodsOf(r *route) []string {
	methods := []string{}
	for _, site := range j.sites {
		if !slices.Contains(site.routes, r) {
			continue
		}
		for _, other := range site.routes {
			if other.shape == r.shape {
				methods = slices.AppendSeq(methods, maps.Keys(other.operations))
			}
		}
	}
	slices.Sort(methods)
	return slices.Compact(methods)
}

// match finds the first route that matches, whatever its methods. Routes of the same shape share their methods: a document
// may have /pets/{id} for GET and /pets/{name} for DELETE.
func (s *site) match(method, path string, query url.Values) match {
	size := 1 + strings.Count(path, "/")
	found, shape := match{}, ""
	for _, r := range s.routes {
		isOtherShape := found.known && r.shape != shape
		if isOtherShape || len(r.segments) != size {
			continue
		}
		params, ok := r.match(path, query)
		op := r.operations[method]
		if isBetter := op != nil || !found.known; ok && isBetter {
			found, shape = match{served: true, known: true, op: op, params: params, route: r}, r.shape
		}
		if found.op != nil {
			break
		}
	}
	return found
}

// match returns the sent text of each parameter. The path must have as many segments as the route.
func (r *route) match(path string, query url.Values) ([]parameter.Pair, bool) {
	for name, values := range r.query {
		if !slices.Equal(query[name], values) {
			return nil, false
		}
	}
	few := [4]parameter.Pair{} // a path that does not match costs no allocation
	params, rest := few[:0], path
	for i := range r.segments {
		sent, after, _ := strings.Cut(rest, "/")
		matched, ok := r.segments[i].match(sent, params)
		if !ok {
			return nil, false
		}
		params, rest = matched, after
	}
	return slices.Clone(params), true
}

// match appends the sent text of each parameter of a segment. Clients may percent-encode the texts around parameters, so the
// decoded segment is matched, and the places of its parameters are then found in the sent one.
func (s *segment) match(sent string, params []parameter.Pair) ([]parameter.Pair, bool) {
	decoded, err := url.PathUnescape(sent)
	switch {
	case err != nil:
		return params, false
	case len(s.params) == 0:
		return params, decoded == s.text
	case s.isOne:
		return append(params, parameter.Pair{Name: s.params[0], Value: sent}), sent != ""
	}
	places := s.shape.FindStringSubmatchIndex(decoded)
	if places == nil {
		return params, false
	}
	for i, name := range s.params {
		value := sent[encodedSize(sent, places[2*i+2]):encodedSize(sent, places[2*i+3])]
		params = append(params, parameter.Pair{Name: name, Value: value})
	}
	return params, true
}

// encodedSize returns how many bytes of a percent-encoded text encode the first n bytes of the decoded text.
func encodedSize(encoded string, n int) int {
	size := 0
	for range n {
		if encoded[size] == '%' {
			size += 2
		}
		size++
	}
	return size
}

// originForm returns the path and query of a target, which may begin with scheme and host (RFC 9112, 3.2.2).
func originForm(target string) string {
	scheme, rest, ok := strings.Cut(target, "://")
	isHTTP := strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https")
	if !ok || !isHTTP {
		return target
	}
	i := strings.IndexAny(rest, "/?")
	switch {
	case i < 0:
		return "/"
	case rest[i] == '?':
		return "/" + rest[i:]
	}
	return rest[i:]
}
