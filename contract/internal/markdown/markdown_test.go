package markdown_test

import (
	"testing"

	"github.com/quotaspec/quotaspec/contract/internal/markdown"
)

// TestText checks that each kind of text can be read in Markdown unchanged: it is no markup, ends no cell of a
// table, and controls no terminal.
func TestText(t *testing.T) {
	link := func(s string) string { return markdown.Link(s, "https://example.com/"+s) }
	for _, test := range []struct {
		name  string
		write func(string) string
		text  string
		want  string
	}{
		{name: "text", write: markdown.Text, text: "a plain text, 云", want: "a plain text, 云"},
		{name: "text: line breaks and tabs", write: markdown.Text, text: "a\nb\tc", want: "a b c"},
		{name: "text: an entity", write: markdown.Text, text: "&lt;", want: "&amp;lt;"},
		{
			name: "text: all that Markdown knows", write: markdown.Text, text: "\\`*_{}[]<>#|~",
			want: "&#92;&#96;&#42;&#95;&#123;&#125;&#91;&#93;&#60;&#62;&#35;&#124;&#126;",
		},
		{name: "text: a control character", write: markdown.Text, text: "\x1b", want: "&#92;x1b"},
		{name: "code", write: markdown.Code, text: "GET /things/{id}?a=b&c=*~%20_", want: "`GET /things/{id}?a=b&c=*~%20_`"},
		{name: "code: one character", write: markdown.Code, text: "a", want: "`a`"},
		{name: "code: nothing", write: markdown.Code, want: "<code></code>"},
		{name: "code: a blank at the beginning", write: markdown.Code, text: " a", want: "<code> a</code>"},
		{name: "code: a blank at the end", write: markdown.Code, text: "a ", want: "<code>a </code>"},
		{name: "code: blanks within", write: markdown.Code, text: "a  b c", want: "`a  b c`"},
		{name: "code: a bar at the end", write: markdown.Code, text: "a|", want: "<code>a&#124;</code>"},
		{name: "code: a backtick at the end", write: markdown.Code, text: "a`", want: "<code>a&#96;</code>"},
		{name: "code: a backslash within", write: markdown.Code, text: `a\b`, want: "<code>a&#92;b</code>"},
		{name: "code: a tag", write: markdown.Code, text: "<b>", want: "<code>&#60;b&#62;</code>"},
		{name: "code: a control character at the end", write: markdown.Code, text: "a\x1b", want: "<code>a&#92;x1b</code>"},
		{name: "code: the other direction at the end", write: markdown.Code, text: "a\u202e", want: "<code>a&#92;u202e</code>"},
		{name: "code: a line break", write: markdown.Code, text: "a\nb", want: "<code>a b</code>"},
		{name: "link", write: link, text: "a_b", want: "[a&#95;b](https://example.com/a_b)"},
		{
			name: "link: what ends an address", write: link, text: "()<>|`\"\\ ",
			want: "[()&#60;&#62;&#124;&#96;\"&#92; ](https://example.com/%28%29%3C%3E%7C%60%22%5C%20)",
		},
		{name: "block", write: markdown.Block, text: "a & b\n\n<c>\n\n", want: "<pre>a &amp; b\n\n&lt;c&gt;</pre>\n"},
		{name: "block: a control character", write: markdown.Block, text: "\x1b", want: "<pre>\\x1b</pre>\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := test.write(test.text); got != test.want {
				t.Errorf("%q\ngot  %s\nwant %s", test.text, got, test.want)
			}
		})
	}
}
