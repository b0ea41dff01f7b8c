package mutate

import (
	"bytes"
	"strings"
	"testing"
)

// TestConclusion tests the last lines of a score: what killed the mutants, and then whether all were killed, some survived
// or the equivalents are wrong.
func TestConclusion(t *testing.T) {
	by := func(detectors ...Detector) Mutant {
		m := Mutant{Of: "document a", Operator: "bound dropped", Pointer: "/x"}
		for _, d := range detectors {
			m.Killers = append(m.Killers, Killer{Detector: d})
		}
		return m
	}
	listed := func(m Mutant) Mutant {
		m.Reason = "no request can show it"
		return m
	}
	const stale = "nothing # here\n"
	tests := []struct {
		name        string
		documents   []Mutant
		equivalents string
		want        string
	}{
		{name: "all killed", documents: []Mutant{
			by(ByLoading), by(ByExchanges, ByInventory), by(ByProbes, ByInventory), by(ByInventory), listed(by()),
		}, want: `
of 4 mutants of documents, killed: 1 at load, 1 by exchanges, 1 only by probes, 1 only by the inventory, ` +
			`which shows that something changed, not that it is wrong
all killed: 4 mutants of documents, 1 mutants of exchanges; 1 more are listed as equivalent
`},
		{name: "survived", documents: []Mutant{by(ByExchanges), by()}, want: `
of 2 mutants of documents, killed: 1 by exchanges
SURVIVED: 1 of 2 mutants of documents, 0 of 1 mutants of exchanges
`},
		{name: "equivalents wrong", documents: []Mutant{by(ByExchanges), listed(by(ByExchanges))}, equivalents: stale, want: `
of 1 mutants of documents, killed: 1 by exchanges
EQUIVALENTS WRONG: 1 killed after all, 1 stale
`},
		{name: "both", documents: []Mutant{by()}, equivalents: stale, want: `
of 1 mutants of documents, none killed
SURVIVED: 1 of 1 mutants of documents, 0 of 1 mutants of exchanges
EQUIVALENTS WRONG: 0 killed after all, 1 stale
`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			equivalents, err := ParseEquivalents("equivalents.txt", []byte(test.equivalents))
			if err != nil {
				t.Fatal(err)
			}
			ofExchange := Mutant{Of: "exchange b", Operator: "body emptied", Killers: []Killer{{Detector: ByJudge}}}
			s := &Score{DocumentMutants: test.documents, ExchangeMutants: []Mutant{ofExchange}, equivalents: equivalents}
			var text bytes.Buffer
			if err := Text(&text, s, false); err != nil {
				t.Fatal(err)
			}
			if !strings.HasSuffix(text.String(), test.want) {
				t.Errorf("got %s\nwant at the end %s", text.String(), test.want)
			}
		})
	}
}
