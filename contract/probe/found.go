package probe

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/redact"
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

// plain writes a name without case and separators: pet_id and petId are petid.
func plain(name string) string { return ignored.Replace(strings.ToLower(name)) }

var ignored = strings.NewReplacer("_", "", "-", "", ".", "")

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
	own := plain(p.Name)
	s.names = []string{own}
	stem, word := splitName(own)
	if p.In == "path" {
		before := strings.Split(strings.Trim(collectionPath(path, p), "/"), "/")
		s.collection = plain(before[len(before)-1])
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

// maxElements is how many elements of a list are searched: the first may lack its id.
const maxElements = 10

// maxEnvelopes is how deep lists are searched.
const maxEnvelopes = 4

func (s idSearch) find(value any, depth int) (found foundID, ok bool) {
	if depth > maxEnvelopes {
		return foundID{}, false
	}
	switch v := value.(type) {
	case []any:
		return s.findInList(v, depth)
	case map[string]any:
		return s.findInObject(v, depth)
	}
	return foundID{}, false
}

// findInList searches the first elements of a list. An element that is no object may be the id itself.
func (s idSearch) findInList(list []any, depth int) (found foundID, ok bool) {
	one := s
	one.lists = false // an element is one resource
	for _, element := range list[:min(len(list), maxElements)] {
		if found, ok = one.find(element, depth+1); ok {
			return found, true
		}
		if value, ok := s.usable(element); ok && !s.only {
			return foundID{value: value}, true
		}
	}
	return foundID{}, false
}

// findInObject searches the members of an object, and the envelopes in it. An envelope that has a list, even an empty one, has
// no id of its own.
func (s idSearch) findInObject(object map[string]any, depth int) (found foundID, ok bool) {
	if !s.lists {
		if found, ok = s.named(object); ok {
			return found, true
		}
	}
	inner, isEnvelope := s.envelopesIn(object)
	for _, value := range inner {
		if found, ok = s.find(value, depth+1); ok {
			return found, true
		}
	}
	if !s.lists || isEnvelope {
		return foundID{}, false
	}
	if found, ok = s.named(object); ok || s.only {
		return found, ok
	}
	return s.keyOf(object)
}

// named returns the member that identifies the resource.
func (s idSearch) named(object map[string]any) (found foundID, ok bool) {
	names := s.names
	if s.only {
		names = names[:1]
	}
	members := slices.Sorted(maps.Keys(object))
	for i, name := range names {
		for _, member := range members {
			if plain(member) != name || redact.IsCredential(member, nil) {
				continue
			}
			if value, ok := s.usable(object[member]); ok {
				return foundID{value: value, sure: i < s.sure}, true
			}
		}
	}
	return s.ofPart(object)
}

// ofPart returns the id of a member that is the resource, as part of another one: {"user": {"id": 3}} for userId.
func (s idSearch) ofPart(object map[string]any) (found foundID, ok bool) {
	stem, word := splitName(s.names[0])
	for _, member := range slices.Sorted(maps.Keys(object)) {
		part, isObject := object[member].(map[string]any)
		if !isObject || stem == "" || plain(member) != stem {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(part)) {
			if value, ok := s.usable(part[name]); ok && plain(name) == word {
				return foundID{value: value, sure: true}, true
			}
		}
	}
	return foundID{}, false
}

// envelopesIn lists the members that contain the resources, best first, and reports whether one of them is a list.
func (s idSearch) envelopesIn(object map[string]any) (inner []any, hasList bool) {
	members := slices.Sorted(maps.Keys(object))
	add := func(member string) {
		_, isList := object[member].([]any)
		inner, hasList = append(inner, object[member]), hasList || isList
	}
	for _, name := range append([]string{s.collection, s.resource}, envelopes...) {
		for _, member := range members {
			if name != "" && plain(member) == name {
				add(member)
			}
		}
	}
	isList := func(member string) bool { _, ok := object[member].([]any); return ok }
	if lists := slices.DeleteFunc(members, func(m string) bool { return !isList(m) }); s.lists && !hasList && len(lists) == 1 {
		add(lists[0])
	}
	return inner, hasList
}

// keyOf returns the first key of a map of resources, which is an object whose members all are objects.
func (s idSearch) keyOf(object map[string]any) (found foundID, ok bool) {
	for _, key := range slices.Sorted(maps.Keys(object)) {
		if _, isObject := object[key].(map[string]any); !isObject {
			return foundID{}, false
		}
		if value, usable := s.usable(key); usable && !ok {
			found, ok = foundID{value: value}, true
		}
	}
	return found, ok
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
		other = plainText(v)
	default:
		return nil, false
	}
	text := plainText(value)
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
