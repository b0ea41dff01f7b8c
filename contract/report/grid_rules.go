package report

import (
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// rulesOf lists the promises that can be about an operation: of the document, of the operation, and of any schema, since
// applies says at which statuses. Without an operation those of the document.
func rulesOf(doc *spec.Document, op *spec.Operation) []*spec.Rule {
	return only(doc.Rules, func(rule *spec.Rule) bool {
		ofOperation := op != nil && (rule.Scope == spec.ScopeSchema || rule.Holder == op.Node)
		return ofOperation || rule.Scope == spec.ScopeDocument
	})
}

// applies says whether a promise can say something of a status, as far as the document tells. A status that the document
// does not know is what it says nothing of, until something was found.
func (g *grid) applies(promise *pagePromise, col *column) bool {
	switch {
	case promise == nil || g.Operation == nil:
		return true
	case promise.Scope == spec.ScopeSchema:
		body := g.Operation.Body
		return body != nil && holds(body.Content, promise.Rule) ||
			slices.ContainsFunc(g.Operation.Responses, func(r *spec.Response) bool {
				return r.Status == col.Status && holds(r.Content, promise.Rule)
			})
	case promise.Probe == spec.Repeat:
		return strings.HasPrefix(col.Status, "2")
	case promise.Probe != "":
		statuses := g.Operation.Statuses(promise.Probe)
		return len(statuses) == 0 && strings.HasPrefix(col.Status, "4") || slices.Contains(statuses, col.Status)
	}
	return col.Declared
}

// holds says whether the schema that carries a rule is a part of the bodies.
func holds(content []*spec.MediaType, rule *spec.Rule) bool {
	seen := map[*spec.Schema]bool{nil: true}
	var walk func(s *spec.Schema) bool
	walk = func(s *spec.Schema) bool {
		if seen[s] {
			return false
		}
		seen[s] = true
		return s.Node == rule.Holder || slices.ContainsFunc(schemasOf(s), walk)
	}
	return slices.ContainsFunc(content, func(m *spec.MediaType) bool { return walk(m.Schema) || walk(m.ItemSchema) })
}

// schemasOf lists the schemas that describe a value of the schema or a part of it, if only in some cases; nil stands for none.
func schemasOf(s *spec.Schema) []*spec.Schema {
	parts := slices.Concat(s.AllOf, s.AnyOf, s.OneOf, s.PrefixItems, []*spec.Schema{
		s.Ref, s.DynamicRef, s.If, s.Then, s.Else, s.Items, s.Contains, s.UnevaluatedItems, s.AdditionalProperties, s.UnevaluatedProperties,
	})
	for _, named := range slices.Concat(s.Properties, s.PatternProperties, s.DependentSchemas) {
		parts = append(parts, named.Schema)
	}
	return parts
}
