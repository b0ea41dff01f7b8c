package breaking

import (
	"cmp"
	"slices"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// trial is a candidate that one document accepts and the other refuses.
type trial struct {
	exchange contract.Exchange
	origin   string
	verdict  verdict
	rank     rank
	level    Level
	why      string
	further  int // findings of the document that refuses, beside the first
	index    int
}

// warns reports whether a document that accepts a candidate finds a promise broken at the place of the change.
func (s *search) warns(o opinion) bool {
	return slices.ContainsFunc(o.findings, func(f contract.Finding) bool {
		return f.Evidence.Grade == spec.Inferred && s.rankOf(f) == exact
	})
}

// rate fills in how well a trial shows the change; false: it does not.
func (s *search) rate(t *trial) bool {
	refusing := t.verdict.refusing().failing(s.side())
	t.rank = s.rank(refusing)
	related := slices.DeleteFunc(slices.Clone(refusing), func(f contract.Finding) bool { return s.rankOf(f) != t.rank })
	t.level, t.why = levelOf(*s.ch, t.verdict, related)
	t.further = max(0, len(refusing)-1)
	return t.rank != unrelated
}

// refusing is the opinion of the document that refuses.
func (v verdict) refusing() opinion {
	if v.old.accepts {
		return v.new
	}
	return v.old
}

// settle drops the trials of a group that show what every candidate of the group shows, since the change is not the cause of
// it.
func (s *search) settle(from int, constant findingCounts, judged int) {
	kept := slices.DeleteFunc(slices.Clone(s.trials[from:]), func(t trial) bool {
		if t.rank == exact {
			return false
		}
		isNew := t.verdict.old.accepts
		return !slices.ContainsFunc(t.verdict.refusing().failing(s.side()), func(f contract.Finding) bool {
			return s.rankOf(f) == t.rank && constant.of(f, isNew) < judged
		})
	})
	s.trials = append(s.trials[:from], kept...)
}

// findingCounts counts how many candidates of a group have a finding, by document, id and place.
type findingCounts map[string]int

func (c findingCounts) add(v verdict, side contract.Side) {
	for _, isNew := range []bool{false, true} {
		o := v.old
		if isNew {
			o = v.new
		}
		keys := []string{}
		for _, f := range o.failing(side) {
			if key := findingKey(f, isNew); !slices.Contains(keys, key) {
				keys = append(keys, key)
				c[key]++
			}
		}
	}
}

func (c findingCounts) of(f contract.Finding, isNew bool) int { return c[findingKey(f, isNew)] }

func findingKey(f contract.Finding, isNew bool) string {
	key := f.ID + " " + f.Pointer
	if isNew {
		key += " new"
	}
	return key
}

// isPerfect reports whether the last trial of a group shows the change, and nothing else is noticed about it.
func (s *search) isPerfect(from int) bool {
	if len(s.trials) == from {
		return false
	}
	t := s.trials[len(s.trials)-1]
	return t.rank == exact && t.level == Breaking && t.further == 0 && t.verdict.warnings() == 0
}

// isSettled reports whether a trial cannot be improved on by further bases.
func (s *search) isSettled() bool {
	return slices.ContainsFunc(s.trials, func(t trial) bool { return t.rank == exact && t.level == Breaking && t.further == 0 })
}

// best returns the best trial, or nil.
func (s *search) best() *trial {
	if len(s.trials) == 0 {
		return nil
	}
	best := slices.MinFunc(s.trials, func(a, b trial) int {
		return cmp.Or(
			cmp.Compare(a.rank, b.rank), cmp.Compare(b.level, a.level), cmp.Compare(a.further, b.further),
			cmp.Compare(a.verdict.warnings(), b.verdict.warnings()), cmp.Compare(a.index, b.index),
		)
	})
	return &best
}

// warnings counts what the document that accepts finds all the same.
func (v verdict) warnings() int {
	if v.old.accepts {
		return len(v.old.findings)
	}
	return len(v.new.findings)
}
