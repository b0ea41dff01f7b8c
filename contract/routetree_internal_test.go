package contract

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract/internal/parameter"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// linearMatch is the meaning of a tree: it tries all routes in their order, each segment by a regular expression.
func linearMatch(routes []*route, method, path string, query url.Values) (match, []parameter.Pair) {
	found, shape, sent := match{}, "", []parameter.Pair(nil)
	for _, r := range routes {
		isOtherShape := found.known && r.shape != shape
		if isOtherShape || len(r.segments) != 1+strings.Count(path, "/") {
			continue
		}
		params, ok := linearParams(r, path, query)
		op := r.operations[method]
		if isBetter := op != nil || !found.known; ok && isBetter {
			found, shape, sent = match{served: true, known: true, op: op, route: r}, r.shape, params
		}
		if found.op != nil {
			break
		}
	}
	return found, sent
}

// linearParams returns the parameters of a path that matches a route.
func linearParams(r *route, path string, query url.Values) ([]parameter.Pair, bool) {
	for name, values := range r.query {
		if !slices.Equal(query[name], values) {
			return nil, false
		}
	}
	params := []parameter.Pair{}
	for i, sent := range strings.Split(path, "/") {
		s := r.segments[i]
		decoded, err := url.PathUnescape(sent)
		isText := len(s.params) == 0
		switch {
		case err != nil, isText && decoded != s.text:
			return nil, false
		case isText:
			continue
		}
		places := regexp.MustCompile(s.pattern).FindStringSubmatchIndex(decoded)
		if places == nil {
			return nil, false
		}
		for i, name := range s.params {
			value := sent[encodedSize(sent, places[2*i+2]):encodedSize(sent, places[2*i+3])]
			params = append(params, parameter.Pair{Name: name, Value: value})
		}
	}
	return params, true
}

// matchAlike compares the tree of routes with linearMatch, and reports whether the path is known.
func matchAlike(t *testing.T, s *site, method, path string, query url.Values) bool {
	t.Helper()
	want, params := linearMatch(s.routes, method, path, query)
	got := s.match(method, path, query)
	if got.route != want.route || got.op != want.op || got.known != want.known || got.served != want.served {
		t.Fatalf("%s %s %v: got %+v, want %+v", method, path, query, got.route, want.route)
	}
	if got.known {
		if list := got.route.appendParams(nil, path); !slices.Equal(list, params) {
			t.Fatalf("%s %s by %s: got %v, want %v", method, path, got.route.template, list, params)
		}
	}
	return got.known
}

// TestRouteTree compares the tree with trying all routes, on generated templates and on paths that are near them.
func TestRouteTree(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	pick := func(list ...string) string { return list[random.IntN(len(list))] }
	templates := []string{
		"a", "b", "%61", "100%", "{x}", "{x}", "{y}", "{y}", "a{x}", "{x}a", "{x}.{y}", "a{y}", "{x}:a", "{x}:b", "a{x}b{y}c", "", "%7Bx%7D{y}",
		"{x}{y}",
	}
	sent := []string{"a", "b", "%61", "100%25", "100%", "c", "ab", "ba", "a.b", ".", "a:a", "%62:%61", "aabbc", "a%2Fb", "", "{x}c", "%ff"}
	known, total := 0, 20_000
	for range total / 20 {
		operations, items := []*spec.Operation{}, map[string]*spec.PathItem{}
		for range 1 + random.IntN(12) {
			path := ""
			for range 1 + random.IntN(3) {
				path += "/" + pick(templates...)
			}
			path += pick("", "", "", "?q=1", "?q=1&r", "#f")
			items[path] = &spec.PathItem{}
			operations = append(operations, &spec.Operation{Path: path, Method: pick("GET", "PUT", "DELETE")})
		}
		routes := newRoutes(items, operations)
		s := &site{routes: routes, tree: newTree(routes)}
		for range 20 {
			path := ""
			for range 1 + random.IntN(3) {
				path += "/" + pick(sent...)
			}
			query, _ := url.ParseQuery(pick("", "", "q=1", "q=1&r", "q=2"))
			if matchAlike(t, s, pick("GET", "PUT", "POST"), path, query) {
				known++
			}
		}
	}
	if known < total/20 || known > total*19/20 {
		t.Errorf("%d of %d paths are known: the generated ones test little", known, total)
	}
}

// TestRouteTreeOfDocuments compares the tree with trying all routes, on the paths of real documents, if there are any beside
// the project.
func TestRouteTreeOfDocuments(t *testing.T) {
	files, err := filepath.Glob("../../shared/documents/*.*")
	if err != nil {
		t.Fatal(err)
	}
	files = append(files, "../openapi/iam.yaml", "../openapi/ims.yaml")
	fill := func(text string) func(string) string { return func(string) string { return text } }
	for _, file := range files {
		if info, err := os.Stat(file); err != nil || filepath.Ext(file) == ".md" || testing.Short() && info.Size() > 1<<20 {
			continue
		}
		doc, err := spec.Load(file)
		if err != nil {
			continue
		}
		for _, site := range newSites(doc, nil) {
			for _, op := range doc.Operations {
				path, rawQuery, _ := strings.Cut(op.Path, "?")
				path, _, _ = strings.Cut(path, "#")
				query, _ := url.ParseQuery(rawQuery)
				for _, value := range []string{"x", "a.b", "%2F", "me", "1"} {
					sent := placeholder.ReplaceAllStringFunc(path, fill(value))
					for _, p := range []string{sent, sent + "/", sent + "/x", strings.TrimPrefix(sent, "/")} {
						matchAlike(t, site, op.Method, p, query)
						matchAlike(t, site, "PATCH", p, query)
					}
				}
			}
		}
	}
}

// BenchmarkRoute measures finding the last of many routes.
func BenchmarkRoute(b *testing.B) {
	for _, n := range []int{1, 10, 100, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			operations, items := []*spec.Operation{}, map[string]*spec.PathItem{}
			for i := range n {
				path := fmt.Sprintf("/v1/{project}/things%d/{id}", i)
				items[path] = &spec.PathItem{}
				operations = append(operations, &spec.Operation{Path: path, Method: "GET"})
			}
			routes := newRoutes(items, operations)
			s := &site{routes: routes, tree: newTree(routes)}
			path := fmt.Sprintf("/v1/7/things%d/7", n-1)
			b.ReportAllocs()
			for b.Loop() {
				if !s.match("GET", path, nil).known {
					b.Fatal("unknown")
				}
			}
		})
	}
}
