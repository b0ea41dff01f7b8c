package contract

import (
	"slices"
	"strconv"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
	"github.com/getkin/kin-openapi/openapi3"

	"github.com/quotaspec/quotaspec/openapi"
)

// rulesOfBodies evaluates the rules of schemas at every value that the schemas describe.
func (c *hearing) rulesOfBodies(outcome outcomes) {
	if c.answer != nil && c.responseBody != nil && c.isRuled(c.responseSchema) {
		o := occurrences{c: c, held: c.answer.Evidence, outcome: outcome}
		o.value(c.responseBody, c.responseForRules(), c.responseSchema, "/response/body")
	}
	if c.requestBody != nil && c.op.Spec.RequestBody != nil && c.isRuled(c.requestSchema) {
		o := occurrences{c: c, held: c.op.Evidence, outcome: outcome}
		o.value(c.requestBody, c.requestForRules(), c.requestSchema, "/request/body")
	}
}

// isRuled says whether a schema has a rule, or contains one that has.
func (j *Judge) isRuled(ref *openapi3.SchemaRef) bool {
	return ref != nil && ref.Value != nil && j.ruled[ref.Value]
}

// occurrences walks along a value and the schemas that describe it.
type occurrences struct {
	c       *hearing
	held    openapi.Evidence // of what holds the body: no promise in it is surer
	outcome outcomes
	told    map[occurrence]bool // nil: no schema describes a value twice
}

type occurrence struct {
	rule    *compiledRule
	pointer string
}

// value walks along a value; seen is the same as rules see it.
func (o *occurrences) value(value any, seen ref.Val, schema *openapi3.SchemaRef, pointer string) {
	if value == nil || !o.c.isRuled(schema) {
		return
	}
	schemas := describing(schema.Value, value)
	if len(schemas) > 1 && o.told == nil {
		o.told = map[occurrence]bool{}
	}
	for _, s := range schemas {
		o.rules(s, value, seen, pointer)
		switch v := value.(type) {
		case []any:
			if !o.c.isRuled(s.Items) {
				continue
			}
			list, _ := seen.(traits.Indexer)
			for i, element := range v {
				o.value(element, list.Get(types.Int(i)), s.Items, pointer+"/"+strconv.Itoa(i))
			}
		case map[string]any:
			object, _ := seen.(traits.Indexer)
			for _, name := range o.ruledMembers(s, v) {
				o.value(v[name], object.Get(types.String(name)), memberSchema(s, name), pointer+"/"+escapePointer(name))
			}
		}
	}
}

// ruledMembers lists the members of an object in which there may be a rule.
func (o *occurrences) ruledMembers(s *openapi3.Schema, object map[string]any) []string {
	names := []string{}
	for name := range object {
		if o.c.isRuled(memberSchema(s, name)) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func memberSchema(s *openapi3.Schema, name string) *openapi3.SchemaRef {
	if member := s.Properties[name]; member != nil {
		return member
	}
	return s.AdditionalProperties.Schema
}

// rules evaluates the rules of a schema at a value.
func (o *occurrences) rules(s *openapi3.Schema, value any, seen ref.Val, pointer string) {
	for _, r := range o.c.bySchema[s] {
		if o.told[occurrence{r, pointer}] || o.c.failedAt(pointer) {
			continue
		}
		if o.told != nil {
			o.told[occurrence{r, pointer}] = true
		}
		got := func() string { return compact(forRules(value)) }
		o.c.evaluate(r, openapi.Weaker(r.Evidence, o.held), self{seen}, pointer, got, o.outcome)
	}
}

// ruledSchemas finds the schemas that have a rule, or contain one that has: there is no need to look into the others.
func ruledSchemas(all []*openapi3.Schema, bySchema map[*openapi3.Schema][]*compiledRule) map[*openapi3.Schema]bool {
	ruled := map[*openapi3.Schema]bool{}
	for s := range bySchema {
		ruled[s] = true
	}
	for more := true; more; { // until nothing is added: schemas may contain themselves
		more = false
		for _, s := range all {
			if ruled[s] {
				continue
			}
			parts := slices.Concat(s.AllOf, s.OneOf, s.AnyOf, openapi3.SchemaRefs{s.Items, s.AdditionalProperties.Schema})
			for _, member := range s.Properties {
				parts = append(parts, member)
			}
			if slices.ContainsFunc(parts, func(part *openapi3.SchemaRef) bool { return part != nil && ruled[part.Value] }) {
				ruled[s], more = true, true
			}
		}
	}
	return ruled
}

// describing lists the schemas that describe a value: the schema, all of its allOf, and of its oneOf and anyOf those that
// take the value.
func describing(s *openapi3.Schema, value any) []*openapi3.Schema {
	if len(s.AllOf)+len(s.OneOf)+len(s.AnyOf) == 0 {
		return []*openapi3.Schema{s}
	}
	return addDescribing(nil, s, forRules(value))
}

func addDescribing(found []*openapi3.Schema, s *openapi3.Schema, value any) []*openapi3.Schema {
	if slices.Contains(found, s) || len(found) == maxSchemas {
		return found
	}
	found = append(found, s)
	for _, ref := range s.AllOf {
		if ref.Value != nil {
			found = addDescribing(found, ref.Value, value)
		}
	}
	for _, ref := range slices.Concat(s.OneOf, s.AnyOf) {
		if ref.Value != nil && ref.Value.VisitJSON(value, schemaOptions()...) == nil {
			found = addDescribing(found, ref.Value, value)
		}
	}
	return found
}
