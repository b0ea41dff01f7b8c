package sample

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// arrays are lists near the limits of merged schemas: of their lengths, of equal elements, of what they contain.
func (n *near) arrays(s *spec.Schema, together []*spec.Schema) []any {
	list := []any{[]any{}}
	var low, high *uint64
	for _, part := range together {
		if len(part.PrefixItems) > 0 || part.Items != nil {
			s = part
		}
		low, high = larger(low, part.MinItems), smaller(high, part.MaxItems)
	}
	elements := n.elements(s, 3)
	list = append(list, elements[:1], elements[:2], []any{elements[0], elements[0]})
	for _, length := range lengths(low, high, maxLength) {
		list = append(list, n.elements(s, length)[:length])
	}
	for _, part := range together {
		for _, length := range lengths(part.MinContains, part.MaxContains, maxLength) {
			list = append(list, slices.Repeat([]any{n.or(part.Contains, "text")}, length))
		}
		if part.Contains != nil {
			list = append(list, []any{n.or(part.Contains, "text")}, []any{otherType(Resolve(part.Contains))})
		}
	}
	if fixed := len(s.PrefixItems); fixed > 0 {
		whole := n.elements(s, fixed+1)
		list = append(list, whole[:fixed], whole[:fixed+1], append(slices.Clone(whole[:fixed]), otherType(Resolve(s.Items))))
	}
	return append(list, []any{"text"}, []any{nil})
}

// elements are at least that many elements of a list, all different where their schema has so many values.
func (n *near) elements(s *spec.Schema, count int) []any {
	list, seen := []any{}, map[string]bool{}
	for i := range min(len(s.PrefixItems), count) {
		list = append(list, n.or(s.PrefixItems[i], "text"))
	}
	for _, value := range n.several(s.Items, count) {
		if key := PlainText(value); !seen[key] {
			seen[key] = true
			list = append(list, value)
		}
	}
	for i := 0; len(list) < max(count, 3); i++ {
		list = append(list, n.or(s.Items, i))
	}
	return list
}

// several are different values of a schema.
func (n *near) several(s *spec.Schema, count int) []any {
	list := []any{n.or(s, "text")}
	add := func(value any) {
		if s == nil || n.Takes(s, value) {
			list = append(list, value)
		}
	}
	r := Resolve(s)
	if r == nil {
		r = &spec.Schema{}
	}
	for _, value := range Choices(r) {
		add(value)
	}
	for i := 0; i < 2*count && len(list) < count; i++ {
		add(json.Number(fmt.Sprint(i + 2)))
		add(fmt.Sprintf("text%d", i+2))
	}
	return list
}

// or is a value of a schema, or another value if none fits.
func (n *near) or(s *spec.Schema, other any) any {
	if value, ok := n.Value(s); ok {
		return value
	}
	return other
}

// object makes an object of the members of a schema and of those around it: the required ones, or all.
func (n *near) object(s *spec.Schema, around map[string]any, all bool) map[string]any {
	object := map[string]any{}
	maps.Copy(object, around)
	properties, required := Members(s)
	for _, p := range properties {
		isRequired := slices.Contains(required, p.Name)
		if include := isRequired || all; !include || n.leavesOut(p.Schema) {
			continue
		}
		if value, ok := n.member(p); ok || isRequired {
			object[p.Name] = value
		}
	}
	for _, name := range required {
		if _, has := object[name]; !has && Property(properties, name) == nil {
			object[name] = "text"
		}
	}
	return object
}

// member makes the value of a member as Value does.
func (n *near) member(p spec.Property) (any, bool) {
	one := sampler{Maker: n.Maker}
	value, ok := one.member(p)
	return value, ok && one.parts <= maxParts
}

