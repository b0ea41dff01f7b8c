package contract

import (
	"github.com/quotaspec/quotaspec/contract/internal/rule"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// rulesOfParts evaluates the rules of schemas at each part of the bodies that such a schema describes.
func (e *evaluation) rulesOfParts(request, response body) {
	if e.subject.response != nil && !e.subject.ex.Expected {
		e.rulesOfBody("/response/body", response, e.variables.ResponsePart, e.subject.response.Evidence)
	}
	e.rulesOfBody("/request/body", request, e.variables.RequestPart, e.subject.op.Evidence)
}

// rulesOfBody evaluates the rules of schemas in one body. Their evidence is never stronger than that of the body, parent.
func (e *evaluation) rulesOfBody(root string, b body, self func(strictjson.Value) rule.Value, parent spec.Evidence) {
	for _, part := range b.ruled {
		if e.out.budget.Err() != nil {
			return
		}
		if b.hasFailed(part.value) {
			continue
		}
		for _, r := range e.judge.rules.ofSchema[part.schema] {
			e.variables.Self = self(part.value)
			e.evaluate(r, spec.Weaker(r.Evidence, parent), root, func(f Finding) Finding {
				f.Pointer, f.Got = root+b.value.PointerTo(part.value), part.value.Compact()
				return f
			})
		}
	}
}
