package text

import "testing"

// TestMatches holds that * is the only character with a meaning, and that a glob matches a whole text.
func TestMatches(t *testing.T) {
	for _, test := range []struct {
		name, glob, text string
		want             bool
	}{
		{"the text itself", "op/plain", "op/plain", true},
		{"the beginning only", "op/plain", "op/plain-2", false},
		{"the end only", "plain", "op/plain", false},
		{"another case", "op/Plain", "op/plain", false},
		{"star alone", "*", "op/plain", true},
		{"star crosses slashes", "op*x", "op/a/b=x", true},
		{"star crosses line ends", "op*x", "op/a\nx", true},
		{"star matches nothing too", "op/plain*", "op/plain", true},
		{"two stars", "*/type=*", "op/type=user", true},
		{"stars in order", "*b*a*", "op/ab", false},
		{"a text twice is not there once", "op/a*a", "op/a", false},
		{"dot", "op/v1.0", "op/v1x0", false},
		{"dot itself", "op/v1.0", "op/v1.0", true},
		{"question mark", "op/plain?", "op/plain", false},
		{"question mark is no wildcard", "op/plai?", "op/plain", false},
		{"question mark itself", "op/a?", "op/a?", true},
		{"brackets", "op/[ab]", "op/a", false},
		{"brackets themselves", "op/tags[]=[ab]", "op/tags[]=[ab]", true},
		{"an open bracket", "op/[a", "op/[a", true},
		{"plus", "op/a+", "op/aa", false},
		{"plus itself", "op/a+", "op/a+", true},
		{"parentheses", "op/(a|b)", "op/a", false},
		{"an open parenthesis", "op/(a", "op/(a", true},
		{"braces", "/pets/{id}/plain", "/pets/{id}/plain", true},
		{"a backslash", `op/\w`, "op/a", false},
		{"anchors", "^op/plain$", "op/plain", false},
		{"nothing", "", "op/plain", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := Matches(test.glob, test.text); got != test.want {
				t.Errorf("%q matches %q: got %t, want %t", test.glob, test.text, got, test.want)
			}
		})
	}
}
