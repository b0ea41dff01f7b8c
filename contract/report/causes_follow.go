package report

import (
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Some findings of an exchange follow from another one, and belong to its cause:
//
//	status/server-error       all others about the response: its body is an error page
//	a status of a probe       the other findings about the status: 200 is undocumented, and not the 201 that was wanted
//	schema/type of a value    the other keywords that the value breaks: null is no string, and not in the enum

// followed returns for each finding of a check the index of the finding that it follows from, which may be its own.
func followed(all []contract.Finding) []int {
	from := make([]int, len(all))
	status, firstAt := -1, map[string]int{}
	for i := range all {
		from[i] = i
		if f := &all[i]; strings.HasPrefix(f.ID, "status/") && f.Pointer == statusPointer {
			if status < 0 || explains(f, &all[status]) {
				status = i
			}
		}
	}
	for i := range all {
		f := &all[i]
		first, isKnown := firstAt[f.Pointer]
		isSchema := strings.HasPrefix(f.ID, "schema/")
		isOfResponse := strings.HasPrefix(f.Pointer, "/response")
		isStatus := strings.HasPrefix(f.ID, "status/") && f.Pointer == statusPointer
		switch {
		case status >= 0 && (isStatus || isOfResponse && all[status].ID == serverError):
			from[i] = status
		case isSchema && isKnown:
			from[i] = first
		case isSchema:
			firstAt[f.Pointer] = i
		}
	}
	return from
}

// explains reports whether a finding about a status explains another one about the same status.
func explains(f, other *contract.Finding) bool { return explanation(f) > explanation(other) }

// explanation is higher the more a finding says. A success instead of a refusal says that wrong input was accepted, also if that
// success is undocumented.
func explanation(f *contract.Finding) int {
	isAccepted := f.Got != "" && f.Got[0] == '2' && f.ID != validRequest && f.ID != repeatedRequest
	switch {
	case f.ID == serverError:
		return 3
	case f.ID == undocumentedStatus:
		return 1
	case isAccepted:
		return 2
	}
	return 0
}

// grouping sorts findings into causes.
type grouping struct {
	operations map[string]bool     // ids
	rules      map[*spec.Node]bool // the nodes of rules
	causes     []*Cause
	byKey      map[causeKey]*Cause
	// failsPlainly has the causes of operations whose plain request fails already, with a server error or another status.
	failsPlainly map[causeKey]bool
}

func newGrouping(r *Report) *grouping {
	g := &grouping{
		operations: map[string]bool{}, rules: map[*spec.Node]bool{}, byKey: map[causeKey]*Cause{}, failsPlainly: map[causeKey]bool{},
	}
	for _, doc := range r.Documents {
		for _, op := range doc.Operations {
			g.operations[op.ID] = true
		}
		for _, rule := range doc.Rules {
			g.rules[rule.Node] = true
		}
	}
	return g
}

// add adds the findings of a check to their causes.
func (g *grouping) add(c *Check) {
	if c.Status == Fail && len(c.Failures) == 0 {
		g.cause(causeKey{status: Fail, reason: c.Reason}, c, nil)
	}
	all := c.findings()
	from := followed(all)
	for i := range all {
		at := from[i]
		key := g.keyOf(c, &all[at], at < len(c.Failures))
		cause := g.cause(key, c, &all[at])
		if cause.Findings++; cause.Findings == 1 {
			cause.lead = foundAt{c, at}
		}
		cause.found = append(cause.found, foundAt{c, i})
		if at == i && all[i].Pointer != cause.Pointer {
			cause.Pointer = common(cause.Pointer, all[i].Pointer)
		}
		isPlain := all[i].ID == validRequest && c.About == nil
		if isPlain && (all[at].ID == serverError || at == i) {
			g.failsPlainly[key] = true
		}
	}
}

// cause returns the cause of a key, with the check counted in it. f is nil for a check without findings.
func (g *grouping) cause(key causeKey, c *Check, f *contract.Finding) *Cause {
	cause := g.byKey[key]
	if cause == nil {
		cause = &Cause{Status: key.status, About: key.about, Reason: key.reason, Example: c, key: key, rank: len(g.causes)}
		if f != nil {
			cause.Finding, cause.Pointer = *f, f.Pointer
		}
		g.byKey[key] = cause
		g.causes = append(g.causes, cause)
	}
	if n := len(cause.checks); n == 0 || cause.checks[n-1] != c {
		cause.checks = append(cause.checks, c)
	}
	return cause
}

// count sets the numbers of a cause, which are those of its checks.
func (g *grouping) count(c *Cause) {
	seen, operations := map[*Check]bool{}, map[string]bool{}
	for _, check := range c.checks {
		if seen[check] {
			continue
		}
		seen[check] = true
		c.Checks++
		c.Exchanges += max(check.Times, 1)
		if id := g.operationOf(check); id != "" && !operations[id] {
			operations[id] = true
			c.Operations = append(c.Operations, id)
		}
	}
}
