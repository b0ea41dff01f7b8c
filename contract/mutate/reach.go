package mutate

import (
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

// of says of each exchange whether a node concerns it.
func (r *reach) of(pointer string) func(held) bool {
	places, everything := []string{}, false
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
	return func(h held) bool {
		if everything {
			return true
		}
		for _, place := range places {
			if place == h.operation || place == h.answer {
				return true
			}
		}
		return false
	}
}
