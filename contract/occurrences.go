package contract

import (
	"slices"
	"strconv"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/quotaspec/quotaspec/openapi"
)

// rulesOfBodies evaluates the rules of schemas at every value that the schemas describe.
func (c *hearing) rulesOfBodies(outcome outcomes) {
	if c.answer != nil && c.responseBody != nil {
		o := occurrences{c: c, held: c.answer.Evidence, outcome: outcome, told: map[string]bool{}}
		o.value(c.forRules(&c.responseForRules, c.responseBody), c.responseSchema, "/response/body")
	}
	if c.requestBody != nil && c.op.Spec.RequestBody != nil {
		o := occurrences{c: c, held: c.op.Evidence, outcome: outcome, told: map[string]bool{}}
		o.value(c.forRules(&c.requestForRules, c.requestBody), c.requestSchema, "/request/body")
	}
}

// occurrences walks along a value and the schemas that describe it.
type occurrences struct {
	c       *hearing
	held    openapi.Evidence // of what holds the body: no promise in it is surer
	outcome outcomes
	told    map[string]bool // rule and pointer: a schema may describe a value twice
}

func (o occurrences) value(value any, ref *openapi3.SchemaRef, pointer string) {
	if ref == nil || ref.Value == nil || value == nil || !o.c.ruled[ref.Value] {
		return
	}
	for _, s := range describing(ref.Value, value, nil) {
		for _, r := range o.c.bySchema[s] {
			key := r.ID + " " + pointer
			if o.told[key] || o.c.failedAt(pointer) {
				continue
			}
			o.told[key] = true
			got := func() string { return compact(value) }
			o.c.evaluate(r, openapi.Weaker(r.Evidence, o.held), map[string]any{"self": value}, pointer, got, o.outcome)
		}
		switch v := value.(type) {
		case []any:
			for i, element := range v {
				o.value(element, s.Items, pointer+"/"+strconv.Itoa(i))
			}
		case map[string]any:
			for _, name := range sortedKeys(v) {
				member := s.Properties[name]
				if member == nil {
					member = s.AdditionalProperties.Schema
				}
				o.value(v[name], member, pointer+"/"+escapePointer(name))
			}
		}
	}
}

// ruledSchemas finds the schemas that have a rule, or contain one that has: there is no need to look into the others.
func ruledSchemas(doc *openapi.Document, bySchema map[*openapi3.Schema][]compiledRule) map[*openapi3.Schema]bool {
	ruled := map[*openapi3.Schema]bool{}
	for s := range bySchema {
		ruled[s] = true
	}
	for more := true; more; { // until nothing is added: schemas may contain themselves
		more = false
		_ = doc.T.WalkSchemas(func(_ string, ref *openapi3.SchemaRef) error {
			s := ref.Value
			parts := slices.Concat(s.AllOf, s.OneOf, s.AnyOf, openapi3.SchemaRefs{s.Items, s.AdditionalProperties.Schema})
			for _, member := range s.Properties {
				parts = append(parts, member)
			}
			if !ruled[s] && slices.ContainsFunc(parts, func(part *openapi3.SchemaRef) bool { return part != nil && ruled[part.Value] }) {
				ruled[s], more = true, true
			}
			return nil
		})
	}
	return ruled
}

// describing lists the schemas that describe a value: the schema, all of its allOf, and of its oneOf and anyOf those that
// take the value.
func describing(s *openapi3.Schema, value any, found []*openapi3.Schema) []*openapi3.Schema {
	if slices.Contains(found, s) || len(found) == maxSchemas {
		return found
	}
	found = append(found, s)
	for _, ref := range s.AllOf {
		if ref.Value != nil {
			found = describing(ref.Value, value, found)
		}
	}
	for _, ref := range slices.Concat(s.OneOf, s.AnyOf) {
		if ref.Value != nil && ref.Value.VisitJSON(value, schemaOptions()...) == nil {
			found = describing(ref.Value, value, found)
		}
	}
	return found
}
