package breaking

import (
	"cmp"
	"slices"

	"github.com/quotaspec/quotaspec/contract"
)

// apply marks the findings that the traffic does not use, and shows recorded witnesses instead of generated ones.
func (c *Comparer) apply(findings []Finding) []Finding {
	if c.traffic.exchanges == 0 {
		return findings
	}
	for i := range findings {
		f := &findings[i]
		if f.Level == Editorial {
			continue
		}
		r := c.recordedWitness(*f)
		f.Unused = !c.isUsed(*f, r != nil)
		if r == nil {
			continue
		}
		if r.isShared {
			f.Why = cmp.Or(f.Why, r.name+" shows that it is used; OLD refuses that exchange, too, for another reason")
			continue
		}
		if f.Witness == nil && f.Probe == "" {
			f.Level, f.Why = Breaking, ""
		}
		f.Witness = r.witness()
	}
	return findings
}

// recordedWitness returns a recorded exchange that shows what the witness of a finding shows. If there is no witness, the
// exchange must break the side of the finding.
func (c *Comparer) recordedWitness(f Finding) *recorded {
	byOld := f.Side == contract.Consumer
	if f.Witness != nil {
		byOld = len(f.Witness.Old) > 0
	}
	return c.recordedFor(changedBy(f), checksOf(f), byOld)
}

// checksOf lists all checks with the change.
func checksOf(f Finding) []string { return append([]string{f.Check}, f.Also...) }

// isUsed reports whether the traffic uses what has changed. isShown says that one of its exchanges is a witness.
//
//	operation, server, security    it has the operation
//	a request                      one that the new document refuses for a reason that the old one does not have; if no request
//	                               can show the change, it has the operation
//	a status, media type, header   it has a response with this status
//	a new status                   it has a success of the operation, instead of which the status may come
//	a part of a response           it has the value that contains the part, in a response with this status
func (c *Comparer) isUsed(f Finding, isShown bool) bool {
	if isShown {
		return true
	}
	thing := changedBy(f).thing()
	isOfOperation := slices.Contains([]string{"operation", "server", "security", "rule"}, thing)
	mustBeShown := f.Side == contract.Provider && f.Witness != nil && f.Level > Compatible && !isOfOperation
	if mustBeShown {
		return false
	}
	return slices.ContainsFunc(checksOf(f), func(check string) bool {
		uses := c.traffic.of(operationOf(check))
		if isOfOperation || f.Side != contract.Consumer || statusOf(check) == "" {
			return len(uses) > 0
		}
		return slices.ContainsFunc(uses, func(u *use) bool { return u.has(f, statusOf(check)) })
	})
}

// has reports whether responses with a status have the part that a finding is about.
func (u *use) has(f Finding, status string) bool {
	tokens := changedBy(f).tokens
	isOfBody := len(tokens) > 1 && tokens[1] == "body"
	for code, s := range u.statuses {
		switch {
		case f.ID == "status/added" && code/100 == 2:
			return true
		case !s.is(status, code):
			continue
		case !isOfBody, s.all, len(tokens) <= 3, s.body.has(tokens[2 : len(tokens)-1]):
			return true
		}
	}
	return false
}
