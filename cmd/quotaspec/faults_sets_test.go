package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A provider seldom has one fault only. The sets here are random but the same in each run: of one to eight faults, without two of
// which one hides the other.

const (
	faultSets = 40
	largest   = 8 // faults of a set
)

// set is a set of faults.
func (api faultyAPI) set(seed uint64) (on []faultKind) {
	random := rand.New(rand.NewPCG(seed, 0))
	size := 1 + random.IntN(largest)
	for _, i := range random.Perm(len(allFaults)) {
		f := allFaults[i]
		isHidden := func(h hiding) bool {
			return f == h.by && slices.Contains(on, h.hides) || f == h.hides && slices.Contains(on, h.by)
		}
		if len(on) < size && !slices.ContainsFunc(api.hidden, isHidden) {
			on = append(on, f)
		}
	}
	return on
}

// TestFaultSets judges providers with several faults. Verify must report each of them, each in a cause of its own, and nothing
// else.
func TestFaultSets(t *testing.T) {
	apis, sets := faultyAPIs(), uint64(faultSets)
	if testing.Short() {
		sets = 10
	}
	for seed := range sets {
		api := apis[seed%uint64(len(apis))]
		on := api.set(seed)
		t.Run(fmt.Sprintf("%s/%d", api.name, seed), func(t *testing.T) {
			code, found, out := api.verify(t, on...)
			for _, p := range api.problems(found, on...) {
				t.Errorf("%v: %s", on, p)
			}
			for _, p := range api.causeProblems(out, found, on...) {
				t.Errorf("%v: %s\n%s", on, p, out)
			}
			if code != exitFailed {
				t.Errorf("exit %d, want %d:\n%s", code, exitFailed, out)
			}
		})
	}
}

// TestHiddenFaults tests that the lists of faults that hide each other are right: of the two, only the first shows. With
// -providers, it also tests that no pair is missing. The page has the lists.
func TestHiddenFaults(t *testing.T) {
	table := "| provider | fault | hides | why |\n|---|---|---|---|\n"
	for _, api := range []faultyAPI{faultyShop(), faultyNotes(), faultyBookings()} {
		for _, h := range api.hidden {
			table += fmt.Sprintf("| %s | %s | %s | %s |\n", api.name, api.faults[h.by].what, api.faults[h.hides].what, h.why)
		}
	}
	checkBlock(t, filepath.Join("..", "..", "docs", "providers.md"), "hidden", table)
	for _, api := range faultyAPIs() {
		for _, h := range api.hidden {
			t.Run(fmt.Sprintf("%s/%s hides %s", api.name, h.by, h.hides), func(t *testing.T) {
				_, found, out := api.verify(t, h.by, h.hides)
				if !slices.ContainsFunc(found, api.faults[h.by].isOf) || slices.ContainsFunc(found, api.faults[h.hides].isOf) {
					t.Errorf("both or none of the two show; want only the first:\n%s", out)
				}
			})
		}
	}
	if *providersPython != "" {
		for _, api := range faultyAPIs() {
			testOtherPairs(t, api)
		}
	}
}

// testOtherPairs tests that both faults of every other pair show.
func testOtherPairs(t *testing.T, api faultyAPI) {
	for i, a := range allFaults {
		for _, b := range allFaults[:i] {
			on := []faultKind{a, b}
			isHidden := func(h hiding) bool { return slices.Contains(on, h.by) && slices.Contains(on, h.hides) }
			if slices.ContainsFunc(api.hidden, isHidden) {
				continue
			}
			t.Run(fmt.Sprintf("%s/%s and %s", api.name, a, b), func(t *testing.T) {
				_, found, _ := api.verify(t, on...)
				for _, p := range api.problems(found, on...) {
					t.Error(p)
				}
			})
		}
	}
}

// checkBlock compares a text with what stands between <!-- name --> and <!-- /name --> in a file, or replaces it with -update.
func checkBlock(t *testing.T, file, name, text string) {
	t.Helper()
	page, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	begin, end := "<!-- "+name+" -->\n", "<!-- /"+name+" -->"
	before, rest, hasBegin := strings.Cut(string(page), begin)
	old, after, hasEnd := strings.Cut(rest, end)
	switch {
	case !hasBegin || !hasEnd:
		t.Fatalf("%s: want %q and %q", file, begin, end)
	case *update:
		if err := os.WriteFile(file, []byte(before+begin+text+end+after), 0o600); err != nil {
			t.Fatal(err)
		}
	case old != text:
		t.Errorf("%s: the block %s is outdated; run with -update:\n%s", file, name, cmp.Diff(text, old))
	}
}
