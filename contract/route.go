package contract

import (
	"cmp"
	"math"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/parameter"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// route is a path of the document, cut into segments.
type route struct {
	template   string
	shape      string     // the path without the names of its parameters: /pets/{}
	node       *spec.Node // of the Path Item
	segments   []segment
	query      url.Values // what the query must have, of a path such as /pets?beta=true
	operations map[string]*spec.Operation
}

// newRoute reads a template. Some documents tell operations of one path apart by a fragment (/pets#add) or by a query, which
// OpenAPI does not know. A fragment is never sent, so it is left out.
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

// compare orders routes as they are tried: fewer parameters go first (OpenAPI, Paths Object), then the route that has more
// text in the first segment that differs, then the one that asks for more of the query.
func (r *route) compare(other *route) int {
	texts := slices.CompareFunc(other.segments, r.segments, func(a, b segment) int { return cmp.Compare(a.literals(), b.literals()) })
	return cmp.Or(cmp.Compare(strings.Count(r.shape, "{"), strings.Count(other.shape, "{")), texts, cmp.Compare(len(other.query), len(r.query)))
}

// segment is what stands between two slashes: a text, or parameters with texts around them.
type segment struct {
	text   string
	params []string       // the names; none: the segment is the text
	isOne  bool           // the segment is one parameter and no text
	shape  *regexp.Regexp // a group for each parameter
}

var placeholder = regexp.MustCompile(`[{][^{}]*[}]`)

func newSegment(template string) segment {
	s := segment{text: template}
	names := placeholder.FindAllString(template, -1)
	if len(names) == 0 {
		return s
	}
	s.isOne = names[0] == template
	shape := "(?s)^"
	for i, text := range placeholder.Split(template, -1) {
		shape += regexp.QuoteMeta(text)
		if i < len(names) {
			s.params = append(s.params, strings.Trim(names[i], "{}"))
			shape += "(.+?)" // of two parameters the first takes no more than it must
		}
	}
	s.shape = regexp.MustCompile(shape + "$")
	return s
}

// literals is how many bytes of the segment are no parameter. A text without parameters has more than any other.
func (s segment) literals() int {
	if len(s.params) == 0 {
		return math.MaxInt
	}
	return len(placeholder.ReplaceAllString(s.text, ""))
}

type match struct {
	served bool             // the request was sent to a server of the document
	known  bool             // the path is in the document
	op     *spec.Operation  // nil: the document does not know the method, or the path
	params []parameter.Pair // as they were sent, percent-encoded: only then a list shows which commas are its own
	route  *route
}

// newRoutes sorts the paths in the order in which they are tried.
func newRoutes(doc *spec.Document, operations []*spec.Operation) []*route {
	routes := []*route{}
	for _, op := range operations { // those of one path follow each other
		if n := len(routes); n == 0 || routes[n-1].template != op.Path {
			item := slices.IndexFunc(doc.PathItems, func(i *spec.PathItem) bool { return i.Path == op.Path })
			routes = append(routes, newRoute(op.Path, doc.PathItems[item].Node))
		}
		routes[len(routes)-1].operations[op.Method] = op
	}
	slices.SortStableFunc(routes, (*route).compare)
	return routes
}

// pathsAlone is a server without a base path.
var pathsAlone = []*server{{}}

// match finds the path of a request as it was sent, and the operation if the method is known too. A probe is sent to where
// the paths begin, so that servers do not matter.
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
			if m := site.match(ex.Request.Method, path, query); m.op != nil || m.known && !here.known {
				here = m
			}
		}
		if here.beats(found) {
			found = here
		}
	}
	return found
}

// beats says whether a match goes before one that was found earlier, at other servers: it has the method and that one has
// not, or else its path does.
func (m match) beats(other match) bool {
	switch {
	case m.op != nil && other.op != nil:
		return m.route.compare(other.route) < 0
	case m.op != nil || other.op != nil:
		return m.op != nil
	}
	return m.known && !other.known || m.served && !other.served
}

// match finds the first path that fits, whatever its methods are. Only paths of the same shape share their methods: a
// document may have /pets/{id} for GET and /pets/{name} for DELETE.
func (s *site) match(method, path string, query url.Values) match {
	size := 1 + strings.Count(path, "/")
	found, shape := match{}, ""
	for _, r := range s.routes {
		if len(r.segments) != size || found.known && r.shape != shape {
			continue
		}
		params, ok := r.match(path, query)
		if op := r.operations[method]; ok && (op != nil || !found.known) {
			found, shape = match{served: true, known: true, op: op, params: params, route: r}, r.shape
		}
		if found.op != nil {
			break
		}
	}
	return found
}

// match returns what a path with as many segments has for each parameter.
func (r *route) match(path string, query url.Values) ([]parameter.Pair, bool) {
	for name, values := range r.query {
		if !slices.Equal(query[name], values) {
			return nil, false
		}
	}
	few := [4]parameter.Pair{} // so that a path that does not match costs no allocation
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

// match adds what a segment of a request has for each parameter. The texts around parameters may be sent percent-encoded, so
// the shape is that of the decoded segment, and its places are found again in the one that was sent.
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

// encodedSize is how many bytes of a percent-encoded text stand for the first n bytes of the decoded one.
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

// originForm is the path and the query of a target, which may name scheme and host too (RFC 9112, 3.2.2).
func originForm(target string) string {
	scheme, rest, ok := strings.Cut(target, "://")
	if !ok || !strings.EqualFold(scheme, "http") && !strings.EqualFold(scheme, "https") {
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
