package breaking

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Documents say the same in many ways. Before two schemas are compared, each becomes a value: the list of all schemas that apply
// to the same value, with references and allOf resolved. What the list says together is compared, not how it is written:
//
//	$ref: '#/components/schemas/Pet'                    the schema Pet
//	allOf: [{$ref: …/Pet}, {required: [name]}]          the schema Pet, and the one with required
//	anyOf: [{$ref: …/Pet}, {type: 'null'}]              the schema Pet, and null
//	type: string, nullable: true                        the types string and null, as type: [string, 'null'] in OpenAPI 3.1
//
// The alternatives of anyOf and oneOf stay: they are compared one by one.

// value is a list of schemas that apply to the same value. Values are interned: equal lists are one value.
type value struct {
	schemas []*spec.Schema
	// orNull are those schemas that null need not match, since it is an alternative to them.
	orNull map[*spec.Schema]bool
	// together has all schemas in its allOf; nil: the first of them leads to the others.
	together *spec.Schema
}

// values interns values, by the schemas that they are made of.
type values struct {
	bySchema map[*spec.Schema]*value
	byList   map[string]*value
	ids      map[*spec.Schema]int
}

func newValues() *values {
	return &values{map[*spec.Schema]*value{}, map[string]*value{}, map[*spec.Schema]int{}}
}

// of returns the value of schemas that apply together; nil stands for a value of any kind.
func (v *values) of(list ...*spec.Schema) *value {
	if len(list) == 1 && v.bySchema[list[0]] != nil {
		return v.bySchema[list[0]]
	}
	made := &value{orNull: map[*spec.Schema]bool{}}
	for _, s := range list {
		made.add(s, false)
	}
	key := v.key(made)
	if known := v.byList[key]; known != nil {
		made = known
	} else if len(list) > 1 { // no schema of the document stands for all of them
		made.together = &spec.Schema{Node: list[0].Node, Is30: list[0].Is30, AllOf: list}
	}
	v.byList[key] = made
	if len(list) == 1 {
		v.bySchema[list[0]] = made
	}
	return made
}

func (v *values) key(of *value) string {
	words := make([]string, len(of.schemas))
	for i, s := range of.schemas {
		if v.ids[s] == 0 {
			v.ids[s] = len(v.ids) + 1
		}
		words[i] = strconv.Itoa(v.ids[s])
		if of.orNull[s] {
			words[i] += "?"
		}
	}
	return strings.Join(words, " ")
}

// maxTogether limits the schemas of one value. A document that needs more is compared in part.
const maxTogether = 100

// add adds a schema and those that it applies to the same value.
func (v *value) add(s *spec.Schema, orNull bool) {
	if s == nil || s.Always || slices.Contains(v.schemas, s) || len(v.schemas) == maxTogether {
		return
	}
	v.schemas = append(v.schemas, s)
	if orNull {
		v.orNull[s] = true
	}
	v.add(s.Ref, orNull)
	v.add(s.DynamicRef, orNull)
	for _, part := range s.AllOf {
		v.add(part, orNull)
	}
	for _, group := range alternativesOf(s) {
		if only := onlyAlternative(group); only != nil {
			v.add(only, true)
		}
	}
}

// alternativesOf returns anyOf and oneOf, those that a schema has.
func alternativesOf(s *spec.Schema) [][]*spec.Schema {
	groups := [][]*spec.Schema{}
	for _, group := range [][]*spec.Schema{s.AnyOf, s.OneOf} {
		if len(group) > 0 {
			groups = append(groups, group)
		}
	}
	return groups
}

// onlyAlternative returns the schema that is the alternative to null; nil for any other group.
func onlyAlternative(group []*spec.Schema) *spec.Schema {
	others := slices.DeleteFunc(slices.Clone(group), isNull)
	if len(others) != 1 || len(group) != 2 {
		return nil
	}
	return others[0]
}

// isNull reports whether a schema allows only null.
func isNull(s *spec.Schema) bool {
	return slices.Equal(s.Types, []string{"null"}) && s.Node.Member("enum") == nil
}

// types returns the types that the value may have, sorted, and whether it is limited to them at all.
func (v *value) types() (list []string, limited bool) {
	for _, s := range v.schemas {
		if s.Never {
			return nil, true
		}
		for _, own := range append(plainTypes(s), slices.Clone(s.Types)) {
			if len(own) == 0 {
				continue
			}
			if s.Nullable || v.orNull[s] {
				own = append(own, "null")
			}
			if slices.Contains(own, "number") {
				own = append(own, "integer")
			}
			if limited {
				list = slices.DeleteFunc(list, func(t string) bool { return !slices.Contains(own, t) })
			} else {
				list, limited = own, true
			}
		}
	}
	slices.Sort(list)
	list = slices.Compact(list)
	if slices.Contains(list, "number") {
		list = slices.DeleteFunc(list, func(t string) bool { return t == "integer" })
	}
	return list, limited
}

