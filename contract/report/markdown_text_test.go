package report

import "testing"

// TestMarkdownText tests that each kind of text reads in Markdown as it is: nothing of it becomes markup, ends a cell of a table or is
// obeyed by a terminal.
func TestMarkdownText(t *testing.T) {
	link := func(s string) string { return markdownLink(s, "https://example.com/"+s) }
	for _, test := range []struct {
		name  string
		write func(string) string
		text  string
		want  string
	}{
		{"text", markdownText, "a plain text, 云", "a plain text, 云"},
		{"text: line breaks and tabs", markdownText, "a\nb\tc", "a b c"},
		{"text: an entity", markdownText, "&lt;", "&amp;lt;"},
		{"text: all that Markdown knows", markdownText, "\\`*_{}[]<>#|~", "&#92;&#96;&#42;&#95;&#123;&#125;&#91;&#93;&#60;&#62;&#35;&#124;&#126;"},
		{"text: a control character", markdownText, "\x1b", "&#92;x1b"},
		{"code", markdownCode, "GET /things/{id}?a=b&c=*~%20_", "`GET /things/{id}?a=b&c=*~%20_`"},
		{"code: one character", markdownCode, "a", "`a`"},
		{"code: nothing", markdownCode, "", "<code></code>"},
		{"code: a blank at the beginning", markdownCode, " a", "<code> a</code>"},
		{"code: a blank at the end", markdownCode, "a ", "<code>a </code>"},
		{"code: blanks within", markdownCode, "a  b c", "`a  b c`"},
		{"code: a bar at the end", markdownCode, "a|", "<code>a&#124;</code>"},
		{"code: a backtick at the end", markdownCode, "a`", "<code>a&#96;</code>"},
		{"code: a backslash within", markdownCode, `a\b`, "<code>a&#92;b</code>"},
		{"code: a tag", markdownCode, "<b>", "<code>&#60;b&#62;</code>"},
		{"code: a control character at the end", markdownCode, "a\x1b", "<code>a&#92;x1b</code>"},
		{"code: the other direction at the end", markdownCode, "a\u202e", "<code>a&#92;u202e</code>"},
		{"code: a line break", markdownCode, "a\nb", "<code>a b</code>"},
		{"prose", markdownProse, "the `id` of *it* is `a|b`", "the `id` of &#42;it&#42; is <code>a&#124;b</code>"},
		{"prose: code at both ends", markdownProse, "`a` and `b`", "`a` and `b`"},
		{"prose: nothing between backticks", markdownProse, "a``b", "ab"},
		{"prose: a backtick too many", markdownProse, "a `b", "a `b`"},
		{"link", link, "a_b", "[a&#95;b](https://example.com/a_b)"},
		{"link: what ends an address", link, "()<>|`\"\\ ", "[()&#60;&#62;&#124;&#96;\"&#92; ](https://example.com/%28%29%3C%3E%7C%60%22%5C%20)"},
		{"block", markdownBlock, "a & b\n\n<c>\n\n", "<pre>a &amp; b\n\n&lt;c&gt;</pre>\n"},
		{"block: a control character", markdownBlock, "\x1b", "<pre>\\x1b</pre>\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := test.write(test.text); got != test.want {
				t.Errorf("%q\ngot  %s\nwant %s", test.text, got, test.want)
			}
		})
	}
}
