package schema

import (
	"slices"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// objectKeywords are the compiled keywords for objects.
type objectKeywords struct {
	size              sizes
	required          []string
	properties        []objectProperty // first those of properties, then those that are only required
	byName            map[string]int   // index of properties; nil if there are few
	requires          int              // number of properties that are required
	patterns          []patternProperty
	additional, names *Checker // additionalProperties and propertyNames; nil: absent
	dependent         []spec.Dependency
}

// objectProperty is a property that has a schema, or is required, or both.
type objectProperty struct {
	name       string
	quoted     string   // the name as most senders write it, in quotes; "\x00" if it needs escapes
	checker    *Checker // nil: no schema
	isRequired bool
}

// Checking an object takes one pass over the members of the value, not over the properties of the schema: the value may have
// millions of members, most of them not named by the schema, and each has to be judged once in the order of the text. With
//
//	{properties: {a: {}, b: {}}, required: [b, c], patternProperties: {^x-: {}}, additionalProperties: false}
//
// properties has a, b and c, of which c has no checker. For {"x-1": 1, "b": 2, "d": 3} the pass sees one of the two required
// members, a pattern for x-1, and nothing for d. So d is an error of additionalProperties, and c of required.

// linearLimit is the number of properties up to which a linear search beats a map.
const linearLimit = 16

// newObjectKeywords returns nil if the schema has no keyword for objects.
func (s *Set) newObjectKeywords(sc *spec.Schema) *objectKeywords {
	k := &objectKeywords{
		size: sizes{sc.MinProperties, sc.MaxProperties}, required: sc.Required, patterns: s.patterns(sc.PatternProperties),
		additional: s.checker(sc.AdditionalProperties), names: s.checker(sc.PropertyNames), dependent: sc.DependentRequired,
	}
	byName := map[string]int{}
	for _, p := range sc.Properties {
		byName[p.Name] = len(k.properties)
		k.properties = append(k.properties, objectProperty{p.Name, quoted(p.Name), s.checker(p.Schema), false})
	}
	for _, name := range sc.Required {
		if _, ok := byName[name]; !ok {
			byName[name] = len(k.properties)
			k.properties = append(k.properties, objectProperty{name, quoted(name), nil, false})
		}
		if p := &k.properties[byName[name]]; !p.isRequired {
			p.isRequired = true
			k.requires++
		}
	}
	if len(k.properties) > linearLimit {
		k.byName = byName
	}
	if k.size == (sizes{}) && k.additional == nil && k.names == nil && len(k.properties)+len(k.patterns)+len(k.dependent) == 0 {
		return nil
	}
	return k
}

// named returns the property with a name, or nil.
func (k *objectKeywords) named(name string) *objectProperty {
	if i := k.indexOf(name); i >= 0 {
		return &k.properties[i]
	}
	return nil
}

// indexOf returns the index of the property with a name, or -1.
func (k *objectKeywords) indexOf(name string) int {
	if k.byName != nil {
		if i, ok := k.byName[name]; ok {
			return i
		}
		return -1
	}
	for i := range k.properties {
		if k.properties[i].name == name {
			return i
		}
	}
	return -1
}

// property returns the checker of a property, or nil.
func (k *objectKeywords) property(name string) *Checker {
	if p := k.named(name); p != nil {
		return p.checker
	}
	return nil
}

// object checks an object. It visits the members in the order of the value and counts those that are required. Only
// if the count is short does it search for the missing names.
func (v *visitor) object(c *Checker, value strictjson.Value, m *marks) bool {
	ok, k := true, c.object
	if !v.size(c, value, value.Len(), v.limits(k.size), "minProperties", "maxProperties") && v.stop(&ok) {
		return false
	}
	i, present := 0, 0
	for name, member := range value.Members() {
		p := k.named(name)
		if p != nil && p.isRequired {
			present++
		}
		if !v.member(c, p, name, member, m, i) && v.stop(&ok) {
			return false
		}
		i++
	}
	if v.Partial {
		return ok
	}
	if present < k.requires && !v.required(c, value) && v.stop(&ok) {
		return false
	}
	if !v.dependentRequired(c, value) && v.stop(&ok) {
		return false
	}
	return ok
}

// dependentRequired checks the members that another member requires.
func (v *visitor) dependentRequired(c *Checker, value strictjson.Value) bool {
	ok := true
	for _, d := range c.object.dependent {
		if !value.Member(d.Name).Exists() {
			continue
		}
		for _, name := range d.Required {
			if !value.Member(name).Exists() && v.failMissing(c, "dependentRequired", name, value, &ok) {
				return false
			}
		}
	}
	return ok
}

// member checks the member at index i. The property is nil if the schema does not name the member. Following JSON
// Schema, additionalProperties applies only if neither properties nor patternProperties does.
func (v *visitor) member(c *Checker, p *objectProperty, name string, member strictjson.Value, m *marks, i int) bool {
	ok, k, described := true, c.object, false
	if k.names != nil && !v.name(k.names, name, member) && v.stop(&ok) {
		return false
	}
	if p != nil && p.checker != nil {
		described = true
		keyword := v.wrongDirection(p.checker)
		isWrong := keyword != "" && member.Kind() != strictjson.Null
		if isWrong && v.failPart(p.checker, keyword, step{name, -1}, member, &ok) {
			return false
		}
		if !v.child(p.checker, member, step{name, -1}) && v.stop(&ok) {
			return false
		}
	}
	for _, p := range k.patterns {
		matched, known := v.matches(p.pattern, name, p.checker.schema.Node)
		described = described || matched || !known
		if matched && !v.child(p.checker, member, step{name, -1}) && v.stop(&ok) {
			return false
		}
	}
	if !described && k.additional != nil {
		described = true
		switch {
		case k.additional.acceptsNone:
			if v.failPart(c, "additionalProperties", step{name, -1}, member, &ok) {
				return false
			}
		case !v.child(k.additional, member, step{name, -1}) && v.stop(&ok):
			return false
		}
	}
	if described {
		m.add(i)
	} else if len(c.schema.Properties) > 0 {
		v.observes = false // the member may be undocumented: only Observe can tell
	}
	return ok
}

// name checks the name of a member. The name is not part of the value, so errors point to the member.
func (v *visitor) name(c *Checker, name string, member strictjson.Value) bool {
	skips := v.skipsRight
	v.owner, v.observes, v.skipsRight = member, false, false // no name has a mark
	ok := v.child(c, strictjson.FromText(name), step{name, -1})
	v.owner, v.skipsRight = strictjson.Value{}, skips
	return ok
}

// wrongDirection returns the keyword that forbids a property in this direction, or "".
func (v *visitor) wrongDirection(property *Checker) string {
	switch {
	case property.isReadOnly && v.Direction == Request:
		return "readOnly"
	case property.isWriteOnly && v.Direction == Response:
		return "writeOnly"
	}
	return ""
}

// required reports the members that are missing. A property of the other direction need not be there.
func (v *visitor) required(c *Checker, value strictjson.Value) bool {
	ok := true
	missing := make(map[string]bool, len(c.object.required)) // an object may have millions of members, a schema has few
	for _, name := range c.object.required {
		missing[name] = true
	}
	for name := range value.Members() {
		delete(missing, name)
	}
	for _, name := range c.object.required {
		if missing[name] && !v.isForOtherDirection(c, name) && v.failMissing(c, "required", name, value, &ok) {
			return false
		}
	}
	return ok
}

// isForOtherDirection reports whether some schema of the current value reserves a property for the other direction.
// That may be another schema than the one that requires the property:
//
//	{allOf: [{properties: {id: {readOnly: true}}}, {required: [id]}]}
func (v *visitor) isForOtherDirection(c *Checker, name string) bool {
	visited := []*Checker{}
	var forbids func(c *Checker) bool
	forbids = func(c *Checker) bool {
		if slices.Contains(visited, c) {
			return false
		}
		visited = append(visited, c)
		if c.object != nil {
			if p := c.object.property(name); p != nil && v.wrongDirection(p) != "" {
				return true
			}
		}
		return slices.ContainsFunc(c.all, forbids)
	}
	return forbids(c) || slices.ContainsFunc(v.inPlace[v.base:], forbids)
}
