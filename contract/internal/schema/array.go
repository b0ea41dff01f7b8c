package schema

import (
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// arrayKeywords are the keywords for arrays.
type arrayKeywords struct {
	size                     sizes
	isUnique                 bool
	prefix                   []*Checker
	items, contains          *Checker
	minContains, maxContains *uint64
}

// newArrayKeywords returns nil if the schema has none.
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

func (v *visitor) array(c *Checker, at strictjson.Value, m marks) bool {
	ok, k := true, c.array
	if !v.size(c, at, at.Len(), k.size, "minItems", "maxItems") && v.stop(&ok) {
		return false
	}
	if k.isUnique {
		v.effort += at.Size()
	}
	if k.isUnique && !v.isUnique(c, at) && v.fail(c, "uniqueItems", at, &ok) {
		return false
	}
	if k.contains != nil && !v.contains(c, at, m) && v.stop(&ok) {
		return false
	}
	if k.items == nil && len(k.prefix) == 0 {
		return ok
	}
	for i, element := range at.Elements() {
		item := k.items
		if i < len(k.prefix) {
			item = k.prefix[i]
		}
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

// contains counts the elements that the schema of contains takes. They count as described.
func (v *visitor) contains(c *Checker, at strictjson.Value, m marks) bool {
	ok, k, count := true, c.array, uint64(0)
	quiet := v.quiet
	v.quiet, v.observes = true, false // contains does not describe the elements
	for i, element := range at.Elements() {
		if v.child(k.contains, element, step{"", i}) {
			m.add(i)
			count++
		}
	}
	v.quiet = quiet
	switch {
	case k.minContains == nil && count == 0:
		v.fail(c, "contains", at, &ok)
	case k.minContains != nil && count < *k.minContains:
		v.fail(c, "minContains", at, &ok)
	case k.maxContains != nil && count > *k.maxContains:
		v.fail(c, "maxContains", at, &ok)
	}
	return ok
}
