package probe

import (
	"net/http"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/sample"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// source is an operation whose response may have the value of a parameter.
type source struct {
	op           *spec.Operation
	isList       bool // its path is the one before the parameter, or a search there
	sameResource bool // the name of its resource is that of the parameter's
}

// rank orders sources, the best first.
func (s source) rank() int {
	switch {
	case s.isList && s.op.Method == http.MethodGet:
		return 0
	case s.isList:
		return 1
	case s.sameResource:
		return 2
	}
	return 3
}

// sources lists the operations whose responses may have the value, best first.
func (f *finder) sources(op *spec.Operation, p *spec.Parameter, s idSearch) []source {
	list := []source{}
	for _, other := range f.Judge.Document().Operations {
		last := sample.PlainName(lastSegment(pathOf(other)))
		isSearch := f.Searches && other.Method == http.MethodPost && slices.Contains(searchWords, last)
		isRead := other.Method == http.MethodGet && hasJSON(other)
		if other == op || other.Refused != nil || !isRead && !isSearch {
			continue
		}
		from := source{op: other, sameResource: s.resource != "" && singular(last) == s.resource}
		if p.In == "path" {
			from.isList = isListOf(pathOf(other), collectionPath(pathOf(op), p))
		}
		hasOwnName := !slices.Contains(usualNames, s.names[0]) // a member "id" of any resource is no id of this one
		if from.isList || isRead && (from.sameResource || hasOwnName) {
			list = append(list, from)
		}
	}
	slices.SortStableFunc(list, func(a, b source) int { return a.rank() - b.rank() })
	return list
}

// searchWords are the last segments of paths whose POST changes nothing.
var searchWords = []string{"search", "filter", "query", "list", "find"}

// isListOf reports whether a path is that of a collection, or a search in it: /pets or /pets/findByTag for /pets/{id}. The names
// of parameters do not matter.
func isListOf(path, collection string) bool {
	of, in := segments(collection), segments(path)
	if len(in) == len(of)+1 && !strings.Contains(in[len(of)], "{") {
		in = in[:len(of)]
	}
	return len(of) > 0 && slices.EqualFunc(of, in, func(a, b string) bool {
		return a == b || strings.Contains(a, "{") && strings.Contains(b, "{")
	})
}

// segments splits a path without regard to a slash at its end.
func segments(path string) []string {
	return strings.FieldsFunc(path, func(r rune) bool { return r == '/' })
}

// lastSegment is the last segment of a path; "" for /.
func lastSegment(path string) string {
	if all := segments(path); len(all) > 0 {
		return all[len(all)-1]
	}
	return ""
}

// hasJSON reports whether an operation may respond with JSON: its responses list it, or list nothing.
func hasJSON(op *spec.Operation) bool {
	known := []*spec.MediaType{}
	for _, r := range op.Responses {
		if strings.HasPrefix(r.Status, "2") || r.Status == "default" {
			known = append(known, r.Content...)
		}
	}
	return len(known) == 0 || jsonOf(known) != nil
}
