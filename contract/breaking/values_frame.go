package breaking

import (
	"maps"
	"slices"
	"strconv"

	"github.com/quotaspec/quotaspec/contract/internal/pointer"
	"github.com/quotaspec/quotaspec/contract/internal/sample"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// withDiscriminator returns an object of the first alternative with the name that the discriminator has for it.
func withDiscriminator(p schemas, v any) (any, bool) {
	object, isObject := v.(map[string]any)
	if !isObject {
		return nil, false
	}
	for _, one := range []*spec.Schema{p.new, p.old} {
		for part := range one.Parts {
			alternatives := slices.Concat(part.OneOf, part.AnyOf)
			if part.Discriminator == nil || len(alternatives) == 0 {
				continue
			}
			made := maps.Clone(object)
			made[part.Discriminator.PropertyName] = discriminatorValue(part.Discriminator, step{new: alternatives[0]})
			return made, true
		}
	}
	return nil, false
}

// frame puts a leaf into the smallest value that has its place.
type frame func(leaf any) any

// absent is the leaf of a member that is not there.
type absent struct{}

// frame makes the frame of a path that begins at a value with the schemas p.
func (m maker) frame(p schemas, path []step) frame {
	if len(path) == 0 {
		return func(leaf any) any { return leaf }
	}
	s := path[0]
	inner := m.frame(schemas{s.old, s.new}, path[1:])
	switch s.kind {
	case toMember, toAdditional:
		name, object := s.name, m.object(p, 0)
		if s.kind == toAdditional {
			name = freeName(p, s)
		}
		return func(leaf any) any {
			made := maps.Clone(object)
			if v := inner(leaf); v == (absent{}) {
				delete(made, name)
			} else {
				made[name] = v
			}
			return made
		}
	case toItem, toPrefix:
		before, after := m.around(p, s)
		return func(leaf any) any { return slices.Concat(before, []any{inner(leaf)}, after) }
	}
	return m.branch(p, s, path[1:], inner)
}

// around makes the elements before and after one of a list: those of prefixItems, and as many as minItems wants.
func (m maker) around(p schemas, s step) (before, after []any) {
	element := func(i int) (any, bool) {
		both := schemas{}
		if p.old != nil {
			both.old = sample.Element(sample.Resolve(p.old), i)
		}
		if p.new != nil {
			both.new = sample.Element(sample.Resolve(p.new), i)
		}
		return m.value(both, 1)
	}
	index, least := 0, uint64(0)
	if s.kind == toPrefix {
		index = s.index
	}
	for _, list := range []*spec.Schema{p.old, p.new} {
		if list == nil {
			continue
		}
		list = sample.Resolve(list)
		least = max(least, sample.Count(list.MinItems))
		if s.kind == toItem {
			index = max(index, len(list.PrefixItems))
		}
	}
	for i := range index {
		v, _ := element(i)
		before = append(before, v)
	}
	const most = 100
	for i := index + 1; uint64(i) < min(least, most); i++ {
		v, _ := element(i)
		after = append(after, v)
	}
	return before, after
}

// branch makes the frame of one alternative: its value, with the members that stand beside the alternatives, and with the name
// that the discriminator has for it.
func (m maker) branch(p schemas, s step, next []step, inner frame) frame {
	beside := m.object(p, 0)
	name, value := discriminatorOf(p, s)
	isMeant := len(next) > 0 && next[0].name == name
	return func(leaf any) any {
		v := inner(leaf)
		object, isObject := v.(map[string]any)
		if !isObject {
			return v
		}
		made := maps.Clone(object)
		for name, value := range beside {
			if _, has := object[name]; !has && len(object) > 0 { // an empty object is meant to be empty
				made[name] = value
			}
		}
		if _, has := made[name]; name != "" && !isMeant && (has || len(next) > 0) {
			made[name] = value
		}
		return made
	}
}

// discriminatorOf returns the member that names an alternative, and its value; "" if there is none.
func discriminatorOf(p schemas, s step) (name, value string) {
	for _, container := range []*spec.Schema{p.new, p.old} {
		for part := range container.Parts {
			if part.Discriminator != nil {
				if value = discriminatorValue(part.Discriminator, s); value != "" {
					return part.Discriminator.PropertyName, value
				}
			}
		}
	}
	return "", ""
}

// discriminatorValue is the name of an alternative for a discriminator: that of the mapping, or the last word of its place.
func discriminatorValue(d *spec.Discriminator, s step) string {
	for _, one := range []*spec.Schema{s.new, s.old} {
		if one == nil {
			continue
		}
		for _, target := range []*spec.Schema{one, one.Ref} {
			for _, mapping := range d.Mapping {
				if target != nil && mapping.Schema == target {
					return mapping.Value
				}
			}
		}
		target := either(one.Ref, one)
		name := ""
		for word := range pointer.Names(target.Node.Pointer()) {
			name = word
		}
		if name != "" {
			if _, err := strconv.Atoi(name); err != nil {
				return name
			}
		}
	}
	return ""
}

// freeName is a name for a member that no property has. It matches the pattern of patternProperties where a simple name does.
func freeName(p schemas, s step) string {
	members := membersOf(p)
	for _, name := range []string{s.name, "x", "key", "x-1", "X", "1", "text"} {
		isTaken := sample.Property(members.old, name) != nil || sample.Property(members.new, name) != nil
		if name != "" && name != "*" && !isTaken && matchesPattern(p, s, name) {
			return name
		}
	}
	return "quotaspec"
}
