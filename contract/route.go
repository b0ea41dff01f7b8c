package contract

import (
	"net/url"
	"sort"
	"strings"

	"github.com/quotaspec/quotaspec/openapi"
)

// route is a path of the document, cut into segments.
type route struct {
	segments   []string // a parameter keeps its braces
	operations map[string]*openapi.Operation
}

type match struct {
	known     bool // the path is in the document
	operation *openapi.Operation
	params    map[string]string
}

// newRoutes sorts the paths so that one without parameters is tried before one with them (OpenAPI, Paths Object).
func newRoutes(doc *openapi.Document) []route {
	byPath := map[string]*route{}
	paths := []string{}
	for _, op := range doc.Operations {
		r := byPath[op.Path]
		if r == nil {
			r = &route{segments: strings.Split(op.Path, "/"), operations: map[string]*openapi.Operation{}}
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

// match finds the path of a request as it was sent, and the operation if the method is known too.
func (j *Judge) match(method, path string) match {
	segments := strings.Split(path, "/")
	for _, r := range j.routes {
		if params, ok := r.match(segments); ok {
			return match{known: true, operation: r.operations[method], params: params}
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
		open, end := strings.IndexByte(want, '{'), strings.IndexByte(want, '}')
		if open < 0 || end < open {
			if got != want {
				return nil, false
			}
			continue
		}
		value, ok := strings.CutPrefix(got, want[:open])
		if !ok {
			return nil, false
		}
		if value, ok = strings.CutSuffix(value, want[end+1:]); !ok || value == "" {
			return nil, false
		}
		params[want[open+1:end]] = value
	}
	return params, true
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
