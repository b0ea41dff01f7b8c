package probe

import (
	"maps"
	"slices"

	"github.com/quotaspec/quotaspec/contract/internal/redact"
	"github.com/quotaspec/quotaspec/contract/internal/sample"
)

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
			if sample.PlainName(member) != name || redact.IsCredential(member, nil) {
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
		if !isObject || stem == "" || sample.PlainName(member) != stem {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(part)) {
			if value, ok := s.usable(part[name]); ok && sample.PlainName(name) == word {
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
			if name != "" && sample.PlainName(member) == name {
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
