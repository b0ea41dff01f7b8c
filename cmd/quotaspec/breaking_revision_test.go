package main

import (
	"strings"
	"testing"
)

// TestAbbreviated tests that only whole hashes are shortened.
func TestAbbreviated(t *testing.T) {
	for _, test := range []struct{ name, want string }{
		{name: "main", want: "main"},
		{name: "990722e170934d6b4b9f993d0f20c5217e3a0551", want: "990722e17093"},
		{name: strings.Repeat("0a", 32), want: "0a0a0a0a0a0a"},
		{name: strings.Repeat("a", 41), want: strings.Repeat("a", 41)},
		{name: strings.Repeat("x", 40), want: strings.Repeat("x", 40)},
		{name: "990722e170934d6b4b9f993d0f20c5217e3a0551~1", want: "990722e170934d6b4b9f993d0f20c5217e3a0551~1"},
	} {
		if got := abbreviated(test.name); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}
