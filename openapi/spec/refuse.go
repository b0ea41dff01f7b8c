package spec

import (
	"cmp"
	"slices"
)

// A schema that contains itself is fine if a value must have a part for each time round: a tree of items ends where the value
// ends. If a schema applies itself to the same value, by allOf, anyOf, oneOf, not, if or a reference, no evaluation ends.

// refuse refuses every operation that a fault concerns.
func (d *Document) refuse() {
	d.findEndless()
	d.spread()
	for _, b := range d.parts.bodies {
		b.fault = cmp.Or(b.fault, contentFault(b.Content))
	}
	for _, r := range d.parts.responses {
		r.fault = cmp.Or(r.fault, contentFault(r.Content), parametersFault(r.Headers))
	}
	for _, item := range slices.Concat(d.PathItems, d.Webhooks) {
		for _, op := range item.Operations {
			op.Refused = cmp.Or(op.Refused, op.fault())
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
	f := parametersFault(o.Parameters)
	if o.Body != nil {
		f = cmp.Or(f, o.Body.fault)
	}
	for _, r := range o.Responses {
		f = cmp.Or(f, r.shared.fault)
	}
	return f
}

func parametersFault(parameters []*Parameter) (f *Finding) {
	for _, p := range parameters {
		f = cmp.Or(f, p.fault, p.Schema.refused(), contentFault(p.Content))
	}
	return f
}

func contentFault(content []*MediaType) (f *Finding) {
	for _, m := range content {
		f = cmp.Or(f, m.fault, m.Schema.refused(), m.ItemSchema.refused())
		for _, e := range m.Encoding {
			f = cmp.Or(f, partFault(e.Headers))
		}
	}
	return f
}

// partFault is the first fault of the headers of a part. It goes no deeper, since headers and media types may hold one another
// in a circle; the content of a header has no parts.
func partFault(headers []*Header) (f *Finding) {
	for _, h := range headers {
		f = cmp.Or(f, h.fault, h.Schema.refused())
		for _, m := range h.Content {
			f = cmp.Or(f, m.fault, m.Schema.refused())
		}
	}
	return f
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
				s.Refused = cmp.Or(s.Refused, f)
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
		anchor := s.Node.word("$dynamicAnchor")
		for _, user := range byAnchor[anchor] {
			refuse(user, s.Refused)
		}
		delete(byAnchor, anchor)
	}
}
