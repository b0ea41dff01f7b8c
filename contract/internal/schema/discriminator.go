package schema

import (
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/pointer"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// discriminator is the compiled keyword of the same name. The value of one property names the schema of the object. That is an
// alternative of oneOf or anyOf. Without these keywords it is a subtype: a component that includes the schema by allOf.
//
//	Pet: {properties: {kind: {type: string}}, discriminator: {propertyName: kind, mapping: {cat: Cat}}}
//	Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, …]}
//
// Here "cat" and "Cat" both name Cat, and "Pet" names Pet. In OpenAPI 3.0 the named schema decides alone: oneOf
// accepts the value if the named alternative does. From 3.1 on, a discriminator does not change the result of other
// keywords. In all versions, a value of the property that names no schema is an error
// (but see lacksMapping).
type discriminator struct {
	property   string
	byValue    map[string]*Checker
	fallback   *Checker // of defaultMapping (OpenAPI 3.2); nil: none
	hasUnnamed bool     // some alternative has no name, so the value may name none
}

// newDiscriminator returns nil if the schema has no discriminator that can be used.
func (s *Set) newDiscriminator(sc *spec.Schema) *discriminator {
	from := sc.Discriminator
	if from == nil || from.PropertyName == "" || lacksMapping(sc) {
		return nil
	}
	for _, m := range from.Mapping {
		if m.Schema == nil {
			return nil // spec has reported it
		}
	}
	d := &discriminator{property: from.PropertyName, byValue: map[string]*Checker{}}
	components := s.doc.Root.Member("components").Member("schemas")
	if components != nil && len(sc.OneOf)+len(sc.AnyOf) == 0 {
		for _, m := range components.Members {
			if named := s.doc.Schema(m.Value); named != nil && includes(named, sc, map[*spec.Schema]bool{}) {
				d.byValue[m.Name] = s.checker(named)
			}
		}
	}
	for _, alternative := range slices.Concat(sc.OneOf, sc.AnyOf) {
		if name := componentName(alternative); name != "" {
			d.byValue[name] = s.checker(alternative)
		} else {
			d.hasUnnamed = true
		}
	}
	for _, m := range from.Mapping {
		d.byValue[m.Value] = s.checker(m.Schema)
	}
	if from.DefaultMapping != nil {
		d.fallback = s.checker(from.DefaultMapping.Schema)
	}
	d.hasUnnamed = d.hasUnnamed || len(d.byValue) == 0
	return d
}

// componentName returns the name by which a discriminator finds an alternative without a mapping; "" if it is no component.
func componentName(alternative *spec.Schema) string {
	target := alternative
	if target.Ref != nil {
		target = target.Ref
	}
	name, ok := strings.CutPrefix(target.Node.Pointer(), "/components/schemas/")
	if !ok || strings.Contains(name, "/") {
		return ""
	}
	return pointer.Unescape(name)
}

// lacksMapping reports whether a document forgot the mapping: every alternative refuses its own name as a value of the
// property. No value would be right, so such a discriminator counts for nothing. For the property kind and no mapping:
//
//	Cat: {properties: {kind: {enum: [cat]}}}
func lacksMapping(sc *spec.Schema) bool {
	alternatives := slices.Concat(sc.OneOf, sc.AnyOf)
	mayBeNamed := func(alternative *spec.Schema) bool {
		property, name := alternative.Property(sc.Discriminator.PropertyName), componentName(alternative)
		if property == nil || name == "" {
			return true
		}
		isName := func(n *spec.Node) bool { return n.Value() == name }
		isOtherConst := property.Const != nil && !isName(property.Const)
		isInEnum := property.Enum == nil || slices.ContainsFunc(property.Enum, isName)
		return isInEnum && !isOtherConst
	}
	isMapped := len(sc.Discriminator.Mapping) > 0 || sc.Discriminator.DefaultMapping != nil
	return !isMapped && len(alternatives) > 0 && !slices.ContainsFunc(alternatives, mayBeNamed)
}

// includes reports whether a schema is another schema, or includes it through references and allOf.
func includes(s, other *spec.Schema, visited map[*spec.Schema]bool) bool {
	if s == nil || visited[s] {
		return false
	}
	visited[s] = true
	return s == other || includes(s.Ref, other, visited) ||
		slices.ContainsFunc(s.AllOf, func(part *spec.Schema) bool { return includes(part, other, visited) })
}

// named returns the checker that the object names, or nil.
func (d *discriminator) named(value strictjson.Value) *Checker {
	name := value.Member(d.property)
	if c := d.byValue[name.Text()]; c != nil && name.Kind() == strictjson.String {
		return c
	}
	return d.fallback
}

// choose returns the checker that decides alone about the value, or nil if there is none. It reports an error if the value
// names no schema.
func (v *visitor) choose(c *Checker, value strictjson.Value) (chosen *Checker, wrong bool) {
	d, is30 := c.discriminator, c.schema.Is30
	if d == nil || value.Kind() != strictjson.Object {
		return nil, false
	}
	chosen, name := d.named(value), value.Member(d.property)
	needsName := is30 && len(c.oneOf)+len(c.anyOf) > 0 // otherwise only required can demand the property
	mustName := name.Exists() || needsName && !v.Partial
	ok := true
	switch {
	case chosen != nil && is30:
		return chosen, false
	case chosen != nil, d.hasUnnamed, !mustName:
		return nil, false
	case name.Exists():
		v.failPart(c, "discriminator", step{d.property, -1}, name, &ok)
	default:
		v.failMissing(c, "discriminator", d.property, value, &ok)
	}
	return nil, true
}
