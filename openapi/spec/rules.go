package spec

import (
	"regexp"
	"slices"
	"strings"
)

var ruleName = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// readRules reads x-rules, a list.
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

// readRule reads one rule, or returns nil for one with a fault.
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
		f.fail(n, "neither rule nor probe proves it")
	case probe == nil:
	case scope == ScopeSchema:
		f.fail(probe, "no probe can be about a schema")
	case !slices.Contains(probeNames(), string(r.Probe)):
		f.fail(probe, "unknown probe %q, it is one of %s", shortened(string(r.Probe)), strings.Join(probeNames(), ", "))
	}
	if f.faulty {
		return nil
	}
	return r
}

// nameRules gives each rule its whole id. It refuses an id that stands there twice, and a promise that only a probe proves if
// nothing says what the response to that probe must be.
func (x *extensions) nameRules() {
	d := x.document
	slices.SortStableFunc(d.Rules, func(a, b *Rule) int { return d.compare(a.Node.Place(), b.Node.Place()) })
	first := map[string]*Rule{}
	for _, r := range d.Rules {
		if other := first[r.ID]; other != nil {
			x.failAtName(r.Node, "rule %s: the same id stands in line %d", r.ID, other.Node.Place().Line)
			continue
		}
		first[r.ID] = r
	}
	if len(x.errs) > 0 { // codes with a fault name nothing
		return
	}
	for _, r := range d.Rules {
		holder, among := d.Name, d.Operations
		if r.Scope == ScopeOperation {
			among = x.operations[r.Holder]
			holder = among[0].ID
		}
		named := r.Scope != ScopeSchema && slices.ContainsFunc(among, func(op *Operation) bool { return len(op.Statuses(r.Probe)) > 0 })
		if r.Expr == "" && r.Probe != Repeat && !named {
			x.failAtName(r.Node.Member("probe"),
				"rule %s: no x-error-codes name %s in when, so nothing says how the probe is to be answered", r.ID, r.Probe)
		}
		r.ID = holder + "/" + r.ID
	}
}
