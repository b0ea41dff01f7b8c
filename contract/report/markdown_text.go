package report

import (
	"fmt"
	"html"
	"net/url"
	"regexp"
	"strings"

	"github.com/quotaspec/quotaspec/internal/text"
)

// markdownSpecial is what means something to GitHub's Markdown, in a table too.
const markdownSpecial = "\\`*_{}[]<>#|~"

// markdownText writes a text so that it reads as it is, in one line.
func markdownText(s string) string {
	b := &strings.Builder{}
	for _, r := range text.Visible(s) {
		switch {
		case r == '\n' || r == '\t':
			b.WriteByte(' ')
		case r == '&':
			b.WriteString("&amp;")
		case strings.ContainsRune(markdownSpecial, r):
			fmt.Fprintf(b, "&#%d;", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// markdownProse writes a sentence of a document: what stands between backticks stays code.
func markdownProse(s string) string {
	b := &strings.Builder{}
	for _, p := range prose(s) {
		if p.Code {
			b.WriteString(markdownCode(p.Text))
		} else {
			b.WriteString(markdownText(p.Text))
		}
	}
	return b.String()
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

// block adds a block if there is room for it and for what must come after it.
func (a *allowance) block(text string, after int) bool {
	if a.Len()+len(text)+after > a.limit {
		a.leftOut++
		return false
	}
	a.WriteString(text)
	return true
}

// section adds a heading with its lead and then the blocks, all or as many as there is room for, and its end.
func (a *allowance) section(head string, blocks []string, end string) {
	if len(blocks) == 0 {
		return
	}
	if !a.block(head, len(end)) {
		a.leftOut += len(blocks) - 1
		return
	}
	for _, text := range blocks {
		a.block(text, len(end))
	}
	a.WriteString(end)
}
