package report

import (
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Which rows and cells a grid has follows from the document alone, so that a promise that nothing has tested shows as an open
// cell. A promise can concern these statuses of an operation:
//
//	of a schema                  those whose body contains the schema; all, if the request body contains it
//	with probe: repeat           each declared success
//	with another probe           those whose error codes name the probe, or each 4XX if none does
//	of the operation, document   all that are declared

// rulesOf lists the promises that may concern an operation: those of the document, of the operation and of every schema. The
// method applies then decides about each status. Without an operation it lists those of the document.
func rulesOf(doc *spec.Document, op *spec.Operation) []*spec.Rule {
	return only(doc.Rules, func(rule *spec.Rule) bool {
		ofOperation := op != nil && (rule.Scope == spec.ScopeSchema || rule.Holder == op.Node)
		return ofOperation || rule.Scope == spec.ScopeDocument
	})
}

// applies reports whether a promise can concern a status, as far as the document says. It cannot concern an undeclared status;
// a finding there still shows in its cell.
func (g *grid) applies(promise *pagePromise, col *column) bool {
	switch {
	case promise == nil || g.Operation == nil:
		return true
	case promise.Scope == spec.ScopeSchema:
		body := g.Operation.Body
		inRequest := body != nil && contains(body.Content, promise.Rule)
		return inRequest || slices.ContainsFunc(g.Operation.Responses, func(r *spec.Response) bool {
			return r.Status == col.Status && contains(r.Content, promise.Rule)
		})
	case promise.Probe == spec.Repeat:
		return strings.HasPrefix(col.Status, "2")
	case promise.Probe != "":
		statuses := g.Operation.Statuses(promise.Probe)
		anyRefusal := len(statuses) == 0 && strings.HasPrefix(col.Status, "4")
		return anyRefusal || slices.Contains(statuses, col.Status)
	}
	return col.Declared
}

// contains reports whether the schema of a rule is a part of the bodies.
func contains(content []*spec.MediaType, rule *spec.Rule) bool {
	visited := map[*spec.Schema]bool{nil: true}
	var walk func(s *spec.Schema) bool
	walk = func(s *spec.Schema) bool {
		if visited[s] {
			return false
		}
		visited[s] = true
		return s.Node == rule.Holder || slices.ContainsFunc(schemasOf(s), walk)
	}
	return slices.ContainsFunc(content, func(m *spec.MediaType) bool { return walk(m.Schema) || walk(m.ItemSchema) })
}

// schemasOf lists the schemas that may describe a value of the schema or a part of it. It may contain nil.
func schemasOf(s *spec.Schema) []*spec.Schema {
	parts := slices.Concat(s.AllOf, s.AnyOf, s.OneOf, s.PrefixItems, []*spec.Schema{
		s.Ref, s.DynamicRef, s.If, s.Then, s.Else, s.Items, s.Contains,
		s.UnevaluatedItems, s.AdditionalProperties, s.UnevaluatedProperties,
	})
	for _, named := range slices.Concat(s.Properties, s.PatternProperties, s.DependentSchemas) {
		parts = append(parts, named.Schema)
	}
	return parts
}
