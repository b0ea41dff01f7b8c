package mutate

import (
	"slices"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Score is the result of a run: every mutant with its killers. A score is perfect if each mutant was killed or is listed as
// equivalent, and each line of the equivalents matches a mutant that survived.
type Score struct {
	Documents       []*spec.Document
	DocumentMutants []Mutant
	ExchangeMutants []Mutant

	equivalents *Equivalents
}

// survivors are the mutants that nothing killed and that are not listed as equivalent.
func (s *Score) survivors() []Mutant {
	return s.filter(func(m Mutant) bool { return !m.Killed() && m.Reason == "" })
}

// killedEquivalents are the mutants that were killed although they are listed as equivalent: the reason is wrong.
func (s *Score) killedEquivalents() []Mutant {
	return s.filter(func(m Mutant) bool { return m.Killed() && m.Reason != "" })
}

// staleEquivalents are the lines of the equivalents that match no mutant.
func (s *Score) staleEquivalents() []string { return s.equivalents.Unmatched() }

// Perfect reports whether nothing survived and the equivalents are correct.
func (s *Score) Perfect() bool {
	return len(s.survivors()) == 0 && len(s.killedEquivalents()) == 0 && len(s.staleEquivalents()) == 0
}

func (s *Score) filter(include func(Mutant) bool) []Mutant {
	list := []Mutant{}
	for _, m := range slices.Concat(s.DocumentMutants, s.ExchangeMutants) {
		if include(m) {
			list = append(list, m)
		}
	}
	return list
}

// tally counts the mutants of one operator.
type tally struct {
	Operator   string
	Mutants    int // without the equivalents
	Killed     int
	By         map[Detector]int // by the first detector, in the order of the constants
	Equivalent int
}

func (t *tally) count(m Mutant) {
	if m.Reason != "" {
		t.Equivalent++
		return
	}
	t.Mutants++
	if m.Killed() {
		t.Killed++
		t.By[m.Killers[0].Detector]++
	}
}

// tallies counts mutants by operator, in order of first appearance. The last tally has the operator "all" and counts them all.
func tallies(mutants []Mutant) []tally {
	list, all := []tally{}, tally{Operator: "all", By: map[Detector]int{}}
	for _, m := range mutants {
		i := slices.IndexFunc(list, func(t tally) bool { return t.Operator == m.Operator })
		if i < 0 {
			i = len(list)
			list = append(list, tally{Operator: m.Operator, By: map[Detector]int{}})
		}
		list[i].count(m)
		all.count(m)
	}
	return append(list, all)
}
