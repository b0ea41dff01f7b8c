package breaking

import (
	"slices"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/sample"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// The value in which a change shows is made in two steps: a frame, the smallest value that has the place of the change, and a
// leaf, which is put into the frame at that place. For a change at /items/*/kind
//
//	frame    {"items": [{"name": "text", "kind": …}]}    name is required; what is optional is left out
//	leaves   "cat", "bird", "birds", 7, null, …          at and beside each limit of both schemas
//
// A frame can be made of the old schemas, of the new ones or of both, where a member is required if either says so.

// schemas are those of one value in both documents. One or both may be nil: the document says nothing about the value.
type schemas struct{ old, new *spec.Schema }

// maker makes values for messages of one direction.
type maker struct {
	old, new sample.Maker
	left     *int // how many values may still be made of two schemas
}

func (c *Comparer) maker(isResponse bool) maker {
	of := func(judge *contract.Judge) sample.Maker {
		return sample.Maker{Takes: judge.Accepts, Response: isResponse}
	}
	left := maxMade
	return maker{of(c.old.judge), of(c.new.judge), &left}
}

// takes reports whether both documents take the value.
func (m maker) takes(p schemas, value any) bool {
	return (p.old == nil || m.old.Takes(p.old, value)) && (p.new == nil || m.new.Takes(p.new, value))
}

// maxMade limits the values that are made of two schemas for one change. Schemas that require themselves several times would need
// any number.
const maxMade = 500

// maxDepth limits the depth of values that are made of two schemas. Deeper values are those of one of them.
const maxDepth = 6

// value makes a value that both schemas take, or else a value of the new one, or of the old one.
func (m maker) value(p schemas, depth int) (any, bool) {
	made := []any{}
	if p.new != nil {
		if v, ok := m.new.Value(p.new); ok {
			made = append(made, m.new.Sent(p.new, v))
		}
	}
	if p.old != nil {
		if v, ok := m.old.Value(p.old); ok {
			made = append(made, m.old.Sent(p.old, v))
		}
	}
	for _, v := range made {
		if named, ok := withDiscriminator(p, v); ok && !m.takes(p, v) {
			made = append(made, named)
		}
	}
	if i := slices.IndexFunc(made, func(v any) bool { return m.takes(p, v) }); i >= 0 {
		return made[i], true
	}
	if *m.left--; p.old != nil && p.new != nil && depth < maxDepth && *m.left > 0 {
		if object := m.object(p, depth); len(object) > 0 && m.takes(p, object) {
			return object, true
		}
		for _, v := range m.near(p) {
			if m.takes(p, v) {
				return v, true
			}
		}
	}
	if len(made) == 0 {
		return nil, false
	}
	return made[0], true
}

// object makes the members that either schema requires, without those of alternatives.
func (m maker) object(p schemas, depth int) map[string]any {
	object := map[string]any{}
	members := membersOf(p)
	for _, name := range members.required {
		if v, ok := m.member(members.schemas(name), depth+1); ok {
			object[name] = v
		}
	}
	return object
}

// member makes the value of a member. ok is false for one that only messages of the other direction have, by both documents.
func (m maker) member(p schemas, depth int) (value any, ok bool) {
	if p.isForeign(m.old.Response) {
		return nil, false
	}
	return m.value(p, depth)
}

// isForeign reports whether only messages of the other direction have a member, by each document that describes it.
func (p schemas) isForeign(isResponse bool) bool {
	for _, s := range []*spec.Schema{p.old, p.new} {
		if s == nil {
			continue
		}
		of := sample.Resolve(s)
		isRead, isWritten := s.ReadOnly || of.ReadOnly, s.WriteOnly || of.WriteOnly
		isOther := isRead && !isResponse || isWritten && isResponse
		if !isOther {
			return false
		}
	}
	return p != (schemas{})
}

// objectMembers are the members of an object in both documents.
type objectMembers struct {
	old, new []spec.Property
	required []string
}

func membersOf(p schemas) objectMembers {
	members := objectMembers{}
	for _, one := range []struct {
		s    *spec.Schema
		into *[]spec.Property
	}{{p.new, &members.new}, {p.old, &members.old}} {
		if one.s == nil {
			continue
		}
		properties, required := sample.Members(sample.Resolve(one.s))
		*one.into = properties
		members.required = append(members.required, required...)
	}
	seen := map[string]bool{}
	members.required = slices.DeleteFunc(members.required, func(name string) bool {
		isDouble := seen[name]
		seen[name] = true
		return isDouble
	})
	return members
}

func (m objectMembers) schemas(name string) schemas {
	return schemas{sample.Property(m.old, name), sample.Property(m.new, name)}
}
