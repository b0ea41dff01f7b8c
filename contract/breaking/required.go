package breaking

import (
	"cmp"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// required compares which members are required, of those that both documents describe, or neither does. A member that only one
// of them describes is a difference of its own (pairs.go).
func (d *differences) required() {
	old, new := d.old.required(), d.new.required()
	further, gone := []string{}, []string{}
	for name := range new {
		if old[name] == nil && d.old.describes(name) == d.new.describes(name) {
			further = append(further, name)
		}
	}
	for name := range old {
		if new[name] == nil && d.old.describes(name) == d.new.describes(name) {
			gone = append(gone, name)
		}
	}
	d.requiredNames("required/added", "required now", further, new)
	d.requiredNames("required/removed", "no longer required", gone, old)
}

// requiredNames adds one difference for the names of each list of required members.
func (d *differences) requiredNames(id, says string, names []string, nodes map[string]*spec.Node) {
	slices.Sort(names)
	for len(names) > 0 {
		node, together := nodes[names[0]], []string{}
		for _, name := range names {
			if nodes[name] == node {
				together = append(together, name)
			}
		}
		names = without(names, together)
		found := difference{id: id, says: areOrIs(together) + " " + says, names: together}
		if id == "required/added" {
			found.old, found.new = d.old.requiredBeside(node), node
		} else {
			found.old, found.new = node, d.new.requiredBeside(node)
		}
		d.list = append(d.list, found)
	}
}

// requiredBeside is the list of required members at the place where the other document has one, or what stands for it.
func (v *value) requiredBeside(other *spec.Node) *spec.Node {
	if n := v.beside(other); n != nil {
		return cmp.Or(n.Member("required"), n)
	}
	return v.node("required")
}

func isOrAre(list []string) string {
	if len(list) > 1 {
		return " are "
	}
	return " is "
}

// areOrIs is the beginning of a sentence about names: "a" is, or "a", "b" are.
func areOrIs(names []string) string {
	return listed(textsOf(names, quoted)) + strings.TrimRight(isOrAre(names), " ")
}

// describes reports whether the value has a property of the name.
func (v *value) describes(name string) bool {
	return v.has(func(s *spec.Schema) bool {
		return slices.ContainsFunc(s.Properties, func(p spec.Property) bool { return p.Name == name })
	})
}
