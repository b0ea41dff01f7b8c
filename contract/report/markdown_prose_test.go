package report

import "testing"

// TestMarkdownProse checks that code between backticks stays code, and that nothing else is markup.
func TestMarkdownProse(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{name: "prose", text: "the `id` of *it* is `a|b`", want: "the `id` of &#42;it&#42; is <code>a&#124;b</code>"},
		{name: "prose: code at both ends", text: "`a` and `b`", want: "`a` and `b`"},
		{name: "prose: nothing between backticks", text: "a``b", want: "ab"},
		{name: "prose: a backtick too many", text: "a `b", want: "a `b`"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := markdownProse(test.text); got != test.want {
				t.Errorf("%q\ngot  %s\nwant %s", test.text, got, test.want)
			}
		})
	}
}
