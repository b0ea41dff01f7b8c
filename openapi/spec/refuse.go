package spec

import "slices"

// A schema that contains itself is fine if a value must have a part for each time round: a tree of items ends where the value
// ends. If a schema applies itself to the same value, by allOf, anyOf, oneOf, not, if or a reference, no evaluation ends.

// refuse refuses every operation that a fault concerns.
func (d *Document) refuse() {
	d.findEndless()
	d.spread()
	for _, b := range d.parts.bodies {
		b.fault = firstFault(b.fault, contentFault(b.Content))
	}
	for _, r := range d.parts.responses {
		r.fault = firstFault(r.fault, contentFault(r.Content), headersFault(r.Headers))
	}
	for _, item := range append(append([]*PathItem{}, d.PathItems...), d.Webhooks...) {
		for _, op := range item.Operations {
			op.Refused = firstFault(op.Refused, op.fault())
		}
	}
}

func (s *Schema) refused() *Finding {
	if s == nil {
		return nil
	}
	return s.Refused
}

// fault is the first fault of what the operation uses.
func (o *Operation) fault() *Finding {
	for _, p := range o.Parameters {
		if f := firstFault(p.fault, p.Schema.refused(), contentFault(p.Content)); f != nil {
			return f
		}
	}
	if o.Body != nil && o.Body.fault != nil {
		return o.Body.fault
	}
	for _, r := range o.Responses {
		if r.shared.fault != nil {
			return r.shared.fault
		}
	}
	return nil
}

func headersFault(headers []*Header) *Finding {
	for _, h := range headers {
		if f := firstFault(h.fault, h.Schema.refused(), contentFault(h.Content)); f != nil {
			return f
		}
	}
	return nil
}

func contentFault(content []*MediaType) *Finding {
	for _, m := range content {
		if f := firstFault(m.fault, m.Schema.refused(), m.ItemSchema.refused()); f != nil {
			return f
		}
	}
	return nil
}

func firstFault(faults ...*Finding) *Finding {
	for _, f := range faults {
		if f != nil {
			return f
		}
	}
	return nil
}

// findEndless refuses the schemas that apply themselves to the same value. It takes away, again and again, what applies
// nothing that is left; what then is left leads into a circle.
func (d *Document) findEndless() {
	left := map[*Schema]int{} // of each schema, how many of those that it applies are left
	appliedBy := map[*Schema][]*Schema{}
	for _, s := range d.schemas {
		s.inPlace(func(other *Schema) {
			left[s]++
			appliedBy[other] = append(appliedBy[other], s)
		})
	}
	ending := []*Schema{}
	for _, s := range d.schemas {
		if left[s] == 0 {
			ending = append(ending, s)
		}
	}
	for len(ending) > 0 {
		s := ending[len(ending)-1]
		ending = ending[:len(ending)-1]
		for _, holder := range appliedBy[s] {
			if left[holder]--; left[holder] == 0 {
				ending = append(ending, holder)
			}
		}
	}
	round := map[*Schema]int{} // in which walk a schema was met
	for i, s := range d.schemas {
		for left[s] > 0 && round[s] == 0 {
			round[s] = i + 1
			s = s.leftOf(left)
			if round[s] == i+1 {
				s.Refused = firstFault(s.Refused, d.find("schema/endless", s.Node, "the schema contains itself without a way out: %s leads back to it", s.wayBack(left)))
			}
		}
	}
}

// leftOf is the first schema that s applies to the same value and that is left.
func (s *Schema) leftOf(left map[*Schema]int) (next *Schema) {
	s.inPlace(func(other *Schema) {
		if next == nil && left[other] > 0 {
			next = other
		}
	})
	return next
}

// wayBack names the keyword that begins the circle.
func (s *Schema) wayBack(left map[*Schema]int) string {
	next := s.leftOf(left)
	for _, k := range []struct {
		name string
		list []*Schema
	}{
		{"allOf", s.AllOf}, {"anyOf", s.AnyOf}, {"oneOf", s.OneOf}, {"$ref", []*Schema{s.Ref}}, {"$dynamicRef", []*Schema{s.DynamicRef}},
		{"not", []*Schema{s.Not}}, {"if", []*Schema{s.If}}, {"then", []*Schema{s.Then}}, {"else", []*Schema{s.Else}},
	} {
		for _, other := range k.list {
			if other == next {
				return k.name
			}
		}
	}
	return "dependentSchemas"
}

// spread gives the fault of a schema to all that use it.
func (d *Document) spread() {
	faulty := []*Schema{}
	for _, s := range d.schemas {
		if s.Refused != nil {
			faulty = append(faulty, s)
		}
	}
	if len(faulty) == 0 {
		return
	}
	usedBy := map[*Schema][]*Schema{}
	byAnchor := map[string][]*Schema{} // by a $dynamicAnchor, what may come to use a schema that has it
	for _, s := range d.schemas {
		s.uses(func(other *Schema) { usedBy[other] = append(usedBy[other], s) })
		if s.DynamicName != "" {
			byAnchor[s.DynamicName] = append(byAnchor[s.DynamicName], s)
		}
	}
	for len(faulty) > 0 {
		s := faulty[0]
		faulty = faulty[1:]
		users := usedBy[s]
		if anchor := s.Node.Member("$dynamicAnchor"); anchor != nil && anchor.Kind == String {
			users = slices.Concat(users, byAnchor[anchor.Text])
			delete(byAnchor, anchor.Text)
		}
		for _, user := range users {
			if user.Refused == nil {
				user.Refused = s.Refused
				faulty = append(faulty, user)
			}
		}
	}
}
