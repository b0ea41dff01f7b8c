package spec

import (
	"cmp"
	"slices"
)

// An operation is refused if any part that it uses has a cause: its parameters, bodies, responses, and their schemas. The
// causes come from two sources. Reading has set them, for example for a broken reference. And findEndless adds the schemas that
// apply themselves to the same value, whose evaluation would not end:
//
//	A: {allOf: [{$ref: '#/components/schemas/A'}]}               endless
//	A: {type: array, items: {$ref: '#/components/schemas/A'}}    fine: each round needs a smaller part of the value
//
// spread then passes the cause of a schema to all schemas that use it.

// refuse sets the cause of every operation that cannot be judged.
func (d *Document) refuse() {
	d.findEndless()
	d.spread()
	for _, b := range d.parts.bodies {
		b.cause = cmp.Or(b.cause, contentCause(b.Content))
	}
	for _, r := range d.parts.responses {
		r.cause = cmp.Or(r.cause, contentCause(r.Content), parametersCause(r.Headers))
	}
	for _, item := range slices.Concat(d.PathItems, d.Webhooks) {
		for _, op := range item.Operations {
			op.Refused = cmp.Or(op.Refused, op.cause())
		}
	}
}

// refused returns the cause of a schema, or nil. The schema may be nil.
func (s *Schema) refused() *Finding {
	if s == nil {
		return nil
	}
	return s.Refused
}

// cause returns the first cause among the parts of the operation.
func (o *Operation) cause() *Finding {
	f := parametersCause(o.Parameters)
	if o.Body != nil {
		f = cmp.Or(f, o.Body.cause)
	}
	for _, r := range o.Responses {
		f = cmp.Or(f, r.shared.cause)
	}
	return f
}

func parametersCause(parameters []*Parameter) (f *Finding) {
	for _, p := range parameters {
		f = cmp.Or(f, p.cause, p.Schema.refused(), contentCause(p.Content))
	}
	return f
}

func contentCause(content []*MediaType) (f *Finding) {
	for _, m := range content {
		f = cmp.Or(f, m.cause, m.Schema.refused(), m.ItemSchema.refused())
		for _, e := range m.Encoding {
			f = cmp.Or(f, partCause(e.Headers))
		}
	}
	return f
}

// partCause returns the first cause among the headers of a part. It does not descend into their encodings, since headers and
// media types may contain each other in a cycle, and the content of a header has no parts.
func partCause(headers []*Header) (f *Finding) {
	for _, h := range headers {
		f = cmp.Or(f, h.cause, h.Schema.refused())
		for _, m := range h.Content {
			f = cmp.Or(f, m.cause, m.Schema.refused())
		}
	}
	return f
}

// findEndless refuses one schema in each cycle of schemas that apply each other to the same value. It first removes,
// repeatedly, the schemas that apply no remaining schema; from each that remains, the remaining uses lead into a cycle. It then
// follows these uses from every remaining schema until it meets a schema of the same walk.
func (d *Document) findEndless() {
	left := map[*Schema]int{} // the number of remaining schemas that each schema applies
	ending := []*Schema{}     // the schemas that are removed
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
	walk := map[*Schema]int{} // the number of the walk that met a schema first
	for i, s := range d.schemas {
		for left[s] > 0 && walk[s] == 0 {
			walk[s] = i + 1
			if s = s.useOf(left).schema; walk[s] == i+1 {
				f := d.find("schema/endless", s.Node,
					"endless schema: it applies itself to the same value by %s", s.useOf(left).keyword)
				s.Refused = cmp.Or(s.Refused, f)
			}
		}
	}
}

// useOf returns the first use of a remaining schema for the same value.
func (s *Schema) useOf(left map[*Schema]int) use {
	i := slices.IndexFunc(s.uses, func(u use) bool { return u.inPlace() && left[u.schema] > 0 })
	return s.uses[i]
}

// spread refuses all schemas that use a refused schema, directly or through others. A $dynamicRef may use any schema with its
// anchor.
func (d *Document) spread() {
	queue := []*Schema{}
	byAnchor := map[string][]*Schema{} // the schemas with a $dynamicRef to each $dynamicAnchor
	for _, s := range d.schemas {
		if s.Refused != nil {
			queue = append(queue, s)
		}
		if s.DynamicName != "" {
			byAnchor[s.DynamicName] = append(byAnchor[s.DynamicName], s)
		}
	}
	refuse := func(user *Schema, f *Finding) {
		if user.Refused == nil {
			user.Refused = f
			queue = append(queue, user)
		}
	}
	for i := 0; i < len(queue); i++ {
		s := queue[i]
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
