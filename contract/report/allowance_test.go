package report

import (
	"strings"
	"testing"
)

// TestAllowanceCounts tests that each block which finds no room is counted once, whether its heading found room or not.
func TestAllowanceCounts(t *testing.T) {
	blocks := []string{"one,", "two,", "three,"}
	all := "head:" + strings.Join(blocks, "") + "end"
	for _, test := range []struct {
		name    string
		limit   int
		want    string
		leftOut int
	}{
		{"all find room", len(all), all, 0},
		{"a byte short of all", len(all) - 1, "head:one,two,end", 1},
		{"the heading and its end", len("head:end"), "head:end", 3},
		{"not even the heading", len("head:end") - 1, "", 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := &allowance{limit: test.limit}
			a.section("head:", blocks, "end")
			if a.String() != test.want || a.leftOut != test.leftOut {
				t.Errorf("got %q and %d left out, want %q and %d", a.String(), a.leftOut, test.want, test.leftOut)
			}
		})
	}
}
