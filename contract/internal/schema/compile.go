package schema

import (
	"slices"

	"github.com/quotaspec/quotaspec/contract/internal/pattern"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Checker says whether values are right by one schema. It does not change once it is compiled.
type Checker struct {
	schema   *spec.Schema
	set      *Set
	resource *spec.Node // the root of the schema resource that the schema is part of; nil without a $dynamicRef in the document

	takesAll, takesNone bool // nothing else counts

	types    types // 0: all
	enum     []strictjson.Value
	isTexts  bool // all elements of the enum are strings
	constant strictjson.Value

	number *numberKeywords // nil: no keyword for numbers; likewise the others
	text   *textKeywords
	array  *arrayKeywords
	object *objectKeywords

	// The checkers that apply to the same value.
	all              []*Checker // $ref and allOf
	anyOf, oneOf     []*Checker
	not              *Checker
	when, then, els  *Checker // if, then, else
	dependentSchemas []property
	dynamicRef       *Checker
	dynamic          map[*spec.Node]*Checker // what $dynamicRef leads to, by the resource; nil: always dynamicRef
	choice           *choice
	alias            *Checker // the only one, which says all that there is to say: most $ref; nil: there is more

	// needsMarks is true if the checker has to know which members or elements others described.
	needsMarks                              bool
	unevaluatedItems, unevaluatedProperties *Checker

	isReadOnly, isWriteOnly bool
	isSimple                bool // no other checker applies to the same value, and no dynamic scope has to be kept
	isSilent                bool // nothing can be observed of a value beside it
}

// property is a name with a checker.
type property struct {
	name    string
	checker *Checker
}

// compile returns the checker of a schema with all that it contains, so that checks need no lock.
func (s *Set) compile(sc *spec.Schema) *Checker {
	c := s.checker(sc)
	for len(s.todo) > 0 {
		next := s.todo[len(s.todo)-1]
		s.todo = s.todo[:len(s.todo)-1]
		s.fill(next)
	}
	return c
}

// checker returns the checker of a schema, which may still be empty; nil for nil.
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

func (s *Set) list(schemas []*spec.Schema) []*Checker {
	var list []*Checker
	for _, sc := range schemas {
		list = append(list, s.checker(sc))
	}
	return list
}

func (s *Set) properties(list []spec.Property) []property {
	var properties []property
	for _, p := range list {
		properties = append(properties, property{p.Name, s.checker(p.Schema)})
	}
	return properties
}

func (s *Set) fill(c *Checker) {
	sc := c.schema
	c.takesAll, c.takesNone, c.isSimple = sc.Always || sc.Refused != nil, sc.Never, true
	if c.takesAll || c.takesNone {
		c.isSilent = len(sc.Rules) == 0
		return
	}
	if s.isDynamic {
		c.resource = sc.Resource()
	}
	c.types = typesOf(sc)
	c.isTexts = true
	for _, n := range sc.Enum {
		c.enum = append(c.enum, strictjson.FromAny(n.Value()))
		c.isTexts = c.isTexts && n.Kind == spec.String
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
	c.when, c.then, c.els = s.checker(sc.If), s.checker(sc.Then), s.checker(sc.Else)
	c.dependentSchemas = s.properties(sc.DependentSchemas)
	c.dynamicRef, c.dynamic = s.checker(sc.DynamicRef), s.dynamicTargets(sc.DynamicName)
	c.choice = s.newChoice(sc)
	c.unevaluatedItems, c.unevaluatedProperties = s.checker(sc.UnevaluatedItems), s.checker(sc.UnevaluatedProperties)
	c.needsMarks = c.unevaluatedItems != nil || c.unevaluatedProperties != nil
	isPlain := len(c.anyOf)+len(c.oneOf)+len(c.dependentSchemas) == 0 && c.not == nil && c.when == nil &&
		c.dynamicRef == nil && c.choice == nil && !c.needsMarks && !s.isDynamic
	c.isSimple = isPlain && len(c.all) == 0
	hasScalar := c.types != 0 || sc.Enum != nil || sc.Const != nil || c.number != nil || c.text != nil
	if isPlain && len(c.all) == 1 && !hasScalar && c.array == nil && c.object == nil && len(sc.Rules) == 0 {
		c.alias = c.all[0]
	}
	c.isSilent = c.isSimple && c.object == nil && c.array == nil && len(sc.Enum)+len(sc.Rules) == 0

	c.isReadOnly, c.isWriteOnly = sc.ReadOnly, sc.WriteOnly
	seen := []*spec.Schema{sc} // references may lead in a circle
	for target := sc.Ref; target != nil && !slices.Contains(seen, target); target = target.Ref {
		c.isReadOnly, c.isWriteOnly = c.isReadOnly || target.ReadOnly, c.isWriteOnly || target.WriteOnly
		seen = append(seen, target)
	}
}

// dynamicTargets are the schemas with a $dynamicAnchor, by the resources that they are part of.
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

// patterned is a pattern of names with a checker.
type patterned struct {
	pattern *pattern.Pattern
	checker *Checker
}

// patterns compiles the patterns of names. One that is no regular expression is left out: the document has a finding.
func (s *Set) patterns(list []spec.Property) []patterned {
	var patterns []patterned
	for _, p := range list {
		if compiled, err := pattern.Compile(p.Name); err == nil {
			patterns = append(patterns, patterned{compiled, s.checker(p.Schema)})
		}
	}
	return patterns
}
