package report

import (
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/quotaspec/quotaspec/openapi"
)

// rulesOf lists the promises that can be about an operation: of the document, of the operation, and of any schema, since
// applies says at which statuses. Without an operation those of the document.
func rulesOf(doc *openapi.Document, op *openapi.Operation) []*openapi.Rule {
	list := []*openapi.Rule{}
	for _, rule := range doc.Rules {
		switch {
		case rule.Scope == openapi.ScopeDocument,
			op != nil && (rule.Scope == openapi.ScopeSchema || rule.Holder == op.Pointer):
			list = append(list, rule)
		}
	}
	return list
}

// applies says whether a promise can say something of a status, as far as the document tells. A status that the document
// does not know is what it says nothing of, until something was found.
func (g *grid) applies(rule *openapi.Rule, col column) bool {
	switch {
	case rule == nil || g.Operation == nil:
		return true
	case rule.Scope == openapi.ScopeSchema:
		if body := g.Operation.Spec.RequestBody; body != nil && holds(g.Document, body.Value.Content, rule) {
			return true
		}
		for _, response := range g.Operation.Responses {
			if response.Status == col.Status {
				return holds(g.Document, response.Spec.Content, rule)
			}
		}
		return false
	case rule.Probe == openapi.Repeat:
		return strings.HasPrefix(col.Status, "2")
	case rule.Probe != "":
		statuses := g.Operation.Statuses(openapi.Fault(rule.Probe))
		return len(statuses) == 0 && strings.HasPrefix(col.Status, "4") || slices.Contains(statuses, col.Status)
	}
	return col.Declared
}

// holds says whether the schema that carries a rule is a part of the bodies.
func holds(doc *openapi.Document, content openapi3.Content, rule *openapi.Rule) bool {
	seen := map[*openapi3.Schema]bool{}
	var walk func(ref *openapi3.SchemaRef) bool
	walk = func(ref *openapi3.SchemaRef) bool {
		if ref == nil || seen[ref.Value] {
			return false
		}
		s := ref.Value
		seen[s] = true
		if doc.SchemaPointer(s) == rule.Holder {
			return true
		}
		refs := slices.Concat(s.AllOf, s.AnyOf, s.OneOf, openapi3.SchemaRefs{s.Items, s.AdditionalProperties.Schema})
		for _, property := range s.Properties {
			refs = append(refs, property)
		}
		return slices.ContainsFunc(refs, walk)
	}
	for _, media := range content {
		if walk(media.Schema) {
			return true
		}
	}
	return false
}
