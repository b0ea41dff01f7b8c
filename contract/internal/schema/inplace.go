package schema

import "github.com/quotaspec/quotaspec/contract/internal/strictjson"

// This file applies the in-place applicators of JSON Schema: keywords such as $ref, allOf, anyOf, oneOf, not and
// if. They do not lead to a part of the value but apply another schema to the same value.
//
// Keywords that require a schema (allOf, $ref, then) visit it loudly: what is wrong there is reported as an error
// of that schema. Keywords that only ask whether a schema accepts the value (anyOf, oneOf, not, if) visit it
// quietly, and report themselves:
//
//	{allOf: [{type: integer}]}   for "a": error of /allOf/0/type
//	{anyOf: [{type: integer}]}   for "a": error of /anyOf
//
// The visitor keeps the checkers that are being applied to the current value in inPlace. That list ends cycles
// which do not lead to a part: see visitor.inProgress.

// branches checks the value by all in-place applicators of a checker.
func (v *visitor) branches(c *Checker, value strictjson.Value, m *marks) bool {
	ok := true
	chosen, wrong := v.choose(c, value)
	if wrong && v.stop(&ok) {
		return false
	}
	for _, part := range c.all {
		if !v.apply(part, value, m) && v.stop(&ok) {
			return false
		}
	}
	if target := v.dynamicTarget(c); target != nil && !v.apply(target, value, m) && v.stop(&ok) {
		return false
	}
	if chosen != nil && len(c.anyOf)+len(c.oneOf) == 0 && !v.apply(chosen, value, m) && v.stop(&ok) {
		return false
	}
	if c.not != nil && !v.Partial && v.accepts(c.not, value, nil) && v.fail(c, "not", value, &ok) {
		return false
	}
	if len(c.anyOf) > 0 && !wrong {
		most := 1
		if m != nil { // each alternative that accepts the value evaluates members
			most = len(c.anyOf)
		}
		if v.alternatives(c.anyOf, chosen, value, m, most) == 0 && v.fail(c, "anyOf", value, &ok) {
			return false
		}
	}
	if len(c.oneOf) > 0 && !wrong && !v.isOneOf(c, chosen, value, m) && v.fail(c, "oneOf", value, &ok) {
		return false
	}
	if next := v.conditional(c, value, m); next != nil && !v.apply(next, value, m) && v.stop(&ok) {
		return false
	}
	for _, d := range c.dependentSchemas {
		if value.Member(d.name).Exists() && !v.apply(d.checker, value, m) && v.stop(&ok) {
			return false
		}
	}
	return ok
}

// apply visits the current value by another checker and adds what that evaluates to the marks. If the value is
// wrong but errors are being reported, its members count as evaluated too, so that unevaluatedProperties does not
// report the same mistake again.
func (v *visitor) apply(c *Checker, value strictjson.Value, m *marks) bool {
	if m == nil {
		return v.visit(c, value, nil)
	}
	own := &marks{}
	ok := v.visit(c, value, own)
	if ok || v.wantsMore() {
		m.addAll(own)
	}
	return ok
}

// accepts reports whether a checker accepts the current value. Errors are not reported.
func (v *visitor) accepts(c *Checker, value strictjson.Value, m *marks) bool {
	quiet := v.quiet
	v.quiet = true
	ok := v.apply(c, value, m)
	v.quiet = quiet
	return ok
}

// dynamicTarget returns the target of $dynamicRef: the schema with the anchor in the outermost resource that has
// one.
func (v *visitor) dynamicTarget(c *Checker) *Checker {
	if c.dynamic != nil {
		for _, resource := range v.scope {
			if target := c.dynamic[resource]; target != nil {
				return target
			}
		}
	}
	return c.dynamicRef
}

// alternatives counts the checkers that accept the value, up to most. If a discriminator has chosen one, only that
// one counts.
func (v *visitor) alternatives(list []*Checker, chosen *Checker, value strictjson.Value, m *marks, most int) int {
	if chosen != nil {
		list = []*Checker{chosen}
	}
	count := 0
	for _, part := range list {
		if v.accepts(part, value, m) {
			if count++; count == most {
				break
			}
		}
	}
	return count
}

// isOneOf reports whether exactly one alternative of oneOf accepts the value. Several may accept a part of a value.
func (v *visitor) isOneOf(c *Checker, chosen *Checker, value strictjson.Value, m *marks) bool {
	if v.Partial {
		return v.alternatives(c.oneOf, chosen, value, m, len(c.oneOf)) > 0
	}
	return v.alternatives(c.oneOf, chosen, value, m, 2) == 1
}

// conditional returns the checker of then or else, depending on if. It returns nil if there is none. The condition may have
// another result for the whole value than for a part of it, so all three only evaluate members of a part.
func (v *visitor) conditional(c *Checker, value strictjson.Value, m *marks) *Checker {
	hasEffect := c.then != nil || c.otherwise != nil || m != nil // if alone still evaluates members
	switch {
	case c.condition == nil || !hasEffect:
		return nil
	case v.Partial:
		for _, part := range []*Checker{c.condition, c.then, c.otherwise} {
			if part != nil {
				v.accepts(part, value, m)
			}
		}
		return nil
	case v.accepts(c.condition, value, m):
		return c.then
	}
	return c.otherwise
}