// enum returns the values of enum or const as JSON, sorted, without null, and whether there are any; and the node to show.
func (v *value) enum() (list []string, node *spec.Node) {
	for _, s := range v.schemas {
		for _, items := range append(plainValues(s), valuesOf(s)) {
			if items == nil {
				continue
			}
			own := []string{}
			for _, item := range items {
				if item.Kind != spec.Null {
					own = append(own, jsonOf(item))
				}
			}
			if node == nil {
				list = own
			} else {
				list = slices.DeleteFunc(list, func(text string) bool { return !slices.Contains(own, text) })
			}
			node = orNode(s.Node.Member("enum"), orNode(s.Const, s.Node))
		}
	}
	slices.Sort(list)
	return slices.Compact(list), node
}

// allowsNull reports whether null is right, as far as types and enums say.
func (v *value) allowsNull() bool {
	if types, limited := v.types(); limited && !slices.Contains(types, "null") {
		return false
	}
	for _, s := range v.schemas {
		nodes := s.Enum
		if s.Const != nil {
			nodes = []*spec.Node{s.Const}
		}
		hasNull := slices.ContainsFunc(nodes, func(n *spec.Node) bool { return n.Kind == spec.Null })
		if nodes != nil && !hasNull && !v.orNull[s] {
			return false
		}
	}
	return true
}

// required returns the names of the required members, sorted, and the node of each.
func (v *value) required() map[string]*spec.Node {
	names := map[string]*spec.Node{}
	for _, s := range v.schemas {
		for _, name := range s.Required {
			if names[name] == nil {
				names[name] = s.Node.Member("required")
			}
		}
	}
	return names
}

// property is a member that a value describes.
type property struct {
	name    string
	schemas []*spec.Schema
}

// properties returns the described members, in the order of the document.
func (v *value) properties(of func(*spec.Schema) []spec.Property) []property {
	list, index := []property{}, map[string]int{}
	for _, s := range v.schemas {
		for _, p := range of(s) {
			i, known := index[p.Name]
			if !known {
				i = len(list)
				index[p.Name] = i
				list = append(list, property{name: p.Name})
			}
			list[i].schemas = append(list[i].schemas, p.Schema)
		}
	}
	return list
}

// all returns the schemas that a keyword has in the value.
func (v *value) all(keyword func(*spec.Schema) *spec.Schema) []*spec.Schema {
	list := []*spec.Schema{}
	for _, s := range v.schemas {
		if found := keyword(s); found != nil {
			list = append(list, found)
		}
	}
	return list
}

// texts returns what a func returns for each schema of the value, sorted, each once, without "".
func (v *value) texts(of func(*spec.Schema) string) []string {
	list := []string{}
	for _, s := range v.schemas {
		if text := of(s); text != "" {
			list = append(list, text)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// has reports whether any schema of the value has a flag.
func (v *value) has(flag func(*spec.Schema) bool) bool { return slices.ContainsFunc(v.schemas, flag) }

// node returns the node of a keyword in the first schema that has it, or nil.
func (v *value) node(keyword string) *spec.Node {
	for _, s := range v.schemas {
		if n := s.Node.Member(keyword); n != nil {
			return n
		}
	}
	return nil
}

// place is the node that stands for the value: that of the first schema that is more than a reference; nil for a value of any
// kind.
func (v *value) place() *spec.Node {
	for _, s := range v.schemas {
		if s.Ref == nil || len(s.Node.Members) > 1 {
			return s.Node
		}
	}
	return nil
}

// beside is the schema of the value at the place where the other document has a node, or nil.
func (v *value) beside(other *spec.Node) *spec.Node {
	for ; other != nil; other = other.Parent() {
		for _, s := range v.schemas {
			if s.Node.Pointer() == other.Pointer() {
				return s.Node
			}
		}
	}
	return nil
}

// saysOnly reports whether no schema has a keyword that counts, but for some; without any, any value is right. What $ref and
// allOf lead to are schemas of the value themselves.
func (v *value) saysOnly(keywords ...string) bool {
	keywords = append(keywords, "$ref", "allOf")
	return !v.has(func(s *spec.Schema) bool {
		return s.Never || slices.ContainsFunc(s.Node.Members, func(m spec.Member) bool {
			return !isProse(m.Name) && !slices.Contains(keywords, m.Name)
		})
	})
}

// schema returns a schema that stands for the value, or nil for a value of any kind.
func (v *value) schema() *spec.Schema {
	if v == nil || len(v.schemas) == 0 {
		return nil
	}
	return cmp.Or(v.together, v.schemas[0])
}
