package report

import (
	"html"
	"net/url"
	"regexp"
	"strings"

	"github.com/quotaspec/quotaspec/internal/text"
)

// markdownSpecial replaces the characters that GitHub's Markdown interprets, also in tables, by character references.
var markdownSpecial = strings.NewReplacer("\n", " ", "\t", " ", "&", "&amp;",
	"\\", "&#92;", "`", "&#96;", "*", "&#42;", "_", "&#95;", "#", "&#35;", "|", "&#124;", "~", "&#126;",
	"{", "&#123;", "}", "&#125;", "[", "&#91;", "]", "&#93;", "<", "&#60;", ">", "&#62;")

// markdownText escapes a text and puts it in one line.
func markdownText(s string) string { return markdownSpecial.Replace(text.Visible(s)) }

// markdownProse escapes a sentence of a document; text between backticks stays code.
func markdownProse(s string) string {
	return strings.Join(mapped(prose(s), func(p piece) string {
		if p.Code {
			return markdownCode(p.Text)
		}
		return markdownText(p.Text)
	}), "")
}

// markdownLink links a label to an address. Characters of the address that would end the link are percent-encoded.
func markdownLink(label, address string) string {
	address = inAddress.ReplaceAllStringFunc(text.Visible(address), url.PathEscape)
	return "[" + markdownText(label) + "](" + address + ")"
}

var inAddress = regexp.MustCompile("[()<>|`\"\\\\ ]")

// plainCode matches text that needs no escaping between backticks.
var plainCode = regexp.MustCompile(`^[\w./:=*{}~%@?,;()'"&+-]+( +[\w./:=*{}~%@?,;()'"&+-]+)*$`)

// markdownCode formats a text as code within a line.
func markdownCode(s string) string {
	if plainCode.MatchString(s) {
		return "`" + s + "`"
	}
	return "<code>" + markdownText(s) + "</code>"
}

// markdownBlock formats several lines as an HTML block: no text inside it can end it.
func markdownBlock(s string) string {
	return "<pre>" + html.EscapeString(text.Visible(strings.TrimRight(s, "\n"))) + "</pre>\n"
}

// allowance is a text with a limit in bytes. It grows by whole blocks, and counts the blocks that do not fit.
type allowance struct {
	strings.Builder
	limit   int
	leftOut int
}

// section adds a heading, the blocks that fit, and an end. It adds nothing if there are no blocks or the heading does not fit.
func (a *allowance) section(head string, blocks []string, end string) {
	fits := func(text string) bool { return a.Len()+len(text)+len(end) <= a.limit }
	switch {
	case len(blocks) == 0:
		return
	case !fits(head):
		a.leftOut += len(blocks)
		return
	}
	a.WriteString(head)
	for _, block := range blocks {
		if fits(block) {
			a.WriteString(block)
		} else {
			a.leftOut++
		}
	}
	a.WriteString(end)
}
