package breaking

import (
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/pointer"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// The evidence of a part grades all promises in it. If the grade becomes a weaker one, what broke them fails no more:
//
//	x-evidence: {grade: documented}    GET /pets → 200 [{"kind": 7}]    schema/type, documented    refused
//	x-evidence: {grade: inferred}      GET /pets → 200 [{"kind": 7}]    schema/type, inferred      accepted, with a warning

// showGrade looks for an exchange in which both documents find the same wrong, and only one of them fails it.
func (c *Comparer) showGrade(ch change) shown {
	if was, is := gradeOf(holderOf(ch.old)), gradeOf(holderOf(ch.new)); isFirm(was) && isFirm(is) {
		return shown{level: Compatible, why: "a broken promise fails a run at either grade"}
	}
	sides := []contract.Side{ch.part.side()}
	if ch.part.kind == ofOperation {
		sides = []contract.Side{contract.Consumer, contract.Provider}
	}
	s := shown{level: PossiblyBreaking, why: "no exchange shows it: the promise is as it was, but its evidence is another"}
	for _, side := range sides {
		best := c.bestGraded(ch, side)
		if best == nil || s.level == Breaking {
			continue
		}
		s = shown{level: Compatible, witness: c.witnessOf(c.shrunk(*best, side), side), side: side}
		if best.breaks(side) {
			s.level = Breaking
		}
	}
	return s
}

func (c *Comparer) bestGraded(ch change, side contract.Side) (best *attempt) {
	for _, a := range c.pool(ch.part, "") {
		if a.isGraded(ch, side) && (best == nil || compareAttempts(a, *best, side) < 0) {
			best = &a
		}
	}
	return best
}

// isFirm reports whether a broken promise of a grade fails a run. "" is a grade that is inherited, and not known here.
func isFirm(grade string) bool {
	return grade == spec.Documented.String() || grade == spec.Recorded.String()
}

// isGraded reports whether one document refuses the exchange for nothing but what is a warning by the other, at the place
// of the change.
func (a attempt) isGraded(ch change, side contract.Side) bool {
	v, ok := a.verdict(side)
	if !ok || !v.differs() {
		return false
	}
	refusing, warning, holder := v.old, v.new, holderOf(ch.old)
	if v.old.accepts {
		refusing, warning, holder = v.new, v.old, holderOf(ch.new)
	}
	isTwin := func(f contract.Finding) bool {
		return slices.ContainsFunc(warning.findings, func(w contract.Finding) bool { return w.ID == f.ID && w.Pointer == f.Pointer })
	}
	isWhole := ch.part.kind == ofOperation || ch.part.kind == ofStatus && ch.part.hasStatus(a.exchange.Response.Status)
	failing := refusing.failing(side)
	at := slices.Collect(pointer.Names(ch.pointer()))
	isWithin := func(f contract.Finding) bool {
		tokens := slices.Collect(pointer.Names(f.Pointer))
		isBelow := len(at) > 0 && len(tokens) >= len(at) && matches(at, tokens)
		return isWhole || isBelow || f.Node.Within(holder)
	}
	isOther := func(f contract.Finding) bool { return !isTwin(f) }
	return slices.ContainsFunc(failing, isWithin) && !slices.ContainsFunc(failing, isOther)
}

// holderOf is the part that an x-evidence grades, or the node itself.
func holderOf(n *spec.Node) *spec.Node {
	if parent := n.Parent(); parent != nil && parent.Member("x-evidence") == n {
		return parent
	}
	return n
}

// hasStatus reports whether the part is the response with a status, in either document.
func (p part) hasStatus(status int) bool {
	for _, e := range []element{p.old, p.new} {
		if r := e.op.Response(status); r != nil && strings.EqualFold(r.Status, p.status) {
			return true
		}
	}
	return false
}
