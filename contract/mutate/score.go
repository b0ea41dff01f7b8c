package mutate

import (
	"slices"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Score is what became of every mutant.
type Score struct {
	Documents       []*spec.Document
	DocumentMutants []Mutant
	ExchangeMutants []Mutant

	equivalents *Equivalents
}

// Survivors are the mutants that nobody noticed and that are not listed as equivalent.
func (s *Score) Survivors() []Mutant {
	return s.filter(func(m Mutant) bool { return !m.Killed() && m.Reason == "" })
}

// KilledEquivalents are those that are listed as equivalent, and were noticed all the same: the reason does not hold.
func (s *Score) KilledEquivalents() []Mutant {
	return s.filter(func(m Mutant) bool { return m.Killed() && m.Reason != "" })
}

// StaleEquivalents are the lines of the equivalents that match no mutant.
func (s *Score) StaleEquivalents() []string { return s.equivalents.Unmatched() }

// Perfect says whether everything was noticed that can be, and the equivalents are right.
func (s *Score) Perfect() bool {
	return len(s.Survivors()) == 0 && len(s.KilledEquivalents()) == 0 && len(s.StaleEquivalents()) == 0
}

func (s *Score) filter(keep func(Mutant) bool) []Mutant {
	list := []Mutant{}
	for _, m := range slices.Concat(s.DocumentMutants, s.ExchangeMutants) {
		if keep(m) {
			list = append(list, m)
		}
	}
	return list
}

// Tally counts the mutants of one operator.
type Tally struct {
	Operator   string
	Mutants    int // without the equivalent
	Killed     int
	By         map[Detector]int // by what first, as means are tried
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

// Tallies counts mutants by operator, in the order in which the operators came first; the last is of all of them.
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
