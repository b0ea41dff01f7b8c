package report

import "testing"

// TestMarkdownText checks that each kind of text can be read in Markdown unchanged: it is no markup, ends no cell of a
// table, and controls no terminal.
func TestMarkdownText(t *testing.T) {
	link := func(s string) string { return markdownLink(s, "https://example.com/"+s) }
	for _, test := range []struct {
		name  string
		write func(string) string
		text  string
		want  string
	}{
		{name: "text", write: markdownText, text: "a plain text, 云", want: "a plain text, 云"},
		{name: "text: line breaks and tabs", write: markdownText, text: "a\nb\tc", want: "a b c"},
		{name: "text: an entity", write: markdownText, text: "&lt;", want: "&amp;lt;"},
		{
			name: "text: all that Markdown knows", write: markdownText, text: "\\`*_{}[]<>#|~",
			want: "&#92;&#96;&#42;&#95;&#123;&#125;&#91;&#93;&#60;&#62;&#35;&#124;&#126;",
		},
		{name: "text: a control character", write: markdownText, text: "\x1b", want: "&#92;x1b"},
		{name: "code", write: markdownCode, text: "GET /things/{id}?a=b&c=*~%20_", want: "`GET /things/{id}?a=b&c=*~%20_`"},
		{name: "code: one character", write: markdownCode, text: "a", want: "`a`"},
		{name: "code: nothing", write: markdownCode, want: "<code></code>"},
		{name: "code: a blank at the beginning", write: markdownCode, text: " a", want: "<code> a</code>"},
		{name: "code: a blank at the end", write: markdownCode, text: "a ", want: "<code>a </code>"},
		{name: "code: blanks within", write: markdownCode, text: "a  b c", want: "`a  b c`"},
		{name: "code: a bar at the end", write: markdownCode, text: "a|", want: "<code>a&#124;</code>"},
		{name: "code: a backtick at the end", write: markdownCode, text: "a`", want: "<code>a&#96;</code>"},
		{name: "code: a backslash within", write: markdownCode, text: `a\b`, want: "<code>a&#92;b</code>"},
		{name: "code: a tag", write: markdownCode, text: "<b>", want: "<code>&#60;b&#62;</code>"},
		{name: "code: a control character at the end", write: markdownCode, text: "a\x1b", want: "<code>a&#92;x1b</code>"},
		{name: "code: the other direction at the end", write: markdownCode, text: "a\u202e", want: "<code>a&#92;u202e</code>"},
		{name: "code: a line break", write: markdownCode, text: "a\nb", want: "<code>a b</code>"},
		{name: "prose", write: markdownProse, text: "the `id` of *it* is `a|b`", want: "the `id` of &#42;it&#42; is <code>a&#124;b</code>"},
		{name: "prose: code at both ends", write: markdownProse, text: "`a` and `b`", want: "`a` and `b`"},
		{name: "prose: nothing between backticks", write: markdownProse, text: "a``b", want: "ab"},
		{name: "prose: a backtick too many", write: markdownProse, text: "a `b", want: "a `b`"},
		{name: "link", write: link, text: "a_b", want: "[a&#95;b](https://example.com/a_b)"},
		{
			name: "link: what ends an address", write: link, text: "()<>|`\"\\ ",
			want: "[()&#60;&#62;&#124;&#96;\"&#92; ](https://example.com/%28%29%3C%3E%7C%60%22%5C%20)",
		},
		{name: "block", write: markdownBlock, text: "a & b\n\n<c>\n\n", want: "<pre>a &amp; b\n\n&lt;c&gt;</pre>\n"},
		{name: "block: a control character", write: markdownBlock, text: "\x1b", want: "<pre>\\x1b</pre>\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := test.write(test.text); got != test.want {
				t.Errorf("%q\ngot  %s\nwant %s", test.text, got, test.want)
			}
		})
	}
}
