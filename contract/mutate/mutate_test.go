package mutate_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract/mutate"
)

var update = flag.Bool("update", false, "write the inventory")

// TestInventory holds the inventory to the documents. Nothing in it changes without somebody meaning it.
func TestInventory(t *testing.T) {
	contracts, _, err := mutate.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range contracts {
		rows, err := mutate.InventoryOf(c.File, c.Source)
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
			t.Errorf("%s (-want +got; go test ./contract/mutate -run Inventory -update):\n%s", c.File, diff)
		}
	}
}
func TestTmp(t *testing.T) {
	contracts, eq, err := mutate.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	s, err := mutate.Run(contracts, eq, mutate.Options{All: os.Getenv("ALL") != ""})
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println(time.Since(start))
	for _, l := range [][]mutate.Mutant{s.OfDocuments, s.OfExchanges} {
		for _, ta := range mutate.Tallies(l) {
			fmt.Printf("%-40s %d/%d %v eq %d\n", ta.Operator, ta.Killed, ta.Mutants, ta.By, ta.Equivalent)
		}
	}
	f, _ := os.Create("/tmp/survivors.txt")
	for _, m := range s.Survivors() {
		fmt.Fprintln(f, m)
	}
	f.Close()
	f, _ = os.Create("/tmp/killed.txt")
	for _, m := range s.OfDocuments {
		if m.Killed() {
			fmt.Fprintln(f, m, " <- ", m.Killers[0])
		}
	}
	f.Close()
	for _, m := range s.Revenants() {
		fmt.Println("REVENANT", m, m.Killers[0])
	}
	for _, m := range s.Unmatched() {
		fmt.Println("UNMATCHED", m)
	}
}
