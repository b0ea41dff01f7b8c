package report

import (
	"html"
	"net/url"
	"regexp"
	"strings"

	"github.com/quotaspec/quotaspec/internal/text"
)

// markdownSpecial writes what means something to GitHub's Markdown, in a table too, by its number.
var markdownSpecial = strings.NewReplacer("\n", " ", "\t", " ", "&", "&amp;",
	"\\", "&#92;", "`", "&#96;", "*", "&#42;", "_", "&#95;", "#", "&#35;", "|", "&#124;", "~", "&#126;",
	"{", "&#123;", "}", "&#125;", "[", "&#91;", "]", "&#93;", "<", "&#60;", ">", "&#62;")

// markdownText writes a text so that it reads as it is, in one line.
func markdownText(s string) string { return markdownSpecial.Replace(text.Visible(s)) }

// markdownProse writes a sentence of a document: what stands between backticks stays code.
func markdownProse(s string) string {
	return strings.Join(mapped(prose(s), func(p piece) string {
		if p.Code {
			return markdownCode(p.Text)
		}
		return markdownText(p.Text)
	}), "")
}

// markdownLink writes a label that links to an address. In the address, what would end the link is percent-encoded.
func markdownLink(label, address string) string {
	address = inAddress.ReplaceAllStringFunc(text.Visible(address), url.PathEscape)
	return "[" + markdownText(label) + "](" + address + ")"
}

var inAddress = regexp.MustCompile("[()<>|`\"\\\\ ]")

// tame is what may stand between backticks as it is.
var tame = regexp.MustCompile(`^[\w./:=*{}~%@?,;()'"&+-]+( +[\w./:=*{}~%@?,;()'"&+-]+)*$`)

// markdownCode writes a text as code in a line. What Markdown would take for its own is written by its number.
func markdownCode(s string) string {
	if tame.MatchString(s) {
		return "`" + s + "`"
	}
	return "<code>" + markdownText(s) + "</code>"
}

// markdownBlock writes a text of several lines: as HTML, which ends nowhere but at its own end.
func markdownBlock(s string) string {
	return "<pre>" + html.EscapeString(text.Visible(strings.TrimRight(s, "\n"))) + "</pre>\n"
}

// allowance is a text that grows by whole blocks until its limit; what finds no room is counted.
type allowance struct {
	strings.Builder
	limit   int
	leftOut int
}

// section adds a heading with its lead and then the blocks, all or as many as there is room for, and its end.
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
