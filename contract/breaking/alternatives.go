package breaking

import (
	"fmt"
	"path"
	"slices"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// The alternatives of oneOf and anyOf have no names, and their order means nothing. So those of the old document find their
// partners in the new one: the same component, then the same text, then the same title, then the same types and members, then the
// next that is left.

// alternatives leads to the alternatives that have partners. One without is a difference.
func (g *graph) alternatives(p *pair) {
	old, new := groupsOf(p.old), groupsOf(p.new)
	if len(old) != len(new) {
		says := fmt.Sprintf("oneOf and anyOf: %d → %d", len(old), len(new))
		p.differences = append(p.differences, difference{
			id: "alternatives/changed", says: says, old: unionNode(p.old), new: unionNode(p.new),
		})
	}
	for i := range min(len(old), len(new)) {
		if old[i].keyword != new[i].keyword {
			p.differences = append(p.differences, difference{
				id: "alternatives/changed", says: old[i].keyword + " → " + new[i].keyword, old: old[i].node, new: new[i].node,
			})
		}
		g.group(p, old[i], new[i])
	}
}

// group compares the alternatives of one keyword.
func (g *graph) group(p *pair, old, new union) {
	partners := partnersOf(old.schemas, new.schemas)
	for i, was := range old.schemas {
		if partners[i] == nil {
			p.differences = append(p.differences, difference{
				id: "alternative/removed", says: nameOf(was) + " is gone", old: was.Node, new: new.node,
				below: &step{kind: toBranch, index: i, old: was},
			})
			continue
		}
		g.lead(p, toBranch, "", i, []*spec.Schema{was}, []*spec.Schema{partners[i]})
	}
	for i, is := range new.schemas {
		if !slices.Contains(partners, is) {
			p.differences = append(p.differences, difference{
				id: "alternative/added", says: nameOf(is) + " is new", old: old.node, new: is.Node,
				below: &step{kind: toBranch, index: i, new: is},
			})
		}
	}
}

// union is anyOf or oneOf of one schema.
type union struct {
	keyword string
	schemas []*spec.Schema
	node    *spec.Node
}

// groupsOf lists the unions of a value, without those that are resolved (value.go).
func groupsOf(v *value) []union {
	list := []union{}
	for _, s := range v.schemas {
		for _, u := range []union{{"anyOf", s.AnyOf, nil}, {"oneOf", s.OneOf, nil}} {
			if onlyAlternative(u.schemas) == nil && len(u.schemas) > 0 && !isPlain(u.schemas) {
				u.node = s.Node.Member(u.keyword)
				list = append(list, u)
			}
		}
	}
	return list
}

func unionNode(v *value) *spec.Node {
	for _, u := range groupsOf(v) {
		return u.node
	}
	return nil
}

// partnersOf returns the new alternative for each old one, or nil.
func partnersOf(old, new []*spec.Schema) []*spec.Schema {
	partners := make([]*spec.Schema, len(old))
	for _, key := range []func(*spec.Schema) string{componentOf, textOf, titleOf, shapeOfSchema, anyOne} {
		for i, was := range old {
			name := key(was)
			if partners[i] != nil || name == "" {
				continue
			}
			for _, is := range new {
				if !slices.Contains(partners, is) && key(is) == name {
					partners[i] = is
					break
				}
			}
		}
	}
	return partners
}

// resolved follows references without siblings.
func resolved(s *spec.Schema) *spec.Schema {
	for range maxTogether {
		if s.Ref == nil || len(s.Node.Members) > 1 {
			break
		}
		s = s.Ref
	}
	return s
}

// componentOf is the name of the component that an alternative is, or "".
func componentOf(s *spec.Schema) string {
	dir, name := path.Split(resolved(s).Node.Pointer())
	if dir != "/components/schemas/" {
		return ""
	}
	return name
}

// textOf is the schema as it is written, without prose.
func textOf(s *spec.Schema) string { return jsonOf(withoutProse(resolved(s).Node)) }

// withoutProse copies a node without the members that say nothing about exchanges.
func withoutProse(n *spec.Node) *spec.Node {
	made := &spec.Node{Kind: n.Kind, Text: n.Text}
	for _, m := range n.Members {
		if !isProse(m.Name) {
			made.Members = append(made.Members, spec.Member{Name: m.Name, Value: withoutProse(m.Value)})
		}
	}
	for _, item := range n.Items {
		made.Items = append(made.Items, withoutProse(item))
	}
	return made
}

// titleOf is the title of an alternative, or "".
func titleOf(s *spec.Schema) string {
	if title := resolved(s).Node.Member("title"); title != nil {
		return title.Text
	}
	return ""
}

// shapeOfSchema says roughly what an alternative is: its types, and the names of its members.
func shapeOfSchema(s *spec.Schema) string {
	s = resolved(s)
	members := textsOf(s.Properties, func(p spec.Property) string { return p.Name })
	return fmt.Sprint(slices.Sorted(slices.Values(s.Types)), members)
}

func anyOne(*spec.Schema) string { return "any" }

// nameOf names an alternative in a message.
func nameOf(s *spec.Schema) string {
	if name := componentOf(s); name != "" {
		return "the alternative " + name
	}
	if title := titleOf(s); title != "" {
		return "the alternative " + quoted(title)
	}
	if types := resolved(s).Types; len(types) > 0 {
		return "the alternative " + listed(types)
	}
	return "an alternative"
}
