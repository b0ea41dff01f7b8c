package spec

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// TestExtensionsManual checks that docs/extensions.md lists every probe, every cause and every grade.
func TestExtensionsManual(t *testing.T) {
	data, err := os.ReadFile("../../docs/extensions.md")
	if err != nil {
		t.Fatal(err)
	}
	probes, others, _ := strings.Cut(string(data), "for `when` only")
	for _, name := range probeNames() {
		if !strings.Contains(probes, "\n| `"+name+"` |") {
			t.Errorf("the manual does not list %s among the probes", name)
		}
	}
	for _, cause := range unprobed {
		if !strings.Contains(others, "\n| `"+cause+"` |") {
			t.Errorf("the manual does not list %s among the causes that no probe provokes", cause)
		}
	}
	for _, name := range slices.Concat(causeNames(), gradeNames[:]) {
		if !strings.Contains(string(data), "\n| `"+name+"`") {
			t.Errorf("the manual does not explain %s", name)
		}
	}
}
