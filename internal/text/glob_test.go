package text

import "testing"

// TestMatches checks that * is the only special character, and that a glob matches a whole text.
func TestMatches(t *testing.T) {
	for _, test := range []struct {
		name, glob, text string
		want             bool
	}{
		{name: "the text itself", glob: "op/plain", text: "op/plain", want: true},
		{name: "the beginning only", glob: "op/plain", text: "op/plain-2"},
		{name: "the end only", glob: "plain", text: "op/plain"},
		{name: "another case", glob: "op/Plain", text: "op/plain"},
		{name: "star alone", glob: "*", text: "op/plain", want: true},
		{name: "star crosses slashes", glob: "op*x", text: "op/a/b=x", want: true},
		{name: "star crosses line ends", glob: "op*x", text: "op/a\nx", want: true},
		{name: "star matches nothing too", glob: "op/plain*", text: "op/plain", want: true},
		{name: "two stars", glob: "*/type=*", text: "op/type=user", want: true},
		{name: "stars in order", glob: "*b*a*", text: "op/ab"},
		{name: "two parts need two matches", glob: "op/a*a", text: "op/a"},
		{name: "dot", glob: "op/v1.0", text: "op/v1x0"},
		{name: "dot itself", glob: "op/v1.0", text: "op/v1.0", want: true},
		{name: "question mark", glob: "op/plain?", text: "op/plain"},
		{name: "question mark is no wildcard", glob: "op/plai?", text: "op/plain"},
		{name: "question mark itself", glob: "op/a?", text: "op/a?", want: true},
		{name: "brackets", glob: "op/[ab]", text: "op/a"},
		{name: "brackets themselves", glob: "op/tags[]=[ab]", text: "op/tags[]=[ab]", want: true},
		{name: "an open bracket", glob: "op/[a", text: "op/[a", want: true},
		{name: "plus", glob: "op/a+", text: "op/aa"},
		{name: "plus itself", glob: "op/a+", text: "op/a+", want: true},
		{name: "parentheses", glob: "op/(a|b)", text: "op/a"},
		{name: "an open parenthesis", glob: "op/(a", text: "op/(a", want: true},
		{name: "braces", glob: "/pets/{id}/plain", text: "/pets/{id}/plain", want: true},
		{name: "a backslash", glob: `op/\w`, text: "op/a"},
		{name: "anchors", glob: "^op/plain$", text: "op/plain"},
		{name: "an empty glob", text: "op/plain"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := Matches(test.glob, test.text); got != test.want {
				t.Errorf("%q matches %q: got %t, want %t", test.glob, test.text, got, test.want)
			}
		})
	}
}
