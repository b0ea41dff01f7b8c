package contract

import (
	"cmp"
	"maps"
	"net/url"
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
// Servers come before paths: a site groups the operations that have the same servers (server.go). The routes of a site form a
// tree (routetree.go), in which a path is looked up without trying each route.

// route is a path template, cut into segments.
type route struct {
	template   string
	shape      string     // the path without the names of its parameters: /pets/{}
	node       *spec.Node // of the Path Item
	segments   []segment
	parameters int        // how many the path has
	query      url.Values // required in the query, by a path such as /pets?beta=true
	operations map[string]*spec.Operation
	number     int // its place among the routes of its site
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
	r.parameters = strings.Count(r.shape, "{")
	return r
}

// compare orders routes for matching: fewer parameters first (OpenAPI, Paths Object), then more text in the first segment
// that differs, then more parameters required in the query.
func (r *route) compare(other *route) int {
	byText := func(a, b segment) int { return cmp.Compare(a.literals, b.literals) }
	return cmp.Or(
		cmp.Compare(r.parameters, other.parameters),
		slices.CompareFunc(other.segments, r.segments, byText),
		cmp.Compare(len(other.query), len(r.query)),
	)
}

// takes reports whether a query has what the route requires in it.
func (r *route) takes(query url.Values) bool {
	for name, values := range r.query {
		if !slices.Equal(query[name], values) {
			return false
		}
	}
	return true
}

// appendParams appends the sent text of each parameter in a path that the route matches.
func (r *route) appendParams(params []parameter.Pair, path string) []parameter.Pair {
	rest := path
	for i := range r.segments {
		sent, after, _ := strings.Cut(rest, "/")
		params, rest = r.segments[i].appendParams(params, sent), after
	}
	return params
}

// match is what a request was matched to.
type match struct {
	served bool             // the request was sent to a server of the document
	known  bool             // the path is in the document
	op     *spec.Operation  // nil if the path or the method is not in the document
	route  *route           // nil if the path is not known
	rest   string           // of the path, after the base path of the server
	params []parameter.Pair // percent-encoded, as sent: an encoded comma is part of a list element
}

// newRoutes makes the routes of operations, sorted for matching. items has the Path Item of each path.
func newRoutes(items map[string]*spec.PathItem, operations []*spec.Operation) []*route {
	routes := []*route{}
	for _, op := range operations { // operations of the same path are adjacent
		if n := len(routes); n == 0 || routes[n-1].template != op.Path {
			routes = append(routes, newRoute(op.Path, items[op.Path].Node))
		}
		routes[len(routes)-1].operations[op.Method] = op
	}
	slices.SortStableFunc(routes, (*route).compare)
	for i, r := range routes {
		r.number = i
	}
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
