// Package markdown writes texts of documents and providers into GitHub's Markdown, so that none of them becomes markup, and
// within a limit of length. It knows no report.
package markdown

import (
	"html"
	"net/url"
	"regexp"
	"strings"

	"github.com/quotaspec/quotaspec/internal/text"
)

// special replaces the characters that GitHub's Markdown interprets, also in tables, by character references.
var special = strings.NewReplacer("\n", " ", "\t", " ", "&", "&amp;",
	"\\", "&#92;", "`", "&#96;", "*", "&#42;", "_", "&#95;", "#", "&#35;", "|", "&#124;", "~", "&#126;",
	"{", "&#123;", "}", "&#125;", "[", "&#91;", "]", "&#93;", "<", "&#60;", ">", "&#62;")

// Text escapes a text and puts it in one line.
func Text(s string) string { return special.Replace(text.Visible(s)) }

// Link links a label to an address. Characters of the address that would end the link are percent-encoded.
func Link(label, address string) string {
	address = inAddress.ReplaceAllStringFunc(text.Visible(address), url.PathEscape)
	return "[" + Text(label) + "](" + address + ")"
}

var inAddress = regexp.MustCompile("[()<>|`\"\\\\ ]")

// plainCode matches text that needs no escaping between backticks.
var plainCode = regexp.MustCompile(`^[\w./:=*{}~%@?,;()'"&+-]+( +[\w./:=*{}~%@?,;()'"&+-]+)*$`)

// Code formats a text as code within a line.
func Code(s string) string {
	if plainCode.MatchString(s) {
		return "`" + s + "`"
	}
	return "<code>" + Text(s) + "</code>"
}

// Block formats several lines as an HTML block: no text inside it can end it.
func Block(s string) string {
	return "<pre>" + html.EscapeString(text.Visible(strings.TrimRight(s, "\n"))) + "</pre>\n"
}
