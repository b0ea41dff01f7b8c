package schema

import (
	"slices"

	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// objectKeywords are the keywords for objects.
type objectKeywords struct {
	size              sizes
	required          []string
	properties        []objectProperty // those with a schema, then those that are required only
	byName            map[string]int   // of many properties; nil: they are few
	requires          int              // how many of the properties are required
	patterns          []patterned
	additional, names *Checker // additionalProperties and propertyNames; nil: absent
	dependent         []spec.Dependency
}

// objectProperty is a property with a schema, or one that is required, or both.
type objectProperty struct {
	name       string
	checker    *Checker // nil: it has none
	isRequired bool
}

// few is up to how many names are searched one by one.
const few = 16

// newObjectKeywords returns nil if the schema has none.
func (s *Set) newObjectKeywords(sc *spec.Schema) *objectKeywords {
	k := &objectKeywords{
		size: sizes{sc.MinProperties, sc.MaxProperties}, required: sc.Required, patterns: s.patterns(sc.PatternProperties),
		additional: s.checker(sc.AdditionalProperties), names: s.checker(sc.PropertyNames), dependent: sc.DependentRequired,
	}
	byName := map[string]int{}
	for _, p := range sc.Properties {
		byName[p.Name] = len(k.properties)
		k.properties = append(k.properties, objectProperty{p.Name, s.checker(p.Schema), false})
	}
	for _, name := range sc.Required {
		if _, ok := byName[name]; !ok {
			byName[name] = len(k.properties)
			k.properties = append(k.properties, objectProperty{name, nil, false})
		}
		if p := &k.properties[byName[name]]; !p.isRequired {
			p.isRequired = true
			k.requires++
		}
	}
	if len(k.properties) > few {
		k.byName = byName
	}
	if k.size == (sizes{}) && k.additional == nil && k.names == nil && len(k.properties)+len(k.patterns)+len(k.dependent) == 0 {
		return nil
	}
	return k
}

// named returns what is known of a property, or nil.
func (k *objectKeywords) named(name string) *objectProperty {
	if k.byName == nil {
		for i := range k.properties {
			if k.properties[i].name == name {
				return &k.properties[i]
			}
		}
		return nil
	}
	if i, ok := k.byName[name]; ok {
		return &k.properties[i]
	}
	return nil
}

// property returns the checker of a property, or nil.
func (k *objectKeywords) property(name string) *Checker {
	if p := k.named(name); p != nil {
		return p.checker
	}
	return nil
}

func (v *visitor) object(c *Checker, at strictjson.Value, m marks) bool {
	ok, k := true, c.object
	if !v.size(c, at, at.Len(), k.size, "minProperties", "maxProperties") && v.stop(&ok) {
		return false
	}
	i, present := 0, 0 // present counts those that are required
	for name, member := range at.Members() {
		p := k.named(name)
		if p != nil && p.isRequired {
			present++
		}
		if !v.member(c, p, name, member, m, i) && v.stop(&ok) {
			return false
		}
		i++
	}
	if present < k.requires && !v.required(c, at) && v.stop(&ok) {
		return false
	}
	for _, d := range k.dependent {
		if !at.Member(d.Name).Exists() {
			continue
		}
		for _, name := range d.Required {
			if !at.Member(name).Exists() && v.failMissing(c, "dependentRequired", name, at, &ok) {
				return false
			}
		}
	}
	return ok
}

// member checks the member with the index i, which may be a property.
func (v *visitor) member(c *Checker, p *objectProperty, name string, member strictjson.Value, m marks, i int) bool {
	ok, k, described := true, c.object, false
	if k.names != nil && !v.name(k.names, name, member) && v.stop(&ok) {
		return false
	}
	if p != nil && p.checker != nil {
		described = true
		keyword := v.wrongWay(p.checker)
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
		case k.additional.takesNone:
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
		v.observes = false // the member may be undocumented
	}
	return ok
}

// name checks the name of a member.
func (v *visitor) name(c *Checker, name string, member strictjson.Value) bool {
	v.instead, v.observes = member, false // the name is no part of the value
	ok := v.child(c, strictjson.FromText(name), step{name, -1})
	v.instead = strictjson.Value{}
	return ok
}

// wrongWay returns the keyword that forbids a property in the direction of the value, or nothing.
func (v *visitor) wrongWay(property *Checker) string {
	switch {
	case property.isReadOnly && v.Direction == Request:
		return "readOnly"
	case property.isWriteOnly && v.Direction == Response:
		return "writeOnly"
	}
	return ""
}

// required finds the members that are missing. One that is for the other direction only is not.
func (v *visitor) required(c *Checker, at strictjson.Value) bool {
	ok, missing := true, make(map[string]bool, len(c.object.required)) // not of the members, of which there may be millions
	for _, name := range c.object.required {
		missing[name] = true
	}
	for name := range at.Members() {
		delete(missing, name)
	}
	for _, name := range c.object.required {
		if missing[name] && !v.isForOtherWay(c, name) && v.failMissing(c, "required", name, at, &ok) {
			return false
		}
	}
	return ok
}

// isForOtherWay says whether a schema that applies to the value at hand keeps a property for the other direction.
func (v *visitor) isForOtherWay(c *Checker, name string) bool {
	seen := []*Checker{}
	var says func(c *Checker) bool
	says = func(c *Checker) bool {
		if slices.Contains(seen, c) {
			return false
		}
		seen = append(seen, c)
		if c.object != nil {
			if p := c.object.property(name); p != nil && v.wrongWay(p) != "" {
				return true
			}
		}
		return slices.ContainsFunc(c.all, says)
	}
	return says(c) || slices.ContainsFunc(v.inPlace[v.base:], says)
}
