package sample

import (
	"slices"
	"strconv"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// This file reads from a schema what helps to make a value: type, choices, bounds, members. It need not understand all of JSON
// Schema, since the judge decides whether a value is valid.

// Resolve follows a schema to the one that has the keywords. In OpenAPI 3.1 and 3.2 that is often the target of a $ref with a
// description beside it, or the alternative to null:
//
//	anyOf: [{type: integer, minimum: 1}, {type: 'null'}]
func Resolve(s *spec.Schema) *spec.Schema {
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

// isNull reports whether a schema allows only null.
func isNull(s *spec.Schema) bool { return slices.Equal(s.Types, []string{"null"}) }

// TypeOf is the only type of a schema other than null; "" if it has none or several.
func TypeOf(s *spec.Schema) string {
	if types := slices.DeleteFunc(slices.Clone(s.Types), func(t string) bool { return t == "null" }); len(types) == 1 {
		return types[0]
	}
	return ""
}

// Choices are the values of enum or const, without null.
func Choices(s *spec.Schema) []any {
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

// Named is a value in the schema or the one it refers to: an example, the default, or the first choice.
func Named(s *spec.Schema) (value any, ok bool) {
	for _, s := range []*spec.Schema{s, Resolve(s)} {
		for _, n := range slices.Concat([]*spec.Node{s.Example}, s.Examples, []*spec.Node{s.Default}) {
			if IsGiven(n) {
				return n.Value(), true
			}
		}
		if list := Choices(s); len(list) > 0 {
			return list[0], true
		}
	}
	return nil, false
}

// IsGiven reports whether the document has a value other than null.
func IsGiven(n *spec.Node) bool { return n != nil && n.Kind != spec.Null }

// Examples lists the values of a single example and of named ones.
func Examples(one *spec.Node, named []spec.Example) []any {
	list := []any{}
	if IsGiven(one) {
		list = append(list, one.Value())
	}
	for _, example := range named {
		if IsGiven(example.Value) {
			list = append(list, example.Value.Value())
		}
	}
	return list
}

// IsReadOnly reports whether only responses have the value.
func IsReadOnly(s *spec.Schema) bool { return s.ReadOnly || Resolve(s).ReadOnly }

// parts are the schemas that apply to the same value, by allOf and references.
func parts(s *spec.Schema) []*spec.Schema {
	all := append(slices.Clone(s.AllOf), s.Ref, s.DynamicRef)
	return slices.DeleteFunc(all, func(part *spec.Schema) bool { return part == nil })
}

// Members lists the properties of an object and the names of the required ones, including those of its parts, in the order of
// the document.
func Members(s *spec.Schema) (properties []spec.Property, required []string) {
	return membersOf(s, nil)
}

// membersOf returns those of a schema within others; one that contains itself in allOf adds nothing.
func membersOf(s *spec.Schema, around []*spec.Schema) (properties []spec.Property, required []string) {
	if slices.Contains(around, s) {
		return nil, nil
	}
	around = append(slices.Clip(around), s)
	properties, required = slices.Clone(s.Properties), slices.Clone(s.Required)
	for _, part := range parts(s) {
		more, names := membersOf(Resolve(part), around)
		for _, p := range more {
			if Property(properties, p.Name) == nil {
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

// Property is the schema of a property, or nil.
func Property(properties []spec.Property, name string) *spec.Schema {
	for _, p := range properties {
		if p.Name == name {
			return p.Schema
		}
	}
	return nil
}

// Element is the schema of the element at an index, nil for any value.
func Element(s *spec.Schema, i int) *spec.Schema {
	if i < len(s.PrefixItems) {
		return s.PrefixItems[i]
	}
	return s.Items
}

// Bound is one end of a range of numbers.
type Bound struct {
	At        float64
	Exclusive bool
}

// allows reports whether a number is within a bound. The sign is 1 for a lower bound and -1 for an upper one.
func (b *Bound) allows(n, sign float64) bool {
	isAtBound := b != nil && n == b.At && !b.Exclusive
	return b == nil || isAtBound || (n-b.At)*sign > 0
}

// Lowest is the lower bound of a schema, or nil.
func Lowest(s *spec.Schema) *Bound { return tighter(s.Minimum, s.ExclusiveMinimum, 1) }

// Highest is the upper bound of a schema, or nil.
func Highest(s *spec.Schema) *Bound { return tighter(s.Maximum, s.ExclusiveMaximum, -1) }

// tighter is the bound that allows fewer numbers. The sign is 1 for a lower bound and -1 for an upper one.
func tighter(inclusive, exclusive *spec.Node, sign float64) *Bound {
	in, ex := number(inclusive), number(exclusive)
	switch {
	case in == nil && ex == nil:
		return nil
	case in == nil, ex != nil && *ex*sign >= *in*sign:
		return &Bound{*ex, true}
	}
	return &Bound{*in, false}
}

// number is the float64 nearest to a number of the document, or nil.
func number(n *spec.Node) *float64 {
	if n == nil {
		return nil
	}
	f, err := strconv.ParseFloat(n.Text, 64)
	if err != nil { // beyond any float64
		return nil
	}
	return &f
}

// Count is the value of a keyword such as minItems, or 0.
func Count(n *uint64) uint64 {
	if n == nil {
		return 0
	}
	return *n
}
