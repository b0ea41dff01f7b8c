package probe

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/redact"
	"github.com/quotaspec/quotaspec/contract/internal/sample"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// A value that exists on the provider is searched in a decoded response by name, and must be allowed by the parameter's schema.
// For /pets/{petId}, all of these have 7:
//
//	[{"id": 7}, {"id": 8}]              the first member of a list
//	{"items": [{"petId": 7}]}           in an envelope; the names petId and pet_id are the same
//	{"pets": {"7": {"name": "Rex"}}}    the key of a map
//	{"pet": {"id": 7, "name": "Rex"}}   the resource itself, as it was created
//
// The names are tried in this order: that of the parameter, its last word (id), then names by which resources are often known.
// A value of another type is taken only if no other fits: "7" for an integer, 7 for a text.

// idIn returns a value for a path parameter from the decoded response (as encoding/json decodes it with UseNumber) about the
// resource that the parameter identifies, such as that of its creation. The path is the template that has the parameter. The
// value is a string or a number. ok is false if no value is found.
func idIn(response any, path string, p *spec.Parameter, takes func(*spec.Schema, any) bool) (value any, ok bool) {
	s := newIDSearch(path, p, takes)
	found, ok := s.in(response)
	return found.value, ok
}

// idSearch searches a response for the value of one parameter.
type idSearch struct {
	takes      func(value any) bool
	names      []string // that identify the resource, plain, the best first
	sure       int      // how many of the names leave no doubt
	resource   string   // plain and singular: pet; "" if unknown
	collection string   // plain, as the path has it: pets
	lists      bool     // the response is about many resources: lists in it come before its own members
	only       bool     // only the name of the parameter itself counts, since the response may be about something else
	asText     bool     // a value of another type that has the same text counts, too
}

// foundID is a value, and whether its name leaves no doubt that it identifies the resource.
type foundID struct {
	value any
	sure  bool
}

// usualNames are the members by which resources are often known. The first ones leave no doubt.
var usualNames = []string{"id", "uuid", "guid", "uid", "name", "slug", "key", "code"}

// usualSure is how many of usualNames leave no doubt.
const usualSure = 4

// envelopes are members that contain lists of resources, or a resource, and nothing of their own.
var envelopes = []string{
	"items", "data", "results", "result", "records", "entries", "rows", "list", "content", "contents", "values", "value", "hits",
	"edges", "nodes", "node", "objects", "resources", "elements", "members", "embedded", "response", "payload", "page",
}

// plurals are the ends of names, the longest first.
var plurals = []struct{ many, one string }{{"ies", "y"}, {"sses", "ss"}, {"xes", "x"}, {"ches", "ch"}, {"ss", "ss"}, {"s", ""}}

// singular makes one of many: pets, boxes, categories.
func singular(name string) string {
	for _, end := range plurals {
		if stem, ok := strings.CutSuffix(name, end.many); ok && stem != "" {
			return stem + end.one
		}
	}
	return name
}

// newIDSearch prepares a search for the parameter of a path.
func newIDSearch(path string, p *spec.Parameter, takes func(*spec.Schema, any) bool) idSearch {
	s := idSearch{takes: func(value any) bool { return p.Schema == nil || takes(p.Schema, value) }}
	own := sample.PlainName(p.Name)
	s.names = []string{own}
	if slices.Contains(usualNames[usualSure:], own) {
		s.sure = 1
		return s // a key is no id: /artifacts/{key}
	}
	stem, word := splitName(own)
	if p.In == "path" {
		before := strings.Split(strings.Trim(collectionPath(path, p), "/"), "/")
		s.collection = sample.PlainName(before[len(before)-1])
	}
	if s.resource = singular(s.collection); stem != "" {
		s.names = append(s.names, word)
		s.resource = stem
	}
	if s.resource != "" {
		s.names = append(s.names, s.resource+"id", s.resource+"uuid")
	}
	s.sure = len(s.names) + usualSure
	s.names = append(s.names, usualNames...)
	return s
}

// splitName splits a plain name before one of usualNames: petid into pet and id. The stem is "" if there is none.
func splitName(name string) (stem, word string) {
	for _, word := range []string{"uuid", "guid", "uid", "id", "name", "slug", "key", "code"} { // uuid ends in uid and id
		if stem, ok := strings.CutSuffix(name, word); ok {
			return stem, word
		}
	}
	return "", ""
}

// collectionPath is the path before the segment of a parameter: /pets of /pets/{petId}/toys.
func collectionPath(path string, p *spec.Parameter) string {
	before, _, _ := strings.Cut(path, "{"+p.Name+"}")
	return before[:max(0, strings.LastIndexByte(before, '/'))]
}

// in searches a response, first for a value of the parameter's own type. A parameter that is a secret itself has no value.
func (s idSearch) in(response any) (found foundID, ok bool) {
	if redact.IsCredential(s.names[0], nil) {
		return foundID{}, false
	}
	for _, s.asText = range []bool{false, true} {
		if found, ok = s.find(response, 0); ok {
			return found, true
		}
	}
	return foundID{}, false
}

// maxID is the most bytes of an id.
const maxID = 256

// usable returns the value if it can be the parameter's: a text or number that the schema allows and that fills one segment of
// a path.
func (s idSearch) usable(value any) (any, bool) {
	other := value
	switch v := value.(type) {
	case string:
		if json.Valid([]byte(v)) {
			other = json.Number(v)
		}
	case json.Number:
		other = sample.PlainText(v)
	default:
		return nil, false
	}
	text := sample.PlainText(value)
	if text == "" || text == "." || text == ".." || len(text) > maxID || strings.ContainsAny(text, "/\\?#\r\n") {
		return nil, false
	}
	if s.takes(value) {
		return value, true
	}
	return other, s.asText && s.takes(other)
}

// decode parses a JSON text. It returns nil for any other.
func decode(data []byte) (value any) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if d.Decode(&value) != nil || d.More() {
		return nil
	}
	return value
}
