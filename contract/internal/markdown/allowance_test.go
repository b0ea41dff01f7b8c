package markdown

import (
	"strings"
	"testing"
)

// TestAllowanceCounts checks that each block that does not fit is counted once, whether its heading fitted or not.
func TestAllowanceCounts(t *testing.T) {
	blocks := []string{"one,", "two,", "three,"}
	all := "head:" + strings.Join(blocks, "") + "end"
	for _, test := range []struct {
		name    string
		limit   int
		want    string
		leftOut int
	}{
		{name: "all find room", limit: len(all), want: all},
		{name: "a byte short of all", limit: len(all) - 1, want: "head:one,two,end", leftOut: 1},
		{name: "the heading and its end", limit: len("head:end"), want: "head:end", leftOut: 3},
		{name: "not even the heading", limit: len("head:end") - 1, leftOut: 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := &Allowance{Limit: test.limit}
			a.Section("head:", blocks, "end")
			if a.String() != test.want || a.LeftOut != test.leftOut {
				t.Errorf("got %q and %d left out, want %q and %d", a.String(), a.LeftOut, test.want, test.leftOut)
			}
		})
	}
}
