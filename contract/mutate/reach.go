package mutate

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// reach says which exchanges a node of the document can say anything about, so that the others need not be judged again.
type reach struct {
	referrers map[string][]string // pointers of references, by the component that they lead to
}

func newReach(root *yaml.Node) *reach {
	r := &reach{referrers: map[string][]string{}}
	r.collect(site{node: root}, kindDocument)
	return r
}

func (r *reach) collect(s site, k kind) {
	if ref := s.text("$ref"); ref != "" && !k.named() && k != kindData {
		target := component(strings.TrimPrefix(ref, "#"))
		r.referrers[target] = append(r.referrers[target], s.pointer)
	}
	for _, e := range s.entries() {
		r.collect(e.site, k.below(e.key))
	}
}

// component is the component that holds a node, "" if none does.
func component(pointer string) string {
	parts := strings.SplitN(pointer, "/", 5)
	if len(parts) < 4 || parts[1] != "components" || parts[2] == "securitySchemes" {
		return ""
	}
	return strings.Join(parts[:4], "/")
}

// concerned lists the exchanges that may be judged differently by a mutant, those first at which the judge found something
// near the place.
func (r *reach) concerned(m documentMutant, corpus []held) []held {
	first, others := []held{}, []held{}
	if m.silent {
		return first
	}
	places, everything := r.places(m.pointer)
	at := section(m.pointer)
	adds := strings.Contains(m.pointer, "/x-rules/") // something may be found beside what is wrong
	within := strings.HasPrefix(at, "/components") || strings.Contains(m.pointer, "/x-error-codes") || strings.Contains(m.pointer, "/headers/") || strings.Contains(m.pointer, "/schema")
	for _, h := range corpus {
		touched := slices.ContainsFunc(h.faults, func(f fault) bool { return (!f.standard || !within) && r.related(at, f) })
		switch wrong := h.noticed || len(h.want) > 0 && !adds; {
		case m.whole:
			if h.example != "" {
				first = append(first, h)
			}
		case m.graded:
			if touched && len(h.want) > 0 {
				first = append(first, h)
			}
		case wrong && !touched:
			// What is wrong with it would be found all the same.
		case !everything && !slices.Contains(places, h.operation) && !slices.Contains(places, h.answer):
		case touched:
			first = append(first, h)
		default:
			others = append(others, h)
		}
	}
	return append(first, others...)
}

// fault is what the judge found at an exchange: the section of the document, and whether it is the request's.
type fault struct {
	section  string
	request  bool
	standard bool // HTTP or JSON asks for it, whatever the document says of a header, a code or a value
}

// places are the operations and the answers that a node says something about.
func (r *reach) places(pointer string) (places []string, everything bool) {
	seen := map[string]bool{}
	var follow func(pointer string)
	follow = func(pointer string) {
		if seen[pointer] {
			return
		}
		seen[pointer] = true
		if c := component(pointer); c != "" {
			for _, from := range r.referrers[c] {
				follow(from)
			}
			return
		}
		parts := strings.Split(pointer, "/") // "", paths, path, method, responses, status, ...
		switch {
		case len(parts) < 5 || parts[1] != "paths":
			everything = true // also a whole operation: what comes in its place may be another's
		case len(parts) > 6 && parts[4] == "responses":
			places = append(places, strings.Join(parts[:6], "/"))
		default:
			places = append(places, strings.Join(parts[:4], "/"))
		}
	}
	follow(pointer)
	return places, everything
}

// related says whether a fault can vanish with what stands in a section.
func (r *reach) related(a string, f fault) bool {
	b := f.section
	switch {
	case b == "":
		return a == "/paths" // of no operation
	case a == b, strings.HasPrefix(b, a+"/"), strings.HasPrefix(a, b+"/"):
		return true
	case strings.HasPrefix(b, "/components/") && strings.HasPrefix(a, "/components/"):
		return r.holds(a, b, 0)
	case strings.HasPrefix(b, "/components/") && strings.Contains(a, "/parameters"):
		return f.request
	case strings.HasPrefix(b, "/components/") && strings.Contains(a, "/responses"):
		return !f.request
	}
	return false
}

// holds says whether a component leads to another.
func (r *reach) holds(a, b string, depth int) bool {
	return depth < 20 && slices.ContainsFunc(r.referrers[b], func(from string) bool {
		c := component(from)
		return c == a || c != "" && c != b && r.holds(a, c, depth+1)
	})
}

// section is the parameter, the response, the rule or the component that a node stands in.
func section(pointer string) string {
	parts := strings.Split(pointer, "/")
	depth := 3 // such as /x-rules/1
	switch {
	case len(parts) > 1 && parts[1] == "components":
		depth = 4
	case len(parts) > 1 && parts[1] == "paths":
		depth = 6
		if len(parts) > 4 && parts[4] == "responses" {
			depth = 7 // its headers, its content, its codes
		}
	}
	return strings.Join(parts[:min(depth, len(parts))], "/")
}
