package mutants_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract/corpus/mutants"
	"github.com/quotaspec/quotaspec/contract/mutate"
)

var update = flag.Bool("update", false, "write the inventory")

// TestInventory compares the inventory with the documents, so that it never changes unintentionally. With -update it writes the
// inventory.
func TestInventory(t *testing.T) {
	contracts, _, err := mutants.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range contracts {
		rows, err := mutate.InventoryOf(c.File, c.Document)
		if err != nil {
			t.Fatal(err)
		}
		if *update {
			name := strings.TrimSuffix(filepath.Base(c.File), ".yaml") + ".txt"
			if err := os.WriteFile(filepath.Join("inventory", name), []byte(strings.Join(rows, "\n")+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if diff := cmp.Diff(c.Inventory, rows); diff != "" {
			t.Errorf("%s (-want +got; go test ./contract/corpus/mutants -run Inventory -update):\n%s", c.File, diff)
		}
	}
}

// fullScore is one run that finds every killer of every mutant, for all tests.
var fullScore = sync.OnceValues(func() (*mutate.Score, error) {
	contracts, equivalents, err := mutants.Embedded()
	if err != nil {
		return nil, err
	}
	return mutate.Run(contracts, equivalents, true)
})

func score(t *testing.T) *mutate.Score {
	t.Helper()
	if testing.Short() {
		t.Skip("judges thousands of documents")
	}
	s, err := fullScore()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestScore(t *testing.T) {
	s := score(t)
	if len(s.DocumentMutants) < 400 || len(s.ExchangeMutants) < 2000 {
		t.Errorf("got %d mutants of documents and %d of exchanges, want 400 and 2000 or more", len(s.DocumentMutants), len(s.ExchangeMutants))
	}
	if !s.Perfect() {
		var text bytes.Buffer
		_ = mutate.Text(&text, s, false)
		t.Error(text.String())
	}
}

// TestMutantsAreThoseOfTheScore checks that other judges get the same mutants as ours.
func TestMutantsAreThoseOfTheScore(t *testing.T) {
	contracts, _, err := mutants.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	got, want := []string{}, []string{}
	for _, c := range contracts {
		mutants, err := mutate.Exchanges(c)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range mutants {
			got = append(got, m.String())
		}
	}
	for _, c := range contracts {
		mutants, err := mutate.Documents(c)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range mutants {
			got = append(got, m.String())
		}
	}
	for _, m := range slices.Concat(score(t).ExchangeMutants, score(t).DocumentMutants) {
		want = append(want, m.String())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestNothingIsRedundant checks that every recording, exchange, rule and row is needed: without it, a mutant would survive.
// Redundant ones are listed in redundant.txt with the reason.
func TestNothingIsRedundant(t *testing.T) {
	s := score(t)
	elements := map[string]bool{} // whether they are needed
	contracts, _, err := mutants.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range contracts {
		for _, k := range c.Cases {
			if k.Operation != "" {
				elements["recording "+k.Name] = false
				continue
			}
			if !strings.Contains(k.Name, "/") {
				continue // of the published corpus, whose purpose is to test judges
			}
			elements["case "+k.Name] = false
		}
		for _, row := range c.Inventory {
			key, _, _ := strings.Cut(row, ": ")
			elements["row "+strings.TrimSuffix(key, ":")] = false
		}
	}
	for _, m := range s.DocumentMutants {
		if m.Operator == "rule dropped" {
			elements["rule "+m.Of+m.Pointer] = m.Killed()
		}
		if by := killedBy(m, elements); len(by) == 1 {
			elements[by[0]] = true
		}
	}
	data, err := os.ReadFile("testdata/redundant.txt")
	if err != nil {
		t.Fatal(err)
	}
	redundant, err := mutate.ParseEquivalents("redundant.txt", data)
	if err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for name := range elements {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if elements[name] {
			continue
		}
		if _, listed := redundant.Reason(name); !listed {
			t.Errorf("redundant: %s", name)
		}
	}
	for _, line := range redundant.Unmatched() {
		t.Error(line)
	}
}

// killedBy lists the elements that kill a mutant, each once.
func killedBy(m mutate.Mutant, elements map[string]bool) []string {
	by := []string{}
	for _, k := range m.Killers {
		name := "the loader"
		switch k.Detector {
		case mutate.ByExchanges:
			if name = "recording " + k.Case; !has(elements, name) {
				name = "case " + k.Case
			}
		case mutate.ByProbes, mutate.ByInventory:
			name = "row " + k.Name
		}
		if !slices.Contains(by, name) {
			by = append(by, name)
		}
	}
	return by
}

func has(elements map[string]bool, name string) bool {
	_, ok := elements[name]
	return ok
}
