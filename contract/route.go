package contract

import (
	"net/url"
	"regexp"
	"sort"
	"strings"

	"github.com/quotaspec/quotaspec/openapi"
)

// route is a path of the document, cut into segments.
type route struct {
	template   string
	pointer    string // of the Path Item
	segments   []segment
	operations map[string]*openapi.Operation
}

// segment is what stands between two slashes: a text, or parameters with texts around them.
type segment struct {
	text   string
	params []string       // the names; none: the segment is the text
	shape  *regexp.Regexp // a group for each parameter
}

var parameter = regexp.MustCompile(`[{][^{}]*[}]`)

func newSegment(template string) segment {
	s := segment{text: template}
	names := parameter.FindAllString(template, -1)
	if len(names) == 0 {
		return s
	}
	shape := "(?s)^"
	for i, text := range parameter.Split(template, -1) {
		shape += regexp.QuoteMeta(text)
		if i < len(names) {
			s.params = append(s.params, strings.Trim(names[i], "{}"))
			shape += "(.+?)" // of two parameters the first takes no more than it must
		}
	}
	s.shape = regexp.MustCompile(shape + "$")
	return s
}

type match struct {
	served    bool // the request was sent to a server of the document
	known     bool // the path is in the document
	operation *openapi.Operation
	params    map[string]string
}

// newRoutes sorts the paths so that one without parameters is tried before one with them (OpenAPI, Paths Object).
func newRoutes(operations []*openapi.Operation) []route {
	byPath := map[string]*route{}
	paths := []string{}
	for _, op := range operations {
		r := byPath[op.Path]
		if r == nil {
			r = &route{template: op.Path, pointer: op.Pointer[:strings.LastIndexByte(op.Pointer, '/')], operations: map[string]*openapi.Operation{}}
			for _, template := range strings.Split(op.Path, "/") {
				r.segments = append(r.segments, newSegment(template))
			}
			byPath[op.Path] = r
			paths = append(paths, op.Path)
		}
		r.operations[op.Method] = op
	}
	sort.SliceStable(paths, func(i, k int) bool { return strings.Count(paths[i], "{") < strings.Count(paths[k], "{") })
	routes := []route{}
	for _, path := range paths {
		routes = append(routes, *byPath[path])
	}
	return routes
}

// match finds the path of a request as it was sent, and the operation if the method is known too. A probe is sent to where
// the paths begin, so that servers do not matter.
func (j *Judge) match(ex *Exchange, path string) match {
	found := match{}
	for _, site := range j.sites {
		paths := []string{path}
		if ex.Probe == "" {
			paths = site.below(ex.Origin, path)
		}
		for _, path := range paths {
			found.served = true
			if m := site.match(ex.Request.Method, path); m.operation != nil || m.known && !found.known {
				found = m
			}
			if found.operation != nil {
				return found
			}
		}
	}
	return found
}

// match finds the first path that fits: one without parameters goes before one with them, whatever their methods are.
func (s site) match(method, path string) match {
	segments := strings.Split(path, "/")
	for _, r := range s.routes {
		if params, ok := r.match(segments); ok {
			return match{served: true, known: true, operation: r.operations[method], params: params}
		}
	}
	return match{}
}

func (r route) match(segments []string) (map[string]string, bool) {
	if len(segments) != len(r.segments) {
		return nil, false
	}
	params := map[string]string{}
	for i, want := range r.segments {
		got, err := url.PathUnescape(segments[i])
		if err != nil {
			return nil, false
		}
		if len(want.params) == 0 {
			if got != want.text {
				return nil, false
			}
			continue
		}
		values := want.shape.FindStringSubmatch(got)
		if values == nil {
			return nil, false
		}
		for k, name := range want.params {
			params[name] = values[k+1]
		}
	}
	return params, true
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

// query is a query string taken apart, with what is wrong with it.
type query struct {
	values url.Values // what can be read
	faults []string
}

func parseQuery(raw string) query {
	q := query{values: url.Values{}}
	for raw != "" {
		var pair string
		pair, raw, _ = strings.Cut(raw, "&")
		if strings.Contains(pair, ";") {
			q.faults = append(q.faults, "a semicolon, which some servers take for an ampersand")
		}
		key, value, _ := strings.Cut(pair, "=")
		name, errName := url.QueryUnescape(key)
		text, errValue := url.QueryUnescape(value)
		if errName != nil || errValue != nil {
			q.faults = append(q.faults, "a percent sign without two hexadecimal digits")
			continue
		}
		if pair != "" {
			q.values[name] = append(q.values[name], text)
		}
	}
	return q
}
