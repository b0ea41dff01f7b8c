package contract

import (
	"slices"
	"strconv"

	"github.com/quotaspec/quotaspec/contract/internal/pointer"
	"github.com/quotaspec/quotaspec/contract/internal/rule"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// rulesOfBodies evaluates the rules of schemas at every value that the schemas describe.
func (e *evaluation) rulesOfBodies(request, response body) {
	if e.subject.answer != nil && response.value != nil && e.judge.rules.ruled[response.schema] {
		o := occurrences{evaluation: e, held: e.subject.answer.Evidence}
		o.value(response.value, e.variables.ResponseBody(), response.schema, "/response/body")
	}
	if request.value != nil && e.judge.rules.ruled[request.schema] {
		o := occurrences{evaluation: e, held: e.subject.op.Evidence}
		o.value(request.value, e.variables.RequestBody(), request.schema, "/request/body")
	}
}

// occurrences walks along a value and the schemas that describe it.
type occurrences struct {
	*evaluation
	held spec.Evidence       // of what holds the body: no promise in it is surer
	told map[occurrence]bool // nil: no schema describes a value twice
}

type occurrence struct {
	rule    *compiledRule
	pointer string
}

// value walks along a value; seen is the same as rules see it.
func (o *occurrences) value(value any, seen rule.Value, schema *spec.Schema, at string) {
	if value == nil || !o.judge.rules.ruled[schema] {
		return
	}
	schemas := o.judge.describing(schema, value)
	if len(schemas) > 1 && o.told == nil {
		o.told = map[occurrence]bool{}
	}
	for _, s := range schemas {
		o.rules(s, value, seen, at)
		switch v := value.(type) {
		case []any:
			if !o.judge.rules.ruled[s.Items] {
				continue
			}
			for i, element := range v {
				o.value(element, seen.Element(i), s.Items, at+"/"+strconv.Itoa(i))
			}
		case map[string]any:
			for _, name := range sortedKeys(v) {
				if member := memberSchema(s, name); o.judge.rules.ruled[member] {
					o.value(v[name], seen.Member(name), member, at+"/"+pointer.Escape(name))
				}
			}
		}
	}
}

func memberSchema(s *spec.Schema, name string) *spec.Schema {
	if property := propertyOf(s, name); property != nil {
		return property
	}
	return s.AdditionalProperties
}

// rules evaluates the rules of a schema at a value.
func (o *occurrences) rules(s *spec.Schema, value any, seen rule.Value, at string) {
	for _, r := range o.judge.rules.ofSchema[s] {
		if r == nil || o.told[occurrence{r, at}] || o.out.failedAt(at) {
			continue
		}
		if o.told != nil {
			o.told[occurrence{r, at}] = true
		}
		o.variables.Self = seen
		o.evaluate(r, spec.Weaker(r.Evidence, o.held), at, func() string { return compact(value) })
	}
}

// ruledSchemas finds the schemas that have a rule, or contain one that has: there is no need to look into the others.
func ruledSchemas(doc *spec.Document, ofSchema map[*spec.Schema][]*compiledRule) map[*spec.Schema]bool {
	ruled := map[*spec.Schema]bool{}
	for s := range ofSchema {
		ruled[s] = true
	}
	if len(ruled) == 0 {
		return ruled
	}
	for more := true; more; { // until nothing is added: schemas may contain themselves
		more = false
		for s := range doc.Schemas() {
			if ruled[s] {
				continue
			}
			parts := slices.Concat(s.AllOf, s.OneOf, s.AnyOf, []*spec.Schema{s.Ref, s.DynamicRef, s.Items, s.AdditionalProperties})
			for _, property := range s.Properties {
				parts = append(parts, property.Schema)
			}
			if slices.ContainsFunc(parts, func(part *spec.Schema) bool { return ruled[part] }) {
				ruled[s], more = true, true
			}
		}
	}
	return ruled
}

// describing lists the schemas that describe a value: the schema, what it refers to, all of its allOf, and of its oneOf and
// anyOf those that take the value.
func (j *Judge) describing(s *spec.Schema, value any) []*spec.Schema {
	if isPlain(s) {
		return []*spec.Schema{s}
	}
	return j.addDescribing(nil, s, value)
}

func (j *Judge) addDescribing(found []*spec.Schema, s *spec.Schema, value any) []*spec.Schema {
	if s == nil || slices.Contains(found, s) || len(found) == maxSchemas {
		return found
	}
	found = append(found, s)
	for _, part := range slices.Concat([]*spec.Schema{s.Ref, s.DynamicRef}, s.AllOf) {
		found = j.addDescribing(found, part, value)
	}
	for _, part := range slices.Concat(s.OneOf, s.AnyOf) {
		if j.schemas.Valid(part, value, asResponse) {
			found = j.addDescribing(found, part, value)
		}
	}
	return found
}
