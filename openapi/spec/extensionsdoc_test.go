package spec

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// TestManualNames holds that the manual of the extensions lists every probe, every fault and every grade.
func TestManualNames(t *testing.T) {
	data, err := os.ReadFile("../../docs/extensions.md")
	if err != nil {
		t.Fatal(err)
	}
	probes, others, _ := strings.Cut(string(data), "\nThese faults are for `when` only")
	for _, name := range probeNames() {
		if !strings.Contains(probes, "\n| `"+name+"` |") {
			t.Errorf("the manual does not list %s among the probes", name)
		}
	}
	for _, fault := range unprobed {
		if !strings.Contains(others, "\n| `"+fault+"` |") {
			t.Errorf("the manual does not list %s among the faults that no probe provokes", fault)
		}
	}
	for _, name := range slices.Concat(faultNames(), gradeNames[:]) {
		if !strings.Contains(string(data), "\n| `"+name+"`") {
			t.Errorf("the manual does not explain %s", name)
		}
	}
}
