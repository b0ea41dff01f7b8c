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

// server is where paths of the document begin: the URL of a Server Object, such as https://{region}.example.com/v1. Its
// variables may have any value.
type server struct {
	origin *regexp.Regexp // of scheme, host and port; nil: any
	base   *regexp.Regexp // of a path that begins with the base path, with what follows as a group; nil: it has no variables

	segments []segment // of the base path
	text     string    // the base path with the default of each variable
	pattern  string    // the base path with anything for each variable
}

// site is the part of a document that is served in the same places.
type site struct {
	servers []*server // none: any host, without a base path
	routes  []*route

	last atomic.Pointer[located] // most exchanges are sent to where the one before was
}

// located is which servers are at an origin.
type located struct {
	origin  string
	servers []*server
}

// anything stands for a piece of a variable's value while a URL is taken apart: any text without a slash.
const anything = "\x00"

// newServer reads the URL of a server. A variable has any value with as many slashes as its default.
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

// shapeOf is the regular expression of a text with variables.
func shapeOf(text string) string {
	return strings.ReplaceAll(regexp.QuoteMeta(text), anything, "[^/]*")
}

// splitServer takes the URL of a server apart. A relative URL has no origin, so it holds for any; the base path of / is "".
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

// withPort adds the port that a URL without one has. A host that ends with a variable may have one in it.
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
// document. The servers in more hold for all.
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
	sites := []*site{}
	for _, key := range keys {
		sites = append(sites, &site{servers: servers[key], routes: newRoutes(doc, operations[key])})
	}
	return sites
}

// at returns the servers that a request may have been sent to, in the order in which they are tried. Without an origin, and
// on loopback, that is any of them, or one without a base path. Of servers with the same base path it returns the first.
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

// strip takes the base path away.
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

// standsIn says whether an origin stands for any server: it is unknown, or on loopback.
func standsIn(origin string) bool {
	if origin == "" {
		return true
	}
	_, host, _ := strings.Cut(withPort(origin), "//")
	host, _, err := net.SplitHostPort(host)
	ip := net.ParseIP(host)
	return err == nil && (strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback())
}

// BasePath returns the first base path of the document's servers, with the defaults of their variables; "" if they have none.
func (j *Judge) BasePath() string {
	for _, s := range j.doc.Servers {
		if base := newServer(s).text; base != "" {
			return base
		}
	}
	return ""
}
