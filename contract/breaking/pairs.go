package breaking

import (
	"slices"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Schemas refer to each other, and many operations share them. So each pair of an old and a new value is compared once, and the
// pairs make a graph:
//
//	Pet, Pet'    --member kind-->    Kind, Kind'    the enum has a further value
//	             --member owner-->   Owner, Owner'  equal
//
// Then the graph is walked from each body, parameter and header, on the paths that lead to a difference. A difference that
// several of them reach is one change, found at the first, with the others beside it.

// graph has all pairs of values that were compared.
type graph struct {
	old, new *values
	pairs    map[[2]*value]*pair
	queue    []*pair // to be compared
}

// pair is two values that describe the same part of an exchange.
type pair struct {
	old, new    *value
	differences []difference // of the values themselves
	parts       []partOfPair
	parents     []*pair

	differs     bool // the pair or one that it leads to has a difference
	differsMore bool // and one above prose
}

// partOfPair leads from a pair to that of a part of the value.
type partOfPair struct {
	step step
	pair *pair
	// condition is the keyword, such as not, whose schema does not say that a value is right; any difference below it is one
	// change of the condition. "": the part is a part of the value.
	condition string
}

func newGraph() *graph {
	return &graph{old: newValues(), new: newValues(), pairs: map[[2]*value]*pair{}}
}

// schemas returns the pair of two schemas, each nil for a value of any kind.
func (g *graph) schemas(old, new *spec.Schema) *pair { return g.pair(g.old.of(old), g.new.of(new)) }

func (g *graph) pair(old, new *value) *pair {
	key := [2]*value{old, new}
	if p := g.pairs[key]; p != nil {
		return p
	}
	p := &pair{old: old, new: new}
	g.pairs[key] = p
	g.queue = append(g.queue, p)
	return p
}

// compare compares all pairs that were asked for, and those that they lead to.
func (g *graph) compare() {
	compared := []*pair{}
	for len(g.queue) > 0 {
		p := g.queue[0]
		g.queue = g.queue[1:]
		compared = append(compared, p)
		if p.whole() {
			continue
		}
		p.differences = differ(p.old, p.new)
		shared := sharedTypes(p.old, p.new)
		if shared.any(objects...) {
			g.members(p)
		}
		if shared.any(lists...) {
			g.elements(p)
		}
		g.alternatives(p)
		g.conditions(p)
	}
	for _, p := range compared {
		for _, d := range p.differences {
			p.mark(d.id != proseID)
		}
	}
}

// isUnion reports whether a value is nothing but one of several alternatives.
func (v *value) isUnion() bool {
	return len(groupsOf(v)) > 0 && v.saysOnly("oneOf", "anyOf", "discriminator")
}

// whole compares two values of which one says nothing, so that any value is right, or of which one only lists alternatives. That
// is one difference, however much the other says, unless both only list values.
func (p *pair) whole() bool {
	old, new := p.old.saysOnly(), p.new.saysOnly()
	switch {
	case p.old.saysOnly("enum", "const") && p.new.saysOnly("enum", "const"):
		return false
	case !old && !new && p.old.isUnion() != p.new.isUnion():
		d := difference{id: "alternatives/changed", says: "a schema → alternatives", old: p.old.place(), new: p.new.place()}
		if p.old.isUnion() {
			d.says = "alternatives → a schema"
		}
		p.differences = []difference{d}
		return true
	case old && !new:
		p.differences = []difference{{id: "schema/added", says: "any value → a schema", new: p.new.place()}}
	case new && !old:
		p.differences = []difference{{id: "schema/removed", says: "a schema → any value", old: p.old.place()}}
	}
	return old != new
}

// mark marks the pair and all that lead to it.
func (p *pair) mark(more bool) {
	for queue := []*pair{p}; len(queue) > 0; queue = queue[1:] {
		p := queue[0]
		if p.differs && (p.differsMore || !more) {
			continue
		}
		p.differs, p.differsMore = true, p.differsMore || more
		queue = append(queue, p.parents...)
	}
}

// lead adds a part to a pair.
func (g *graph) lead(p *pair, kind stepKind, name string, index int, old, new []*spec.Schema) {
	below := g.pair(g.old.of(old...), g.new.of(new...))
	below.parents = append(below.parents, p)
	p.parts = append(p.parts, partOfPair{step: step{kind, name, index, below.old.schema(), below.new.schema()}, pair: below})
}

// members leads to the members that both values describe. One that only one describes is a difference.
func (g *graph) members(p *pair) {
	old := p.old.properties(func(s *spec.Schema) []spec.Property { return s.Properties })
	new := p.new.properties(func(s *spec.Schema) []spec.Property { return s.Properties })
	oldRequired, newRequired := p.old.required(), p.new.required()
	for _, is := range new {
		if was := named(old, is.name); was != nil {
			g.lead(p, toMember, is.name, 0, was, is.schemas)
			continue
		}
		says := quoted(is.name) + " is new"
		if newRequired[is.name] != nil {
			says += ", and required"
		}
		p.differences = append(p.differences, difference{
			id: "property/added", says: says, new: is.schemas[0].Node, names: []string{is.name},
			below: &step{kind: toMember, name: is.name, new: is.schemas[0]},
		})
	}
	for _, was := range old {
		if named(new, was.name) != nil {
			continue
		}
		says := quoted(was.name) + " is gone"
		switch {
		case newRequired[was.name] != nil:
			says += "; it is still required"
		case oldRequired[was.name] != nil:
			says += "; it was required"
		}
		p.differences = append(p.differences, difference{
			id: "property/removed", says: says, old: was.schemas[0].Node, names: []string{was.name},
			below: &step{kind: toMember, name: was.name, old: was.schemas[0]},
		})
	}
	g.patterns(p)
	g.additional(p)
}

func named(list []property, name string) []*spec.Schema {
	for _, p := range list {
		if p.name == name {
			return p.schemas
		}
	}
	return nil
}

// patterns leads to the members of patternProperties.
func (g *graph) patterns(p *pair) {
	old := p.old.properties(func(s *spec.Schema) []spec.Property { return s.PatternProperties })
	new := p.new.properties(func(s *spec.Schema) []spec.Property { return s.PatternProperties })
	for _, is := range new {
		if was := named(old, is.name); was != nil {
			g.lead(p, toAdditional, is.name, 0, was, is.schemas)
		}
	}
	name := func(p property) string { return p.name }
	if was, is := textsOf(old, name), textsOf(new, name); !slices.Equal(was, is) {
		p.differences = append(p.differences, difference{
			id: "additional/changed", says: "patternProperties: " + orNone(was) + " → " + orNone(is),
			old: p.old.node("patternProperties"), new: p.new.node("patternProperties"),
		})
	}
}

func textsOf[T any](list []T, of func(T) string) []string {
	texts := []string{}
	for _, item := range list {
		texts = append(texts, of(item))
	}
	slices.Sort(texts)
	return texts
}

// additional compares what members may there be that the values do not describe: any, none, or those of a schema.
func (g *graph) additional(p *pair) {
	of := func(v *value) (list []*spec.Schema, closed bool, node *spec.Node) {
		list = v.all(func(s *spec.Schema) *spec.Schema { return s.AdditionalProperties })
		list = append(list, v.all(func(s *spec.Schema) *spec.Schema { return s.UnevaluatedProperties })...)
		if len(list) > 0 {
			node = list[0].Node
		}
		closed = slices.ContainsFunc(list, never)
		list = slices.DeleteFunc(list, func(s *spec.Schema) bool { return s.Always || s.Never })
		return list, closed, node
	}
	old, oldClosed, oldNode := of(p.old)
	new, newClosed, newNode := of(p.new)
	if oldClosed != newClosed {
		d := difference{id: "additional/closed", says: "no further members any more", old: oldNode, new: newNode}
		if oldClosed {
			d.id, d.says = "additional/opened", "further members are right now"
		}
		p.differences = append(p.differences, d)
		return
	}
	if !oldClosed && len(old)+len(new) > 0 {
		g.lead(p, toAdditional, "", 0, old, new)
	}
}

// elements leads to the elements of lists.
func (g *graph) elements(p *pair) {
	prefix := func(v *value) (list []*spec.Schema) {
		for _, s := range v.schemas {
			if len(s.PrefixItems) > len(list) {
				list = s.PrefixItems
			}
		}
		return list
	}
	items := func(s *spec.Schema) *spec.Schema { return s.Items }
	oldItems, newItems := p.old.all(items), p.new.all(items)
	old, new := prefix(p.old), prefix(p.new)
	for i := range max(len(old), len(new)) {
		was, is := oldItems, newItems
		if i < len(old) {
			was = old[i : i+1]
		}
		if i < len(new) {
			is = new[i : i+1]
		}
		g.lead(p, toPrefix, "", i, was, is)
	}
	if len(oldItems)+len(newItems) > 0 {
		g.lead(p, toItem, "", len(old), oldItems, newItems)
	}
}

// conditions leads to schemas that are not those of the value or of a part of it.
func (g *graph) conditions(p *pair) {
	for _, c := range []struct {
		keyword string
		of      func(*spec.Schema) *spec.Schema
	}{
		{"not", func(s *spec.Schema) *spec.Schema { return s.Not }},
		{"if", func(s *spec.Schema) *spec.Schema { return s.If }},
		{"then", func(s *spec.Schema) *spec.Schema { return s.Then }},
		{"else", func(s *spec.Schema) *spec.Schema { return s.Else }},
		{"contains", func(s *spec.Schema) *spec.Schema { return s.Contains }},
		{"propertyNames", func(s *spec.Schema) *spec.Schema { return s.PropertyNames }},
		{"unevaluatedItems", func(s *spec.Schema) *spec.Schema { return s.UnevaluatedItems }},
		{"contentSchema", func(s *spec.Schema) *spec.Schema { return s.ContentSchema }},
	} {
		g.condition(p, c.keyword, p.old.all(c.of), p.new.all(c.of))
	}
	of := func(s *spec.Schema) []spec.Property { return s.DependentSchemas }
	old, new := p.old.properties(of), p.new.properties(of)
	for _, was := range old {
		g.condition(p, "dependentSchemas", was.schemas, named(new, was.name))
	}
	for _, is := range new {
		if named(old, is.name) == nil {
			g.condition(p, "dependentSchemas", nil, is.schemas)
		}
	}
	dependent := func(s *spec.Schema) string { return jsonOf(s.Node.Member("dependentRequired")) }
	if was, is := p.old.texts(dependent), p.new.texts(dependent); !slices.Equal(was, is) {
		p.differences = append(p.differences, difference{
			id: "condition/changed", says: "dependentRequired: " + orNone(was) + " → " + orNone(is),
			old: p.old.node("dependentRequired"), new: p.new.node("dependentRequired"),
		})
	}
}

// condition compares the schemas of a keyword. If only one value has it, there is a difference even if the schema says nothing:
// not: {} refuses all.
func (g *graph) condition(p *pair, keyword string, old, new []*spec.Schema) {
	if len(old) == 0 && len(new) == 0 {
		return
	}
	if len(old) != len(new) {
		says := keyword + " is new"
		if len(new) < len(old) {
			says = keyword + " is gone"
		}
		p.differences = append(p.differences, difference{
			id: "condition/changed", says: says, old: p.old.node(keyword), new: p.new.node(keyword),
		})
		return
	}
	for i := range old {
		below := g.schemas(old[i], new[i])
		below.parents = append(below.parents, p)
		p.parts = append(p.parts, partOfPair{pair: below, condition: keyword})
	}
}
