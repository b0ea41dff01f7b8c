package breaking

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// A rule has no value that could be moved out of its bounds, so its witness is searched among many exchanges (rules_pool.go):
// one that breaks the rule by the one document, and nothing else that the other document promises.
//
//	rule/removed each-once    an old program may rely on it: breaking, shown by a list with the same pet twice
//	rule/added sorted         the provider promises more: compatible, shown by a list that is not sorted
//
// Rules about requests are the other way round.

// showRule looks for an exchange that breaks a changed rule in one document only.
func (c *Comparer) showRule(ch change) shown {
	if ch.part.isResponse {
		return c.showCodes(ch)
	}
	s := shown{side: sideOf(ch.part)}
	search := &ruleSearch{side: s.side}
	search.weak = true
	for _, e := range []element{ch.part.old, ch.part.new} {
		if e.rule == nil || e.rule.Evidence.Grade > spec.Recorded {
			continue // who breaks it gets a warning
		}
		search.weak = false
		isBroken := func(f contract.Finding) bool { return f.Node == e.rule.Node }
		for _, a := range c.pool(ch.part, e.rule.Probe) {
			search.try(a, isBroken)
		}
	}
	s.level, s.why = levelWithout(ch, s.side), search.why()
	if best := search.best; best != nil {
		s.level, s.witness, s.why = Compatible, c.witnessOf(c.shrunk(*best, s.side), s.side), ""
		if best.breaks(s.side) {
			s.level = Breaking
		}
	}
	return s
}

// levelWithout is the level of a changed rule that no exchange shows. More promises break no consumer, and fewer no provider.
func levelWithout(ch change, side contract.Side) Level {
	isStronger := ch.id == "rule/added"
	if ch.id == "rule/grade" {
		isStronger = ch.part.new.rule.Evidence.Grade < ch.part.old.rule.Evidence.Grade
	}
	isWeaker := !isStronger && ch.id != "rule/changed"
	if isStronger && side == contract.Consumer || isWeaker && side == contract.Provider {
		return Compatible
	}
	return PossiblyBreaking
}

// unknownCode is a code that no document has.
const unknownCode = "quotaspec.unknown"

// showCodes looks for an error with a code, or with a code for a cause, that one document only has.
func (c *Comparer) showCodes(ch change) shown {
	s, search := shown{level: PossiblyBreaking}, &ruleSearch{side: contract.Consumer}
	isOfCodes := func(f contract.Finding) bool { return f.ID == "error-code/undocumented" }
	for _, name := range ch.names {
		code, cause, isCause := strings.Cut(name, " for ")
		if strings.HasPrefix(code, placed) {
			code = unknownCode
		}
		if !isCause {
			for _, a := range c.withCode(ch.part, code) {
				search.try(a, isOfCodes)
			}
			continue
		}
		if slices.Contains(unprobed, spec.Probe(cause)) {
			continue
		}
		isOfStatus := func(f contract.Finding) bool { return f.Pointer == "/response/status" }
		for _, a := range c.pool(ch.part, spec.Probe(cause)) {
			search.try(a, isOfStatus)
		}
	}
	if best := search.best; best != nil {
		s.level, s.witness = Compatible, c.witnessOf(c.shrunk(*best, contract.Consumer), contract.Consumer)
		if best.breaks(contract.Consumer) {
			s.level = Breaking
		}
		return s
	}
	s.why = search.why()
	if ch.id == "error-codes/removed" {
		s.level = Compatible
	}
	return s
}

// unprobed are the causes of error codes that no request provokes, so that no status is wrong for them.
var unprobed = []spec.Probe{
	spec.WrongSignature, spec.ExpiredSignature, spec.LockedKey, spec.TooLarge, spec.Throttled, spec.InternalError,
	spec.Unavailable,
}

// ruleSearch looks for the best of many exchanges.
type ruleSearch struct {
	side   contract.Side
	best   *attempt
	tried  int
	broken int  // how many break the rule
	weak   bool // both documents grade the rule as inferred
	warned bool // an exchange that breaks the rule gets a warning by both
}

// try looks at an exchange. isBroken says whether a finding is that of the rule.
func (s *ruleSearch) try(a attempt, isBroken func(contract.Finding) bool) {
	s.tried++
	v, ok := a.verdict(s.side)
	if !ok {
		return
	}
	refusing := v.old
	if v.old.accepts {
		refusing = v.new
	}
	isFound := slices.ContainsFunc(slices.Concat(v.old.findings, v.new.findings), isBroken)
	if isFound {
		s.broken++
	}
	s.warned = s.warned || isFound && v.old.accepts && v.new.accepts
	if v.differs() && slices.ContainsFunc(refusing.failing(s.side), isBroken) {
		if s.best == nil || compareAttempts(a, *s.best, s.side) < 0 {
			s.best = &a
		}
	}
}

// why says in words why nothing shows the change.
func (s *ruleSearch) why() string {
	switch {
	case s.weak, s.warned:
		return "no exchange shows it: what breaks it gets a warning, since its grade is only inferred"
	case s.tried == 0:
		return "no exchange shows it: there is no example or recording, or no request provokes the cause"
	case s.broken > 0:
		return "no exchange shows it: what breaks it is refused by both documents for another reason, too"
	}
	return fmt.Sprintf("no exchange shows it: none of %d that were tried breaks it", s.tried)
}

// attempt is an exchange that both documents have judged.
type attempt struct {
	name     string
	exchange contract.Exchange
	old, new contract.Result
	index    int
}

func (a attempt) verdict(side contract.Side) (verdict, bool) {
	old, okOld := opinionOf(a.old, side)
	new, okNew := opinionOf(a.new, side)
	return verdict{old, new}, okOld && okNew
}

func (a attempt) breaks(side contract.Side) bool {
	v, _ := a.verdict(side)
	return v.breaks(side)
}

// witnessOf returns the exchange as reports show it: of one about the request, the request alone, if that is enough.
func (c *Comparer) witnessOf(a attempt, side contract.Side) *Witness {
	v, _ := a.verdict(side)
	if side == contract.Provider {
		alone := a.exchange
		alone.Response, alone.Unrecorded = contract.Response{}, alone.Unrecorded|contract.UnrecordedResponse
		if again, ok := c.check(alone, side); ok && again.old.accepts == v.old.accepts && again.new.accepts == v.new.accepts {
			a.exchange, v = alone, again
		}
	}
	return &Witness{Exchange: a.exchange, Origin: a.name, Old: v.old.failing(side), New: v.new.failing(side)}
}

// compareAttempts orders witnesses, the best first: one that breaks the side, with nothing else wrong; then recordings come
// before examples, and those before what is made of a schema.
func compareAttempts(a, b attempt, side contract.Side) int {
	x, _ := a.verdict(side)
	y, _ := b.verdict(side)
	isMild := func(v verdict) int {
		if v.breaks(side) {
			return 0
		}
		return 1
	}
	failing := func(v verdict) int { return len(v.old.failing(side)) + len(v.new.failing(side)) }
	all := func(a attempt) int { return len(a.old.Findings) + len(a.new.Findings) }
	return cmp.Or(isMild(x)-isMild(y), failing(x)-failing(y), all(a)-all(b), a.index-b.index)
}
