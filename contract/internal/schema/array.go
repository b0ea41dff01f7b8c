package schema

import (
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// arrayKeywords are the compiled keywords for arrays.
type arrayKeywords struct {
	size                     sizes
	isUnique                 bool
	prefix                   []*Checker
	items, contains          *Checker
	minContains, maxContains *uint64
}

// newArrayKeywords returns nil if the schema has no keyword for arrays.
func (s *Set) newArrayKeywords(sc *spec.Schema) *arrayKeywords {
	k := &arrayKeywords{
		size: sizes{sc.MinItems, sc.MaxItems}, isUnique: sc.UniqueItems, prefix: s.list(sc.PrefixItems), items: s.checker(sc.Items),
		contains: s.checker(sc.Contains), minContains: sc.MinContains, maxContains: sc.MaxContains,
	}
	if k.size == (sizes{}) && !k.isUnique && k.items == nil && k.contains == nil && len(k.prefix) == 0 {
		return nil
	}
	return k
}

// array checks an array: its size, then its elements as a whole, then each element by prefixItems or items. For [1, "a", "b"]
// and
//
//	{prefixItems: [{type: integer}], items: {type: string}, uniqueItems: true, contains: {const: a}}
//
// that is: no two elements are equal, one element is "a", element 0 is an integer, and the others are strings.
func (v *visitor) array(c *Checker, value strictjson.Value, m *marks) bool {
	ok, k := true, c.array
	if !v.size(c, value, value.Len(), v.limits(k.size), "minItems", "maxItems") && v.stop(&ok) {
		return false
	}
	if k.isUnique {
		v.effort += value.Size()
		if !v.isUnique(c, value) && v.fail(c, "uniqueItems", value, &ok) {
			return false
		}
	}
	if k.contains != nil && !v.contains(c, value, m) && v.stop(&ok) {
		return false
	}
	if k.items == nil && len(k.prefix) == 0 {
		return ok
	}
	for i, element := range value.Elements() {
		item := c.element(i)
		if item == nil {
			break
		}
		m.add(i)
		if !v.child(item, element, step{"", i}) && v.stop(&ok) {
			return false
		}
	}
	return ok
}

// element returns the checker of an element by prefixItems or items, or nil.
func (c *Checker) element(index int) *Checker {
	switch k := c.array; {
	case k == nil:
		return nil
	case index < len(k.prefix):
		return k.prefix[index]
	default:
		return k.items
	}
}

// contains counts the elements that match the schema of contains. Those elements count as evaluated.
func (v *visitor) contains(c *Checker, value strictjson.Value, m *marks) bool {
	ok, k, count := true, c.array, uint64(0)
	quiet := v.quiet
	v.quiet, v.observes = true, false // a match of contains is no observation
	for i, element := range value.Elements() {
		if v.child(k.contains, element, step{"", i}) {
			m.add(i)
			count++
		}
	}
	v.quiet = quiet
	switch {
	case v.Partial && (k.maxContains == nil || count <= *k.maxContains):
	case k.minContains == nil && count == 0:
		v.fail(c, "contains", value, &ok)
	case k.minContains != nil && count < *k.minContains:
		v.fail(c, "minContains", value, &ok)
	case k.maxContains != nil && count > *k.maxContains:
		v.fail(c, "maxContains", value, &ok)
	}
	return ok
}
