package twojudges

import (
	"maps"
	"slices"
)

// shrink removes everything from a schema, its definitions and a value that a disagreement does not need: members,
// elements, and what surrounds a part. The rest shows why the judges disagree. It tries smaller trials until none of them
// disagrees.
func shrink(c trial, disagree func(trial) bool) trial {
	for again := true; again; {
		again = false
		for smaller := range c.smaller {
			if disagree(smaller) {
				c, again = smaller, true
				break
			}
		}
	}
	return c
}

// trial is a value to check against a schema, which may refer to the definitions.
type trial struct {
	schema      any
	definitions object
	value       any
}

// smaller yields trials that lack something in one place.
func (c trial) smaller(yield func(trial) bool) {
	for _, inner := range c.inner() {
		if !yield(inner) {
			return
		}
	}
	for part := range lesser(c.schema) {
		if !yield(trial{part, c.definitions, c.value}) {
			return
		}
	}
	for part := range lesser(c.definitions) {
		if definitions, ok := part.(object); ok && !yield(trial{c.schema, definitions, c.value}) {
			return
		}
	}
	for part := range lesser(c.value) {
		if !yield(trial{c.schema, c.definitions, part}) {
			return
		}
	}
}

// inner lists trials of a single member or element by its own schema, and of the value by each definition.
func (c trial) inner() (list []trial) {
	s, _ := c.schema.(object)
	properties, _ := s["properties"].(object)
	members, _ := c.value.(object)
	for _, name := range slices.Sorted(maps.Keys(members)) {
		for _, part := range []any{properties[name], s["additionalProperties"], s["unevaluatedProperties"]} {
			if part != nil {
				list = append(list, trial{part, c.definitions, members[name]})
			}
		}
	}
	elements, _ := c.value.([]any)
	for _, element := range elements {
		for _, keyword := range []string{"items", "contains", "unevaluatedItems"} {
			if s[keyword] != nil {
				list = append(list, trial{s[keyword], c.definitions, element})
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.definitions)) {
		if c.schema != nil && text(c.schema) != text(c.definitions[name]) {
			list = append(list, trial{c.definitions[name], c.definitions, c.value})
		}
	}
	return list
}

// lesser yields JSON values with less in one place: each part alone, the value without the part, and the value with a
// lesser part.
func lesser(v any) func(yield func(any) bool) {
	return func(yield func(any) bool) {
		switch v := v.(type) {
		case object:
			for _, name := range slices.Sorted(maps.Keys(v)) {
				rest := maps.Clone(v)
				delete(rest, name)
				if !yield(v[name]) || !yield(rest) {
					return
				}
			}
			for _, name := range slices.Sorted(maps.Keys(v)) {
				for part := range lesser(v[name]) {
					changed := maps.Clone(v)
					changed[name] = part
					if !yield(changed) {
						return
					}
				}
			}
		case []any:
			for i := range v {
				if !yield(v[i]) || !yield(slices.Delete(slices.Clone(v), i, i+1)) {
					return
				}
			}
			for i := range v {
				for part := range lesser(v[i]) {
					changed := slices.Clone(v)
					changed[i] = part
					if !yield(changed) {
						return
					}
				}
			}
		}
	}
}
