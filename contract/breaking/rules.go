package breaking

import (
	"fmt"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/rule"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Rules of both documents with the same name, or else with the same expression, are the same rule, wherever they stand. The
// first part of an id is that of the document or of the operation, which may have another name now:
//
//	old: pets-v1/each-once    self.all(p, self.exists_one(o, o.id == p.id))
//	new: pets-v2/each-once    true                                             rule/changed
//
// An operation has its own rules, those of the document, and those of the schemas of its bodies. A rule that several operations
// share is the same change at each of them.

// rules compares the rules and the error codes of an operation.
func (c *Comparer) rules(old, new *spec.Operation) []change {
	if old == nil || new == nil {
		return nil
	}
	list := []change{}
	before, after := c.old.rulesOf(old, new), c.new.rulesOf(new, old)
	partner := func(r *spec.Rule, among []*spec.Rule) int {
		i := slices.IndexFunc(among, func(other *spec.Rule) bool { return ruleName(other) == ruleName(r) })
		if i < 0 {
			i = slices.IndexFunc(among, func(other *spec.Rule) bool { return isSameRule(other, r) })
		}
		return i
	}
	p := part{old: element{op: old}, new: element{op: new}, kind: ofRule}
	for _, is := range after {
		i := partner(is, before)
		if i < 0 {
			p.old.rule, p.new.rule = nil, is
			list = append(list, change{
				id: "rule/added", part: p, says: "a rule is new: " + is.Says, old: c.old.counterpart(is, old), new: is.Node,
				names: []string{is.ID},
			})
			continue
		}
		p.old.rule, p.new.rule = before[i], is
		list = append(list, differentRule(p)...)
	}
	for _, was := range before {
		if partner(was, after) < 0 {
			p.old.rule, p.new.rule = was, nil
			list = append(list, change{
				id: "rule/removed", part: p, says: "a rule is gone: " + was.Says, old: was.Node, new: c.new.counterpart(was, new),
				names: []string{was.ID},
			})
		}
	}
	list = append(list, codes(old, new)...)
	return append(list, permissions(old, new)...)
}

// counterpart is the place in this document at which it has no such rule: what has the rule in the other document.
func (v *version) counterpart(r *spec.Rule, op *spec.Operation) *spec.Node {
	if r.Scope == spec.ScopeOperation {
		return op.Node
	}
	return orNode(v.doc.Root.At(r.Holder.Pointer()), v.doc.Root)
}

// differentRule compares two rules of the same name.
func differentRule(p part) []change {
	was, is := p.old.rule, p.new.rule
	list := []change{}
	add := func(id, says string) {
		list = append(list, change{id: id, part: p, says: says, old: was.Node, new: is.Node, names: []string{is.ID}})
	}
	isOther := !isSameRule(was, is)
	if isOther {
		add("rule/changed", "the rule "+ruleName(is)+" says something else: "+is.Says)
	}
	if was.Evidence.Grade != is.Evidence.Grade {
		add("rule/grade", fmt.Sprintf("the rule %s is %s, not %s", ruleName(is), is.Evidence.Grade, was.Evidence.Grade))
	}
	isProse := ruleName(was) != ruleName(is) || was.Says != is.Says || !slices.Equal(was.Evidence.Source, is.Evidence.Source)
	if isProse && !isOther {
		add("prose/changed", "the name, the words or the sources of the rule "+ruleName(is)+" changed")
	}
	return list
}

// isSameRule reports whether two rules say the same, whatever their names.
func isSameRule(a, b *spec.Rule) bool {
	return withoutSpaces(a.Expr) == withoutSpaces(b.Expr) && a.Probe == b.Probe
}

// ruleName is the id of a rule without the name of its document or operation.
func ruleName(r *spec.Rule) string { return r.ID[strings.LastIndexByte(r.ID, '/')+1:] }

func withoutSpaces(expr string) string { return strings.Join(strings.Fields(expr), " ") }

// rulesOf returns the rules that an exchange of an operation can break, in the order of the document. The rules of a body that the
// operation has only in this document are left out: that the body is new or gone says it all.
func (v *version) rulesOf(op, other *spec.Operation) []*spec.Rule {
	if len(v.doc.Rules) == 0 {
		return nil
	}
	reached := map[*spec.Schema]bool{}
	if op.Body != nil && other.Body != nil {
		reach(shared(op.Body.Content, other.Body.Content), reached)
	}
	for _, r := range op.Responses {
		if partner := responseFor(other, r.Status); partner != nil {
			reach(shared(r.Content, partner.Content), reached)
		}
	}
	return slices.DeleteFunc(slices.Clone(v.doc.Rules), func(r *spec.Rule) bool {
		switch r.Scope {
		case spec.ScopeOperation:
			return !slices.Contains(op.Rules, r)
		case spec.ScopeSchema:
			return !reached[v.doc.Schema(r.Holder)]
		}
		return false
	})
}

// shared returns the media types of a body that another body has, too.
func shared(content, other []*spec.MediaType) []*spec.MediaType {
	return slices.DeleteFunc(slices.Clone(content), func(m *spec.MediaType) bool { return mediaType(other, m.Name) == nil })
}

// reach marks the schemas of media types, and those that they use.
func reach(content []*spec.MediaType, reached map[*spec.Schema]bool) {
	for _, m := range content {
		queue := []*spec.Schema{m.Schema, m.ItemSchema}
		for len(queue) > 0 {
			s := queue[0]
			queue = queue[1:]
			if s == nil || reached[s] {
				continue
			}
			reached[s] = true
			queue = append(queue, s.Ref, s.DynamicRef, s.Items, s.AdditionalProperties, s.UnevaluatedItems, s.UnevaluatedProperties,
				s.Contains, s.Then, s.Else)
			queue = slices.Concat(queue, s.PrefixItems, s.AllOf, s.AnyOf, s.OneOf)
			for _, list := range [][]spec.Property{s.Properties, s.PatternProperties, s.DependentSchemas} {
				for _, p := range list {
					queue = append(queue, p.Schema)
				}
			}
		}
	}
}

// sideOf is who breaks if a rule is new or gone: the provider that must refuse requests by a rule about requests, else the
// consumer, which relies on the rules about responses.
func sideOf(p part) contract.Side {
	for _, r := range []*spec.Rule{p.new.rule, p.old.rule} {
		if r != nil && r.Expr != "" && r.Scope != spec.ScopeSchema && isOfRequests(r) {
			return contract.Provider
		}
	}
	return contract.Consumer
}

// isOfRequests reports whether only the sender of a request can break a rule.
func isOfRequests(r *spec.Rule) bool {
	env, err := rule.NewEnvironment()
	if err != nil {
		return false
	}
	program, err := env.Compile(r.Expr, rule.OfExchange)
	return err == nil && program.OfConsumer
}
