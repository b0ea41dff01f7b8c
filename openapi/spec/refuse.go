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
	ending := []*Schema{}
	for _, s := range d.schemas {
		for _, u := range s.uses {
			if u.inPlace() {
				left[s]++
			}
		}
		if left[s] == 0 {
			ending = append(ending, s)
		}
	}
	for i := 0; i < len(ending); i++ {
		for _, u := range ending[i].usedBy {
			if !u.inPlace() {
				continue
			}
			if left[u.schema]--; left[u.schema] == 0 {
				ending = append(ending, u.schema)
			}
		}
	}
	round := map[*Schema]int{} // in which walk a schema was met
	for i, s := range d.schemas {
		for left[s] > 0 && round[s] == 0 {
			round[s] = i + 1
			if s = s.useOf(left).schema; round[s] == i+1 {
				f := d.find("schema/endless", s.Node,
					"the schema contains itself without a way out: %s leads back to it", s.useOf(left).keyword)
				s.Refused = firstFault(s.Refused, f)
			}
		}
	}
}

// useOf is the first use in place of a schema that is left.
func (s *Schema) useOf(left map[*Schema]int) use {
	i := slices.IndexFunc(s.uses, func(u use) bool { return u.inPlace() && left[u.schema] > 0 })
	return s.uses[i]
}

// spread gives the fault of a schema to all that use it.
func (d *Document) spread() {
	faulty := []*Schema{}
	byAnchor := map[string][]*Schema{} // by a $dynamicAnchor, what may come to use a schema that has it
	for _, s := range d.schemas {
		if s.Refused != nil {
			faulty = append(faulty, s)
		}
		if s.DynamicName != "" {
			byAnchor[s.DynamicName] = append(byAnchor[s.DynamicName], s)
		}
	}
	refuse := func(user *Schema, f *Finding) {
		if user.Refused == nil {
			user.Refused = f
			faulty = append(faulty, user)
		}
	}
	for i := 0; i < len(faulty); i++ {
		s := faulty[i]
		for _, u := range s.usedBy {
			refuse(u.schema, s.Refused)
		}
		if anchor := s.Node.Member("$dynamicAnchor"); anchor != nil && anchor.Kind == String {
			for _, user := range byAnchor[anchor.Text] {
				refuse(user, s.Refused)
			}
			delete(byAnchor, anchor.Text)
		}
	}
}
