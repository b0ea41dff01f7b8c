package probe

import (
	"slices"
	"strconv"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// This file reads from a schema what a value can be made of. It need not understand all of JSON Schema: the judge decides
// whether a value is valid.

// target is the schema that says what a value is. In OpenAPI 3.1 and 3.2 that is often the target of a $ref with a
// description beside it, or the alternative to null:
//
//	anyOf: [{type: integer, minimum: 1}, {type: 'null'}]
func target(s *spec.Schema) *spec.Schema {
	for s != nil && len(s.Types)+len(s.Enum)+len(s.Properties)+len(s.AllOf) == 0 && s.Const == nil {
		others := slices.DeleteFunc(slices.Concat(s.OneOf, s.AnyOf), isNull)
		switch {
		case s.Ref != nil:
			s = s.Ref
		case s.DynamicRef != nil:
			s = s.DynamicRef
		case len(others) == 1:
			s = others[0]
		default:
			return s
		}
	}
	return s
}

// isNull says whether a schema allows null alone.
func isNull(s *spec.Schema) bool { return slices.Equal(s.Types, []string{"null"}) }

// typeOf is the one type that a schema has beside null; "" if it has none or several.
func typeOf(s *spec.Schema) string {
	if types := slices.DeleteFunc(slices.Clone(s.Types), func(t string) bool { return t == "null" }); len(types) == 1 {
		return types[0]
	}
	return ""
}

// choices are the values of an enumeration or of a constant, without null.
func choices(s *spec.Schema) []any {
	nodes := s.Enum
	if s.Const != nil {
		nodes = []*spec.Node{s.Const}
	}
	list := []any{}
	for _, n := range nodes {
		if n.Kind != spec.Null {
			list = append(list, n.Value())
		}
	}
	return list
}

// given is the value that a schema or its target names: an example, the default, or one of the choices.
func given(s *spec.Schema) (value any, ok bool) {
	for _, s := range []*spec.Schema{s, target(s)} {
		for _, n := range slices.Concat([]*spec.Node{s.Example}, s.Examples, []*spec.Node{s.Default}) {
			if isGiven(n) {
				return n.Value(), true
			}
		}
		if list := choices(s); len(list) > 0 {
			return list[0], true
		}
	}
	return nil, false
}

// isGiven says whether a document gives a value: null stands in for none.
func isGiven(n *spec.Node) bool { return n != nil && n.Kind != spec.Null }

// examples are the values of the one example and of the named ones.
func examples(one *spec.Node, named []spec.Example) []any {
	list := []any{}
	if isGiven(one) {
		list = append(list, one.Value())
	}
	for _, example := range named {
		if isGiven(example.Value) {
			list = append(list, example.Value.Value())
		}
	}
	return list
}

// isReadOnly says whether only responses have the value.
func isReadOnly(s *spec.Schema) bool { return s.ReadOnly || target(s).ReadOnly }

// parts are the schemas that hold for the same value as well.
func parts(s *spec.Schema) []*spec.Schema {
	return slices.DeleteFunc(append(slices.Clone(s.AllOf), s.Ref, s.DynamicRef), func(part *spec.Schema) bool { return part == nil })
}

// members are the properties of an object and the names of those that must be there, with those of its parts, in the order
// of the document.
func members(s *spec.Schema) (properties []spec.Property, required []string) {
	properties, required = slices.Clone(s.Properties), slices.Clone(s.Required)
	for _, part := range parts(s) {
		more, names := members(target(part))
		for _, p := range more {
			if property(properties, p.Name) == nil {
				properties = append(properties, p)
			}
		}
		for _, name := range names {
			if !slices.Contains(required, name) {
				required = append(required, name)
			}
		}
	}
	return properties, required
}

// property is the schema of a property, or nil.
func property(properties []spec.Property, name string) *spec.Schema {
	for _, p := range properties {
		if p.Name == name {
			return p.Schema
		}
	}
	return nil
}

// element is the schema of an element of a list, nil for any value.
func element(s *spec.Schema, i int) *spec.Schema {
	if i < len(s.PrefixItems) {
		return s.PrefixItems[i]
	}
	return s.Items
}

// bound is where a range ends.
type bound struct {
	at        float64
	exclusive bool
}

// allows says whether a number is on the right side of a bound: sign is 1 for lower ends and -1 for upper ones.
func (b *bound) allows(n, sign float64) bool {
	return b == nil || (n-b.at)*sign > 0 || n == b.at && !b.exclusive
}

// lowest is the lower end of the numbers that a schema allows, nil if there is none.
func lowest(s *spec.Schema) *bound { return tighter(s.Minimum, s.ExclusiveMinimum, 1) }

// highest is the upper end, nil if there is none.
func highest(s *spec.Schema) *bound { return tighter(s.Maximum, s.ExclusiveMaximum, -1) }

// tighter is the bound that allows fewer numbers: sign is 1 for lower ends and -1 for upper ones.
func tighter(inclusive, exclusive *spec.Node, sign float64) *bound {
	in, ex := number(inclusive), number(exclusive)
	switch {
	case ex != nil && (in == nil || *ex*sign >= *in*sign):
		return &bound{*ex, true}
	case in != nil:
		return &bound{*in, false}
	}
	return nil
}

// number is the nearest float64 to a number of the document, nil if there is none.
func number(n *spec.Node) *float64 {
	if n == nil {
		return nil
	}
	f, err := strconv.ParseFloat(n.Text, 64)
	if err != nil { // it is beyond any float64
		return nil
	}
	return &f
}

// count is the value of a keyword such as minItems, or 0 without one.
func count(n *uint64) uint64 {
	if n == nil {
		return 0
	}
	return *n
}
