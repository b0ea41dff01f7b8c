package contract

import (
	"net/url"
	"strings"
)

// The routes of a site form a tree with a level for each segment. A path is looked up from its first segment on; what is
// decoded there serves all routes below:
//
//	"" ─ pets ─ mine ─          /pets/mine, number 0
//	          ├ {}.json ─       /pets/{id}.json, number 1
//	          └ {} ─            /pets/{id}, number 2
//	               └ toys ─     /pets/{id}/toys, number 3
//
// Several ways may fit one path. All that may lead to a lower number than the best so far are gone, so that the result is that
// of trying all routes in their order. The names of parameters do not matter: routes of the same shape end at the same place.

// branch is a place in the tree.
type branch struct {
	least  int // the lowest number of a route that ends here or below
	routes []*route
	texts  map[string]*branch // by the decoded segment
	mixed  []*mixedBranch     // a segment with parameters and texts
	any    *branch            // a segment that is one parameter
}

type mixedBranch struct {
	segment *segment
	branch  *branch
}

// newTree makes the tree of routes that are sorted and numbered.
func newTree(routes []*route) *branch {
	root := &branch{}
	byPattern := map[*branch]map[string]*branch{}
	for _, r := range routes {
		b := root
		for i := range r.segments {
			b = b.child(&r.segments[i], r.number, byPattern)
		}
		b.routes = append(b.routes, r)
	}
	return root
}

// child returns the branch of a segment, and adds it for the route with a number if there is none. byPattern has the
// branches of mixed segments by their patterns.
func (b *branch) child(s *segment, number int, byPattern map[*branch]map[string]*branch) *branch {
	switch {
	case len(s.params) == 0:
		if b.texts[s.text] == nil {
			if b.texts == nil {
				b.texts = map[string]*branch{}
			}
			b.texts[s.text] = &branch{least: number}
		}
		return b.texts[s.text]
	case s.isAny():
		if b.any == nil {
			b.any = &branch{least: number}
		}
		return b.any
	}
	if byPattern[b] == nil {
		byPattern[b] = map[string]*branch{}
	}
	if byPattern[b][s.pattern] == nil {
		byPattern[b][s.pattern] = &branch{least: number}
		b.mixed = append(b.mixed, &mixedBranch{s, byPattern[b][s.pattern]})
	}
	return byPattern[b][s.pattern]
}

// search looks for the first route that takes a path and a query.
type search struct {
	isEncoded bool // the path has a percent sign
	query     url.Values
	best      *route
	at        *branch // where the best route ends
}

// below searches the tree below a branch for the rest of a path. isEnd is true after its last segment.
func (s *search) below(b *branch, rest string, isEnd bool) {
	if s.best != nil && s.best.number < b.least {
		return
	}
	if isEnd {
		for _, r := range b.routes {
			isBetter := s.best == nil || r.number < s.best.number
			if isBetter && r.takes(s.query) {
				s.best, s.at = r, b
			}
		}
		return
	}
	sent, after, more := strings.Cut(rest, "/")
	decoded := sent
	if s.isEncoded {
		var err error
		if decoded, err = url.PathUnescape(sent); err != nil {
			return
		}
	}
	if next := b.texts[decoded]; next != nil {
		s.below(next, after, !more)
	}
	for _, next := range b.mixed {
		if next.segment.matches(decoded) {
			s.below(next.branch, after, !more)
		}
	}
	if b.any != nil && sent != "" {
		s.below(b.any, after, !more)
	}
}

// match finds the first route that matches, whatever its methods. Routes of the same shape share their methods: a document
// may have /pets/{id} for GET and /pets/{name} for DELETE.
func (s *site) match(method, path string, query url.Values) match {
	found := search{isEncoded: strings.Contains(path, "%"), query: query}
	found.below(s.tree, path, false)
	if found.best == nil {
		return match{}
	}
	m := match{served: true, known: true, route: found.best, op: found.best.operations[method], rest: path}
	for _, r := range found.at.routes {
		if m.op != nil {
			break
		}
		isSame := r.number > found.best.number && r.shape == found.best.shape
		if op := r.operations[method]; op != nil && isSame && r.takes(query) {
			m.route, m.op = r, op
		}
	}
	return m
}
