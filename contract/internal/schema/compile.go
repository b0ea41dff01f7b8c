package schema

import (
	"slices"

	"github.com/quotaspec/quotaspec/contract/internal/pattern"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Checker checks values against one schema. It is immutable once compiled, and safe for concurrent use.
//
// A checker is a schema in the form that a visit needs. Keywords for one type are grouped, so that a string costs one look at a
// nil pointer for all keywords of objects. References are pointers. Patterns and formats are compiled, and enum values are
// parsed. What a visit can skip is precomputed, in the fields whose names begin with is, accepts and needs.
type Checker struct {
	schema   *spec.Schema
	set      *Set
	resource *spec.Node // the root of the schema resource that contains the schema; nil if the document has no $dynamicRef

	acceptsAll, acceptsNone bool // the schema is true, or refused by spec; or it is false

	types        types // 0: any
	enum         []strictjson.Value
	isAllStrings bool // every element of enum is a string
	constant     strictjson.Value

	number *numberKeywords // nil: the schema has no keyword for numbers; likewise the next three
	text   *textKeywords
	array  *arrayKeywords
	object *objectKeywords

	// Keywords that apply other checkers to the same value: see inplace.go.
	all                        []*Checker // $ref and allOf
	anyOf, oneOf               []*Checker
	not                        *Checker
	condition, then, otherwise *Checker // if, then, else
	dependentSchemas           []property
	dynamicRef                 *Checker
	dynamic                    map[*spec.Node]*Checker // the targets of $dynamicRef by resource; nil: only dynamicRef
	discriminator              *discriminator
	delegate                   *Checker // the only checker that matters, as for most $ref; nil: there are other keywords

	// Keywords for what no other keyword evaluated: see marks.go.
	needsMarks                              bool
	unevaluatedItems, unevaluatedProperties *Checker

	isReadOnly, isWriteOnly bool // of the schema or of a schema that it refers to

	isSimple bool // applies no other checker to the same value, and does not depend on the dynamic scope
	isSilent bool // an Observer receives nothing for a value with this schema alone

	firstEnum int      // the number of the first element of enum in the Set
	onBytes   *onBytes // how Read checks the value while it reads it; nil: it reads the value first
}

// property is a property name with the checker that applies if the property is present.
type property struct {
	name    string
	checker *Checker
}

// compile returns the checker of a schema. It also fills every checker that can be reached from it, so a
// check does not synchronize.
//
// Compiling works through a list instead of recursing, because schemas may contain themselves: checker returns an
// empty checker at once, and compile fills it later.
func (s *Set) compile(sc *spec.Schema) *Checker {
	c := s.checker(sc)
	filled := []*Checker{}
	for len(s.todo) > 0 {
		next := s.todo[len(s.todo)-1]
		s.todo = s.todo[:len(s.todo)-1]
		s.fill(next)
		filled = append(filled, next)
	}
	for _, c := range filled {
		c.onBytes = newOnBytes(c)
	}
	return c
}

// checker returns the checker of a schema, which may still be empty. It returns nil for nil.
func (s *Set) checker(sc *spec.Schema) *Checker {
	if sc == nil {
		return nil
	}
	c := s.checkers[sc]
	if c == nil {
		c = &Checker{schema: sc, set: s}
		s.checkers[sc] = c
		s.todo = append(s.todo, c)
	}
	return c
}

// list returns the checkers of schemas.
func (s *Set) list(schemas []*spec.Schema) []*Checker {
	var list []*Checker
	for _, sc := range schemas {
		list = append(list, s.checker(sc))
	}
	return list
}

// properties returns named schemas with their checkers.
func (s *Set) properties(list []spec.Property) []property {
	var properties []property
	for _, p := range list {
		properties = append(properties, property{p.Name, s.checker(p.Schema)})
	}
	return properties
}

// What fill precomputes decides how much a visit of the schema costs:
//
//	{$ref: '#/components/schemas/Pet'}    delegate: the visit goes on with Pet, and this schema costs a pointer
//	{properties: {name: {…}}}             isSimple: no other schema describes the value, so the visit needs no bookkeeping
//	{type: integer, minimum: 1}           isSimple and isSilent: there is nothing to observe either

// fill compiles the keywords of a schema.
func (s *Set) fill(c *Checker) {
	sc := c.schema
	c.acceptsAll, c.acceptsNone, c.isSimple = sc.Always || sc.Refused != nil, sc.Never, true
	if c.acceptsAll || c.acceptsNone {
		c.isSilent = len(sc.Rules) == 0
		return
	}
	if s.isDynamic {
		c.resource = sc.Resource()
	}
	c.types = typesOf(sc)
	c.isAllStrings, c.firstEnum = true, s.firstEnum[sc]
	for _, n := range sc.Enum {
		c.enum = append(c.enum, strictjson.FromAny(n.Value()))
		c.isAllStrings = c.isAllStrings && n.Kind == spec.String
	}
	if sc.Const != nil {
		c.constant = strictjson.FromAny(sc.Const.Value())
	}
	c.number, c.text = newNumberKeywords(sc), newTextKeywords(sc)
	c.array, c.object = s.newArrayKeywords(sc), s.newObjectKeywords(sc)

	if sc.Ref != nil {
		c.all = append(c.all, s.checker(sc.Ref))
	}
	c.all = append(c.all, s.list(sc.AllOf)...)
	c.anyOf, c.oneOf, c.not = s.list(sc.AnyOf), s.list(sc.OneOf), s.checker(sc.Not)
	c.condition, c.then, c.otherwise = s.checker(sc.If), s.checker(sc.Then), s.checker(sc.Else)
	c.dependentSchemas = s.properties(sc.DependentSchemas)
	c.dynamicRef, c.dynamic = s.checker(sc.DynamicRef), s.dynamicTargets(sc.DynamicName)
	c.discriminator = s.newDiscriminator(sc)
	c.unevaluatedItems, c.unevaluatedProperties = s.checker(sc.UnevaluatedItems), s.checker(sc.UnevaluatedProperties)
	c.needsMarks = c.unevaluatedItems != nil || c.unevaluatedProperties != nil
	isPlain := len(c.anyOf)+len(c.oneOf)+len(c.dependentSchemas) == 0 && c.not == nil && c.condition == nil &&
		c.dynamicRef == nil && c.discriminator == nil && !c.needsMarks && !s.isDynamic
	c.isSimple = isPlain && len(c.all) == 0
	hasScalar := c.types != 0 || sc.Enum != nil || sc.Const != nil || c.number != nil || c.text != nil
	if isPlain && len(c.all) == 1 && !hasScalar && c.array == nil && c.object == nil && len(sc.Rules) == 0 {
		c.delegate = c.all[0]
	}
	c.isSilent = c.isSimple && c.object == nil && c.array == nil && len(sc.Enum)+len(sc.Rules) == 0

	c.isReadOnly, c.isWriteOnly = sc.ReadOnly, sc.WriteOnly
	visited := []*spec.Schema{sc} // references may form a cycle
	for target := sc.Ref; target != nil && !slices.Contains(visited, target); target = target.Ref {
		c.isReadOnly, c.isWriteOnly = c.isReadOnly || target.ReadOnly, c.isWriteOnly || target.WriteOnly
		visited = append(visited, target)
	}
}

// dynamicTargets returns the schemas that have a $dynamicAnchor, by the resource that contains them.
func (s *Set) dynamicTargets(name string) map[*spec.Node]*Checker {
	if name == "" {
		return nil
	}
	targets := map[*spec.Node]*Checker{}
	for sc := range s.doc.Schemas() {
		if sc.Resource() != nil && sc.Dynamic(name) == sc {
			targets[sc.Resource()] = s.checker(sc)
		}
	}
	return targets
}

// patternProperty is a pattern of property names, with the checker of the properties that match it.
type patternProperty struct {
	pattern *pattern.Pattern
	checker *Checker
}

// patterns compiles patternProperties. It leaves out a pattern that is not a regular expression, which spec has
// reported.
func (s *Set) patterns(list []spec.Property) []patternProperty {
	var patterns []patternProperty
	for _, p := range list {
		if compiled, err := pattern.Compile(p.Name); err == nil {
			patterns = append(patterns, patternProperty{compiled, s.checker(p.Schema)})
		}
	}
	return patterns
}
