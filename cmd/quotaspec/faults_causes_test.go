package main

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"testing"
)

// causeLine is a line at the end of a text report: FAIL  schema/type  listThings (and 2 more)  size  things.yaml:16  3 times.
var causeLine = regexp.MustCompile(`(?m)^(?:FAIL|known|warn) +(\S+)  +(\S+)(?: \(and \d+ more\))?  +.*?  +\S+  +(?:once|(\d+) times)$`)

// TestFaultCauses judges providers with several faults. The text report has one cause line for each fault and no others, and the
// numbers of the lines add up to the findings of the JSON report.
func TestFaultCauses(t *testing.T) {
	apis := faultyAPIs()
	for seed := range uint64(faultSets) {
		api := apis[seed%uint64(len(apis))]
		on := api.set(seed)
		t.Run(fmt.Sprintf("%s/%d", api.name, seed), func(t *testing.T) {
			_, found, out := api.verify(t, on...)
			sum, lines := 0, causeLine.FindAllStringSubmatch(out, -1)
			isOf := func(f faultKind, line []string) bool {
				return api.faults[f].operation == line[2] && slices.Contains(api.faults[f].shows, line[1])
			}
			for _, line := range lines {
				times, _ := strconv.Atoi(line[3])
				sum += max(times, 1)
				if !slices.ContainsFunc(on, func(f faultKind) bool { return isOf(f, line) }) {
					t.Errorf("no fault for %s", line[0])
				}
			}
			for _, f := range on {
				if !slices.ContainsFunc(lines, func(line []string) bool { return isOf(f, line) }) {
					t.Errorf("no line for %s: %s", f, api.faults[f].what)
				}
			}
			if sum != len(found) || len(lines) != len(on) {
				t.Errorf("%d lines of %d findings, want %d of %d", len(lines), sum, len(on), len(found))
			}
			if t.Failed() {
				t.Log(on, "\n"+out)
			}
		})
	}
}
