package contract

import (
	"cmp"
	"net"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// A server matches the scheme, the host and the base path of a URL, and what follows is a path of the document. Variables of
// a server match any text with as many slashes as their default:
//
//	https://{region}.example.com/{base}   region: eu, base: api/v1
//
// matches https://us.example.com:443/x/y/pets, of which the path is /pets.

// server is a Server Object, prepared for matching.
type server struct {
	origin *regexp.Regexp // of scheme, host and port; nil: any
	base   *regexp.Regexp // of a path with the base path; its group is the rest; nil if it has no variables

	segments []segment // of the base path
	text     string    // the base path with the default of each variable
	pattern  string    // the base path with anything for each variable
}

// site is a group of operations with the same servers.
type site struct {
	servers []*server // none: any host, without a base path
	routes  []*route
	tree    *branch // of the routes

	last atomic.Pointer[located] // most exchanges have the origin of the previous one
}

// located remembers which servers match an origin.
type located struct {
	origin  string
	servers []*server
}

// anything stands for a part of a variable's value while a URL is taken apart. It matches any text without a slash.
const anything = "\x00"

// newServer prepares a Server Object.
func newServer(s *spec.Server) *server {
	fill := func(value func(fallback string) string) string {
		return placeholder.ReplaceAllStringFunc(s.URL, func(name string) string {
			fallback := ""
			for _, v := range s.Variables {
				if v.Name == strings.Trim(name, "{}") {
					fallback = v.Default
				}
			}
			return value(fallback)
		})
	}
	_, text := splitServer(fill(func(fallback string) string { return fallback }))
	origin, base := splitServer(fill(func(fallback string) string {
		if strings.Trim(fallback, "/") == "" {
			return anything
		}
		return withoutSlashes.ReplaceAllString(fallback, anything)
	}))
	made := &server{text: text, pattern: base}
	if origin != "" {
		made.origin = regexp.MustCompile("(?is)^" + shapeOf(origin) + "$")
	}
	if base == "" {
		return made
	}
	if strings.Contains(base, anything) {
		made.base = regexp.MustCompile("(?s)^" + shapeOf(base) + "(/.*)?$")
	}
	for _, text := range strings.Split(base[1:], "/") {
		made.segments = append(made.segments, newSegment(strings.ReplaceAll(text, anything, "{}")))
	}
	return made
}

var withoutSlashes = regexp.MustCompile(`[^/]+`)

// shapeOf returns the regular expression of a text in which anything stands for variables.
func shapeOf(text string) string {
	return strings.ReplaceAll(regexp.QuoteMeta(text), anything, "[^/]*")
}

// splitServer splits the URL of a server. A relative URL has the origin "", which is any; the base path of / is "".
func splitServer(url string) (origin, base string) {
	url, _, _ = strings.Cut(url, "#")
	url, _, _ = strings.Cut(url, "?")
	scheme, rest, absolute := strings.Cut(url, "//")
	if absolute = absolute && (scheme == "" || url[0] != '/'); !absolute {
		rest = "/" + strings.TrimPrefix(strings.TrimPrefix(url, "./"), "/")
	}
	host, base, _ := strings.Cut(rest, "/")
	if base = strings.TrimRight("/"+base, "/"); !absolute {
		return "", base
	}
	if scheme == "" {
		scheme = anything // with its colon
	}
	return withPort(scheme + "//" + host), base
}

// withPort adds the default port to an origin without a port. A variable at the end of the host may include the port.
func withPort(origin string) string {
	scheme, host, _ := strings.Cut(origin, "//")
	switch {
	case strings.LastIndexByte(host, ':') > strings.LastIndexByte(host, ']'), strings.HasSuffix(host, anything):
		return origin
	case strings.EqualFold(scheme, "https:"):
		return origin + ":443"
	case strings.EqualFold(scheme, "http:"):
		return origin + ":80"
	}
	return origin + ":" + anything
}

// newSites groups the operations of a document by their servers: those of the operation, else of its path, else of the
// document. The URLs in more are servers of every group.
func newSites(doc *spec.Document, more []string) []*site {
	added := []*spec.Server{}
	for _, url := range more {
		added = append(added, &spec.Server{URL: url})
	}
	keys, operations, servers := []string{}, map[string][]*spec.Operation{}, map[string][]*server{}
	for _, op := range doc.Operations {
		key := ""
		for _, s := range op.Servers {
			key += s.URL + "\n"
			for _, v := range s.Variables {
				key += v.Name + "=" + v.Default + "\n"
			}
		}
		if operations[key] == nil {
			keys = append(keys, key)
			for _, s := range slices.Concat(op.Servers, added) {
				servers[key] = append(servers[key], newServer(s))
			}
		}
		operations[key] = append(operations[key], op)
	}
	items := map[string]*spec.PathItem{}
	for _, item := range slices.Backward(doc.PathItems) { // the first item of a path counts
		items[item.Path] = item
	}
	sites := []*site{}
	for _, key := range keys {
		routes := newRoutes(items, operations[key])
		sites = append(sites, &site{servers: servers[key], routes: routes, tree: newTree(routes)})
	}
	return sites
}

// at returns the servers that match an origin, in the order of matching. An unknown origin and one on localhost match every
// server, and a server without a base path. Of servers with the same base path, only the first is returned.
func (s *site) at(origin string) []*server {
	if last := s.last.Load(); last != nil && last.origin == origin {
		return last.servers
	}
	list, standIn := []*server{}, standsIn(origin)
	add := func(added *server) {
		if !slices.ContainsFunc(list, func(known *server) bool { return known.pattern == added.pattern }) {
			list = append(list, added)
		}
	}
	for _, server := range s.servers {
		if standIn || server.origin == nil || server.origin.MatchString(withPort(origin)) {
			add(server)
		}
	}
	if standIn || len(s.servers) == 0 {
		add(&server{})
	}
	s.last.Store(&located{origin, list})
	return list
}

// strip removes the base path from a path. It returns false if the path has another base path.
func (s *server) strip(path string) (string, bool) {
	if s.base == nil {
		rest, ok := strings.CutPrefix(path, s.text)
		switch {
		case s.text == "":
			return path, true
		case ok && rest == "":
			return "/", true
		}
		return rest, ok && rest[0] == '/'
	}
	m := s.base.FindStringSubmatch(path)
	if m == nil {
		return "", false
	}
	return cmp.Or(m[1], "/"), true
}

// standsIn reports whether an origin may be any server: it is unknown, or on localhost.
func standsIn(origin string) bool {
	if origin == "" {
		return true
	}
	_, host, _ := strings.Cut(withPort(origin), "//")
	host, _, err := net.SplitHostPort(host)
	ip := net.ParseIP(host)
	isLoopback := strings.EqualFold(host, "localhost") || ip.IsLoopback()
	return err == nil && isLoopback
}

// BasePath returns the first base path of the servers of the document, such as /v1, with the defaults of variables; "" if
// none has a base path.
func (j *Judge) BasePath() string {
	for _, s := range j.doc.Servers {
		if base := newServer(s).text; base != "" {
			return base
		}
	}
	return ""
}
