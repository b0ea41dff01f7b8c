package text

import "testing"

func TestCount(t *testing.T) {
	for n, want := range map[int]string{0: "0 checks", 1: "1 check", 2: "2 checks", 101: "101 checks"} {
		if got := Count(n, "check", "checks"); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
