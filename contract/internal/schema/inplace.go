package schema

import "github.com/quotaspec/quotaspec/contract/internal/strictjson"

// branches checks the value by the other checkers that apply to it.
func (v *visitor) branches(c *Checker, at strictjson.Value, m marks) bool {
	ok := true
	chosen, wrong := v.choose(c, at)
	if wrong && v.stop(&ok) {
		return false
	}
	for _, part := range c.all {
		if !v.apply(part, at, m) && v.stop(&ok) {
			return false
		}
	}
	if target := v.dynamicTarget(c); target != nil && !v.apply(target, at, m) && v.stop(&ok) {
		return false
	}
	if chosen != nil && len(c.anyOf)+len(c.oneOf) == 0 && !v.apply(chosen, at, m) && v.stop(&ok) {
		return false
	}
	if c.not != nil && v.takes(c.not, at, nil) && v.fail(c, "not", at, &ok) {
		return false
	}
	if len(c.anyOf) > 0 && !wrong {
		most := 1
		if m != nil { // each describes members
			most = len(c.anyOf)
		}
		if v.alternatives(c.anyOf, chosen, at, m, most) == 0 && v.fail(c, "anyOf", at, &ok) {
			return false
		}
	}
	if len(c.oneOf) > 0 && !wrong && v.alternatives(c.oneOf, chosen, at, m, 2) != 1 && v.fail(c, "oneOf", at, &ok) {
		return false
	}
	if next := v.conditional(c, at, m); next != nil && !v.apply(next, at, m) && v.stop(&ok) {
		return false
	}
	for _, d := range c.dependentSchemas {
		if at.Member(d.name).Exists() && !v.apply(d.checker, at, m) && v.stop(&ok) {
			return false
		}
	}
	return ok
}

// apply visits the value at hand by another checker and adds what that describes to the marks. If the value is wrong, all its
// members count as described by what is wrong: saying that they are not would be the same fault a second time.
func (v *visitor) apply(c *Checker, at strictjson.Value, m marks) bool {
	if m == nil {
		return v.visit(c, at, nil)
	}
	own := &markSet{}
	ok := v.visit(c, at, own)
	if ok || v.goesOn() {
		m.addAll(own)
	}
	return ok
}

// takes visits quietly.
func (v *visitor) takes(c *Checker, at strictjson.Value, m marks) bool {
	quiet := v.quiet
	v.quiet = true
	ok := v.apply(c, at, m)
	v.quiet = quiet
	return ok
}

// dynamicTarget is what $dynamicRef leads to: the schema of the outermost resource that has the anchor.
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

// alternatives counts those that take the value, up to most. What a discriminator chooses is the only one.
func (v *visitor) alternatives(list []*Checker, chosen *Checker, at strictjson.Value, m marks, most int) int {
	if chosen != nil {
		list = []*Checker{chosen}
	}
	count := 0
	for _, part := range list {
		if v.takes(part, at, m) {
			if count++; count == most {
				break
			}
		}
	}
	return count
}

// conditional is then or else, by what if says; nil: there is none.
func (v *visitor) conditional(c *Checker, at strictjson.Value, m marks) *Checker {
	switch {
	case c.when == nil || c.then == nil && c.els == nil && m == nil:
		return nil
	case v.takes(c.when, at, m):
		return c.then
	}
	return c.els
}
