package formats

import (
	"fmt"
	"io"
	"strings"

	"github.com/quotaspec/quotaspec/contract/breaking"
	"github.com/quotaspec/quotaspec/contract/internal/markdown"
	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

const (
	// markdownLimit is less than GitHub accepts for a comment, 65,536 characters. It leaves space for the last lines.
	markdownLimit = 58_000
	// markdownCut bounds one text of a finding, markdownCell one in a table or list, in characters.
	markdownCut, markdownCell = 2000, 200
	// markdownRows is how many findings the table lists.
	markdownRows = 60
)

// Markdown writes a comparison as the comment on a pull request, in GitHub's Markdown and within its limit. It begins with a
// table of what breaks or may break. If it is too long, whole entries are left out and counted. What needs no action comes last
// but is written first, into a quarter of the space, so that neither can displace the other:
//
//	58 kB = head | table | witnesses | tail: tolerated, not used, compatible, editorial
//	        └─ what the tail leaves ─┘ └── at most a quarter ─────────────────────────┘
func Markdown(w io.Writer, c *breaking.Comparison, o Options) error {
	v := newView(c, o)
	tail := &markdown.Allowance{Limit: markdownLimit / 4}
	stale := mapped(v.Stale, func(line string) string {
		return "- " + markdown.Code(text.Shorten(line, markdownCell)) + "\n"
	})
	tail.Section("\n**Tolerated, but not found any more:**\n\n", stale, "")
	for _, s := range sections[3:] {
		list := mapped(v.of(s.group), markdownLine)
		summary := s.head + ": " + text.Count(len(list), "change", "changes")
		tail.Section(fmt.Sprintf("\n<details><summary>%s</summary>\n\n%s\n\n", summary, s.about), list, "\n</details>\n")
	}
	a := &markdown.Allowance{Limit: markdownLimit - tail.Len()}
	a.Section("", []string{v.markdownHead()}, "")
	v.markdownTable(a)
	for _, s := range sections[:3] {
		a.Section(fmt.Sprintf("\n### %s\n\n%s\n\n", titled(s.head), s.about), mapped(v.of(s.group), v.markdownFinding), "")
	}
	a.WriteString(tail.String())
	if n := a.LeftOut + tail.LeftOut; n > 0 {
		entries := text.Count(n, "entry is", "entries are")
		fmt.Fprintf(a, "\n%s left out: GitHub limits the length. The other formats have all.\n", entries)
	}
	fmt.Fprintf(a, "\n[What the levels and ids mean](%s).", HelpPage)
	if v.Options.Version != "" {
		fmt.Fprintf(a, " Written by quotaspec %s.", markdown.Text(text.Shorten(v.Options.Version, markdownCell)))
	}
	_, err := io.WriteString(w, a.String()+"\n")
	return err
}

func (v *view) markdownHead() string {
	word, says := v.conclusion()
	b := &strings.Builder{}
	if v.Error == "" {
		word, says = says, ""
	}
	fmt.Fprintf(b, "## quotaspec breaking: %s\n\n", markdown.Text(text.Shorten(word, markdownCut)))
	if says != "" {
		fmt.Fprintf(b, "**Error:** %s\n\n", markdown.Text(text.Shorten(says, markdownCut)))
	}
	for _, d := range []struct {
		name string
		*spec.Document
	}{{"old", v.Old}, {"new", v.New}} {
		if d.File != "" {
			fmt.Fprintf(b, "- %s: %s %s\n", d.name, markdown.Text(text.Shorten(title(d.Document), markdownCell)), markdown.Code(d.File))
		}
	}
	if v.Error == "" {
		fmt.Fprintf(b, "- version: %s\n", markdown.Text(text.Shorten(v.versions(), markdownCell)))
	}
	if used := v.used(); used != "" {
		fmt.Fprintf(b, "- traffic: %s\n", used)
	}
	return b.String()
}

// markdownTable lists what breaks or may break, one finding a row.
func (v *view) markdownTable(a *markdown.Allowance) {
	rows, all := []string{}, 0
	for _, s := range sections[:3] {
		list := v.of(s.group)
		all += len(list)
		for _, f := range list[:min(len(list), markdownRows-len(rows))] {
			rows = append(rows, v.markdownRow(f))
		}
	}
	if more := all - len(rows); more > 0 {
		rows = append(rows, fmt.Sprintf("| | %d more | | | |\n", more))
	}
	a.Section("\n| breaks | change | where | what | line |\n|---|---|---|---|---|\n", rows, "")
}

// markdownBreaks has the words of the first column.
var markdownBreaks = map[group]string{breaksConsumers: "consumers", breaksProviders: "providers", possibly: "possibly"}

func (v *view) markdownRow(f finding) string {
	where := markdown.Code(text.Shorten(f.Check, markdownCell))
	if n := len(f.Also); n > 0 {
		where += fmt.Sprintf(" and %d more", n)
	}
	return fmt.Sprintf("| %s | %s | %s | %s | %s |\n", markdownBreaks[f.group], markdown.Code(f.ID), where, markdownAt(f),
		markdown.Text(text.ShortenPointer(line(f), markdownCell)))
}

// line is the place in the new document, or in the old one if only that has it.
func line(f finding) string {
	if node := nodeOf(f); node != nil {
		return node.Place().String()
	}
	return ""
}

// markdownAt is the place in the exchange and the change in words.
func markdownAt(f finding) string {
	says := markdown.Text(text.Shorten(f.Says, markdownCell))
	if f.Pointer == "" {
		return says
	}
	return markdown.Code(text.ShortenPointer(f.Pointer, markdownCell)) + ": " + says
}

// markdownLine is a finding as an element of a list, with the reason for which it is tolerated.
func markdownLine(f finding) string {
	out := fmt.Sprintf("- %s %s %s", markdown.Code(text.Shorten(f.Check, markdownCell)), markdown.Code(f.ID), markdownAt(f)) + f.ifPossibly()
	if f.known != "" {
		out += " (" + markdown.Text(text.Shorten(f.known, markdownCell)) + ")"
	}
	return out + "\n"
}

// markdownFinding is a finding with its witness, in an element that opens.
func (v *view) markdownFinding(f finding) string {
	b := &strings.Builder{}
	fmt.Fprintf(b, "<details><summary>%s</summary>\n\n", markdown.Text(text.Shorten(f.line(), markdownCell)))
	field := func(label, s string) {
		if s != "" {
			fmt.Fprintf(b, "- %s: %s\n", label, markdown.Text(text.Shorten(s, markdownCut)))
		}
	}
	field("place", v.place(f))
	field("also in", f.also(20))
	field("why", f.Why)
	field("probe", f.Probe)
	if f.Witness != nil {
		field("from", origin(f))
		field("old", verdict(f.Witness.Old))
		field("new", verdict(f.Witness.New))
		fmt.Fprint(b, "\n", markdown.Block(witnessText(f)))
	}
	fmt.Fprint(b, "\n</details>\n\n")
	return b.String()
}

// witnessText is the exchange of a witness, with long bodies in several lines.
func witnessText(f finding) string {
	request, response := messages(f)
	list := []message{request}
	if response != nil {
		list = append(list, *response)
	}
	return strings.Join(mapped(list, func(m message) string {
		lines := append([]string{m.first}, m.headers...)
		body := m.body
		switch whole := indented(body); {
		case len(whole) > markdownCut*3/4:
			body = excerpt(body, m.bodyAt, markdownCut/2, m.size)
		case len(body) > lineWidth:
			body = whole
		}
		if body != "" {
			lines = append(lines, "", body)
		}
		return text.Shorten(strings.Join(lines, "\n"), markdownCut)
	}), "\n\n")
}

// titled is a text with a capital at its beginning.
func titled(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
