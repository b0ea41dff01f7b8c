package spec

import (
	"regexp"
	"slices"
	"strings"
)

var ruleName = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// readRules reads the list x-rules of the document, an operation or a schema.
func (x *extensions) readRules(holder, n *Node) {
	d := x.document
	schema := d.schemaOf[holder]
	scope := ScopeSchema
	switch {
	case holder == d.Root:
		scope = ScopeDocument
	case x.operations[holder] != nil:
		scope = ScopeOperation
	case schema == nil || schema.Node != holder:
		x.failAtName(n, "x-rules belongs to the document, an operation or a schema")
		return
	}
	if n.Kind != Array {
		x.fail(n, "x-rules: want a list")
		return
	}
	for _, item := range n.Items {
		r := x.readRule(item, scope)
		if r == nil {
			continue
		}
		r.Holder = holder
		d.Rules = append(d.Rules, r)
		for _, op := range x.operations[holder] {
			op.Rules = append(op.Rules, r)
		}
		if scope == ScopeSchema {
			schema.Rules = append(schema.Rules, r)
		}
	}
}

// readRule reads one rule. It returns nil for a rule with an error.
func (x *extensions) readRule(n *Node, scope Scope) *Rule {
	f := x.open("x-rules", n, "id", "says", "grade", "source", "probe", "rule")
	r := &Rule{ID: f.text("id"), Scope: scope, Node: n}
	if !ruleName.MatchString(r.ID) {
		f.fail(n, "id %q: want words joined by hyphens, such as type-filter", shortened(r.ID))
	}
	f.what = "rule " + r.ID
	r.Says, r.Evidence = f.text("says"), f.evidence()
	r.Expr, r.Probe = f.optional("rule"), Probe(f.optional("probe"))
	switch rule, probe := n.Member("rule"), n.Member("probe"); {
	case probe == nil && rule == nil:
		f.fail(n, "want a rule or a probe that proves it")
	case probe == nil:
	case scope == ScopeSchema:
		f.fail(probe, "a rule of a schema has no probe")
	case !slices.Contains(probeNames(), string(r.Probe)):
		f.fail(probe, "unknown probe %q: it is one of %s", shortened(string(r.Probe)), strings.Join(probeNames(), ", "))
	}
	if f.failed {
		return nil
	}
	return r
}

// nameRules completes the ids of rules: type-filter becomes showDomainQuota/type-filter. A duplicate id is an error. So is a
// rule without an expression whose probe is not a cause of any error code, since the expected response is then unknown.
func (x *extensions) nameRules() {
	d := x.document
	slices.SortStableFunc(d.Rules, func(a, b *Rule) int { return d.compare(a.Node.Place(), b.Node.Place()) })
	first := map[string]*Rule{}
	for _, r := range d.Rules {
		if other := first[r.ID]; other != nil {
			x.failAtName(r.Node, "rule %s: duplicate id, first in line %d", r.ID, other.Node.Place().Line)
			continue
		}
		first[r.ID] = r
	}
	if len(x.errs) > 0 { // the codes may be incomplete
		return
	}
	for _, r := range d.Rules {
		holder, among := d.Name, d.Operations
		if r.Scope == ScopeOperation {
			among = x.operations[r.Holder]
			holder = among[0].ID
		}
		isNamed := func(op *Operation) bool { return len(op.Statuses(r.Probe)) > 0 }
		named := r.Scope != ScopeSchema && slices.ContainsFunc(among, isNamed)
		if r.Expr == "" && r.Probe != Repeat && !named {
			x.failAtName(r.Node.Member("probe"),
				"rule %s: no x-error-codes list %s in when, so the expected response is unknown", r.ID, r.Probe)
		}
		r.ID = holder + "/" + r.ID
	}
}
