package contract

import (
	"github.com/quotaspec/quotaspec/contract/internal/rule"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// schemaRules are the rules about the values of one schema. They are evaluated together, since they select the same members.
type schemaRules struct {
	group *rule.Group
	rules []*compiledRule // as in group
}

func newSchemaRules(s *spec.Schema, byRule map[*spec.Rule]*compiledRule) *schemaRules {
	r := &schemaRules{}
	programs := []*rule.Program{}
	for _, of := range s.Rules {
		r.rules = append(r.rules, byRule[of])
		programs = append(programs, byRule[of].Program)
	}
	r.group = rule.NewGroup(programs...)
	return r
}

// rulesOfParts evaluates the rules of schemas at each part of the bodies that such a schema describes.
func (e *evaluation) rulesOfParts(request, response body) {
	if e.subject.response != nil && !e.subject.ex.Expected {
		e.rulesOfBody("/response/body", &response, e.variables.ResponsePart, e.subject.response.Evidence)
	}
	e.rulesOfBody("/request/body", &request, e.variables.RequestPart, e.subject.op.Evidence)
}

// rulesOfBody evaluates the rules of schemas in one body. Their evidence is never stronger than that of the body, parent.
func (e *evaluation) rulesOfBody(root string, b *body, self func(strictjson.Value) rule.Value, parent spec.Evidence) {
	var of *spec.Schema
	var rules *schemaRules
	for _, part := range b.ruled {
		if part.schema != of { // the elements of a list have one schema
			of, rules = part.schema, e.judge.rules.ofSchema[part.schema]
		}
		if rules == nil || b.hasFailed(part.value) {
			continue
		}
		rules.group.Bind(&e.variables, self(part.value))
		for i, r := range rules.rules {
			if !e.inTime(r) {
				return
			}
			if applied, holds, err := rules.group.Evaluate(i, &e.variables); e.hasBroken(r, applied, holds, err) {
				e.addBroken(r, root, b, part.value, parent)
			}
		}
	}
}

// addBroken adds the finding about a part of a body that breaks a rule.
func (e *evaluation) addBroken(r *compiledRule, root string, b *body, part strictjson.Value, parent spec.Evidence) {
	f := Finding{ID: r.ID, Evidence: spec.Weaker(r.Evidence, parent), Pointer: root, Node: r.Node, Want: r.Says}
	e.out.addLazily(f, func(f Finding) Finding {
		f.Pointer, f.Got = root+b.value.PointerTo(part), part.Compact()
		return f
	})
}