// objects adds objects near the limits of merged schemas: of what they require, allow and name.
func (n *near) objects(s *spec.Schema, together []*spec.Schema, base map[string]any) {
	all := n.object(s, base, true)
	n.add([]any{base, all, map[string]any{}, with(base, "quotaspecProbe", true), with(all, "quotaspecProbe", true)})
	n.add(n.incomplete(s, base))
	n.add(n.extended(s, base))
	n.add(shortened(all, base))
	for _, part := range together {
		n.add(n.further(part, base))
		n.add(resized(base, all, lengths(part.MinProperties, part.MaxProperties, maxLength)))
	}
}

// incomplete are objects without one of the required members.
func (n *near) incomplete(s *spec.Schema, base map[string]any) []any {
	list := []any{}
	_, required := Members(s)
	for _, name := range required[:min(len(required), maxNames)] {
		object := maps.Clone(base)
		delete(object, name)
		list = append(list, object)
	}
	return list
}

// extended are objects with one of the optional members, and with one that only messages of the other direction have.
func (n *near) extended(s *spec.Schema, base map[string]any) []any {
	list := []any{}
	properties, _ := Members(s)
	for _, p := range properties {
		if _, has := base[p.Name]; has || len(list) == maxNames {
			continue
		}
		if value, ok := n.member(p); ok {
			list = append(list, with(base, p.Name, value))
		}
	}
	return list
}

// shortened are objects with all members but one of the optional ones: another member may need that one.
func shortened(all, base map[string]any) []any {
	list := []any{}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if _, isRequired := base[name]; !isRequired && len(all) > len(base)+1 && len(list) < maxNames {
			fewer := maps.Clone(all)
			delete(fewer, name)
			list = append(list, fewer)
		}
	}
	return list
}

// further are objects with members of other names, with right and wrong values.
func (n *near) further(s *spec.Schema, base map[string]any) []any {
	list := []any{}
	add := func(name string, s *spec.Schema) {
		if s != nil {
			list = append(list, with(base, name, n.or(s, "text")), with(base, name, otherType(Resolve(s))))
		}
	}
	add("quotaspecProbe", s.AdditionalProperties)
	add("quotaspecProbe", s.UnevaluatedProperties)
	for _, p := range s.PatternProperties[:min(len(s.PatternProperties), maxNames)] {
		if name, ok := Matching(p.Name, 0); ok {
			add(name, p.Schema)
		}
	}
	for _, name := range n.names(s.PropertyNames) {
		list = append(list, with(base, name, n.or(s.AdditionalProperties, "text")))
	}
	return list
}

// names are names at and beside the limits of the schema of names.
func (n *near) names(s *spec.Schema) []string {
	list := []string{}
	if s == nil {
		return list
	}
	for _, part := range merged(s) {
		for _, value := range slices.Concat([]any{n.or(part, "text"), "~ no match ~"}, besideChoices(part), n.texts(part)) {
			if name, isText := value.(string); isText && len(list) < maxNames {
				list = append(list, name)
			}
		}
	}
	return list
}

// resized are objects with these numbers of members.
func resized(base, all map[string]any, sizes []int) []any {
	list := []any{}
	for _, size := range sizes {
		object := maps.Clone(base)
		for _, name := range slices.Sorted(maps.Keys(all)) {
			if len(object) < size {
				object[name] = all[name]
			}
		}
		for i := 1; len(object) < size; i++ {
			object[fmt.Sprintf("quotaspecProbe%d", i)] = "text"
		}
		for _, name := range slices.Backward(slices.Sorted(maps.Keys(object))) {
			if len(object) > size {
				delete(object, name)
			}
		}
		list = append(list, object)
	}
	return list
}

// with copies an object and sets a member.
func with(object map[string]any, name string, value any) map[string]any {
	changed := map[string]any{}
	maps.Copy(changed, object)
	changed[name] = value
	return changed
}

// larger and smaller are the stricter one of two bounds, each of which may be nil.
func larger(a, b *uint64) *uint64 {
	if a == nil || b != nil && *b > *a {
		return b
	}
	return a
}

func smaller(a, b *uint64) *uint64 {
	if a == nil || b != nil && *b < *a {
		return b
	}
	return a
}
