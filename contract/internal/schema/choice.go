package schema

import (
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/pointer"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// choice is a discriminator: the value of a property names a schema, one of the alternatives of oneOf and anyOf, or without
// these a subtype, which is a component that includes the schema by allOf.
//
// In OpenAPI 3.0 the value is judged by the schema that is named. From 3.1 on a discriminator does not change what the other
// keywords say. In both it must name a schema.
type choice struct {
	property string
	byValue  map[string]*Checker
	fallback *Checker // defaultMapping (OpenAPI 3.2); nil: none
	isOpen   bool     // an alternative has no name, so a value need not name one
}

// newChoice returns nil if the schema has no discriminator.
func (s *Set) newChoice(sc *spec.Schema) *choice {
	d := sc.Discriminator
	if d == nil || d.PropertyName == "" {
		return nil
	}
	for _, m := range d.Mapping {
		if m.Schema == nil {
			return nil // the document has a finding
		}
	}
	ch := &choice{property: d.PropertyName, byValue: map[string]*Checker{}}
	components := s.doc.Root.Member("components").Member("schemas")
	hasAlternatives := len(sc.OneOf)+len(sc.AnyOf) > 0
	if components != nil && !hasAlternatives {
		for _, m := range components.Members {
			if named := s.doc.Schema(m.Value); named != nil && includes(named, sc, map[*spec.Schema]bool{}) {
				ch.byValue[m.Name] = s.checker(named)
			}
		}
	}
	for _, list := range [][]*spec.Schema{sc.OneOf, sc.AnyOf} {
		for _, alternative := range list {
			target := alternative
			if target.Ref != nil {
				target = target.Ref
			}
			if name, ok := strings.CutPrefix(target.Node.Pointer(), "/components/schemas/"); ok && !strings.Contains(name, "/") {
				ch.byValue[pointer.Unescape(name)] = s.checker(alternative)
			} else {
				ch.isOpen = true
			}
		}
	}
	for _, m := range d.Mapping {
		ch.byValue[m.Value] = s.checker(m.Schema)
	}
	if d.DefaultMapping != nil {
		ch.fallback = s.checker(d.DefaultMapping.Schema)
	}
	ch.isOpen = ch.isOpen || len(ch.byValue) == 0
	return ch
}

// includes says whether a schema is another, or includes it by references and allOf.
func includes(s, other *spec.Schema, seen map[*spec.Schema]bool) bool {
	if s == nil || seen[s] {
		return false
	}
	seen[s] = true
	if s == other || includes(s.Ref, other, seen) {
		return true
	}
	for _, part := range s.AllOf {
		if includes(part, other, seen) {
			return true
		}
	}
	return false
}

// named returns the checker that a value names; it may be none.
func (ch *choice) named(at strictjson.Value) *Checker {
	name := at.Member(ch.property)
	if c := ch.byValue[name.Text()]; c != nil && name.Kind() == strictjson.String {
		return c
	}
	return ch.fallback
}

// choose returns the checker that a discriminator chooses for the value; nil: it chooses none, which may be wrong.
func (v *visitor) choose(c *Checker, at strictjson.Value) (chosen *Checker, wrong bool) {
	ch := c.choice
	if ch == nil || at.Kind() != strictjson.Object {
		return nil, false
	}
	is30 := c.schema.Is30
	if chosen = ch.named(at); chosen == nil {
		name := at.Member(ch.property)
		if ch.isOpen || !name.Exists() && (!is30 || len(c.oneOf)+len(c.anyOf) == 0) {
			return nil, false // whether it is required, others say
		}
		ok := true
		if name.Exists() {
			v.failPart(c, "discriminator", step{ch.property, -1}, name, &ok)
		} else {
			v.failMissing(c, "discriminator", ch.property, at, &ok)
		}
		return nil, true
	}
	if !is30 {
		return nil, false
	}
	return chosen, false
}
