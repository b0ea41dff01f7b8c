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

// Survivors are the mutants that nothing killed and that are not listed as equivalent.
func (s *Score) Survivors() []Mutant {
	return s.filter(func(m Mutant) bool { return !m.Killed() && m.Reason == "" })
}

// KilledEquivalents are the mutants that were killed although they are listed as equivalent: the reason is wrong.
func (s *Score) KilledEquivalents() []Mutant {
	return s.filter(func(m Mutant) bool { return m.Killed() && m.Reason != "" })
}

// StaleEquivalents are the lines of the equivalents that match no mutant.
func (s *Score) StaleEquivalents() []string { return s.equivalents.Unmatched() }

// Perfect reports whether nothing survived and the equivalents are correct.
func (s *Score) Perfect() bool {
	return len(s.Survivors()) == 0 && len(s.KilledEquivalents()) == 0 && len(s.StaleEquivalents()) == 0
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

// Tally counts the mutants of one operator.
type Tally struct {
	Operator   string
	Mutants    int // without the equivalents
	Killed     int
	By         map[Detector]int // by the first detector, in the order of the constants
	Equivalent int
}

func (t *Tally) count(m Mutant) {
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

// Tallies counts mutants by operator, in order of first appearance. The last tally has the operator "all" and counts them all.
func Tallies(mutants []Mutant) []Tally {
	list, all := []Tally{}, Tally{Operator: "all", By: map[Detector]int{}}
	for _, m := range mutants {
		i := slices.IndexFunc(list, func(t Tally) bool { return t.Operator == m.Operator })
		if i < 0 {
			i = len(list)
			list = append(list, Tally{Operator: m.Operator, By: map[Detector]int{}})
		}
		list[i].count(m)
		all.count(m)
	}
	return append(list, all)
}
