package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

const (
	// markdownLimit is less than GitHub accepts for the summary of a step, 1 MiB. It leaves space for the last line.
	markdownLimit = 1<<20 - 4<<10
	// markdownCut bounds one value of a finding, in characters.
	markdownCut = 2000
)

// Markdown writes a report as the summary of a CI run, in GitHub's Markdown and within its size limit. If the report is too
// long, whole entries are left out and counted. Coverage, sources and passed checks come last but are written first, into half
// of the space, so that a long list of findings cannot displace them:
//
//	1 MiB = head | broken | consumer | warnings | known failing | not judged | not checked | tail: coverage, sources, passed
//	        └─────────────────── what the tail leaves, in this order ────────────────────┘   └── at most half ──┘
func Markdown(w io.Writer, r *Report) error {
	with := func(checks []Check, statuses ...Status) []Check {
		return only(checks, func(c Check) bool { return slices.Contains(statuses, c.Status) })
	}
	others, ofConsumer := r.bySide()
	passed := mapped(with(r.Checks, Pass), func(c Check) string {
		return fmt.Sprintf("- %s (%s)%s\n", markdownCode(c.ID), markdownText(string(c.Suite)), timesOf(c))
	})
	warned := only(with(others, Pass), func(c Check) bool { return len(c.Warnings) > 0 })
	unjudged := mapped(with(r.Checks, Skip, Error), func(c Check) string {
		return fmt.Sprintf("- %s %s: %s\n", c.Status, markdownCode(c.ID), markdownText(text.Shorten(c.Reason, markdownCut)))
	})
	notChecked := mapped(r.NotChecked, func(n NotChecked) string {
		return "- " + markdownText(text.Shorten(n.String(), markdownCut)) + "\n"
	})
	tail := &allowance{limit: markdownLimit / 2}
	markdownCoverage(tail, r.Coverage())
	markdownSources(tail, r.Documents)
	head := fmt.Sprintf("\n## Kept\n\n<details><summary>%s passed</summary>\n\n", text.Count(len(passed), "check", "checks"))
	tail.section(head, passed, "\n</details>\n")
	a := &allowance{limit: markdownLimit - tail.Len()}
	a.section("", []string{markdownHead(r)}, "")
	a.section("\n## Broken\n\n", mapped(with(others, Fail), r.markdownCheck), "")
	wrong := mapped(with(ofConsumer, Fail, Pass, Error), r.markdownCheck)
	a.section("\n## Consumer\n\nFindings about requests.\n\n", wrong, "")
	a.section("\n## Warnings\n\n", mapped(warned, r.markdownCheck), "")
	a.section("\n## Known failing\n\n", mapped(with(r.Checks, Known), r.markdownCheck), "")
	a.section("\n## Not judged\n\n", unjudged, "")
	a.section("\n## Not checked\n\n", notChecked, "")
	a.WriteString(tail.String())
	if n := a.leftOut + tail.leftOut; n > 0 {
		fmt.Fprintf(a, "\n%s left out: GitHub limits the summary. The other formats have all.\n",
			text.Count(n, "entry is", "entries are"))
	}
	if line := r.otherSide(); line != "" {
		fmt.Fprintf(a, "\n%s\n", line)
	}
	_, err := io.WriteString(w, a.String())
	return err
}

func markdownHead(r *Report) string {
	b := &strings.Builder{}
	fmt.Fprintf(b, "# quotaspec verify: %s\n\nSubject: %s, judged by %s. %s\n\n",
		r.Conclusion(), markdownText(text.Shorten(r.subject(), markdownCut)), markdownText(documentNames(r.Documents)), r.terms())
	if r.Error != "" {
		fmt.Fprintf(b, "**Error:** %s\n\n", markdownText(text.Shorten(r.Error, markdownCut)))
	}
	fmt.Fprint(b, "| suite | checks |")
	for _, row := range statusWords {
		fmt.Fprintf(b, " %s |", row.Word)
	}
	fmt.Fprint(b, "\n|---|--:|", strings.Repeat("--:|", len(statusWords)), "\n")
	for _, s := range append(r.suites(), "") { // "": all suites
		fmt.Fprintf(b, "| %s | %d |", cmp.Or(markdownText(string(s)), "**all**"), len(r.of(s)))
		for _, row := range statusWords {
			fmt.Fprintf(b, " %d |", r.Count(s, row.Status))
		}
		fmt.Fprintln(b)
	}
	if n := r.Warnings(); n > 0 {
		fmt.Fprintf(b, "\n%s: %s\n", text.Count(n, "warning", "warnings"), aboutWarnings)
	}
	return b.String()
}

// markdownCheck is a check with its findings, in an element that opens.
func (r *Report) markdownCheck(c Check) string {
	b := &strings.Builder{}
	fmt.Fprintf(b, "<details><summary><code>%s</code> (%s)%s", markdownText(c.ID), markdownText(string(c.Suite)), timesOf(c))
	if all := c.findings(); len(all) > 0 {
		fmt.Fprintf(b, ": %s", markdownText(all[0].ID))
		if len(all) > 1 {
			fmt.Fprintf(b, " and %d more", len(all)-1)
		}
	}
	fmt.Fprint(b, "</summary>\n\n")
	if c.Reason != "" {
		fmt.Fprintf(b, "Reason: %s\n\n", markdownText(text.Shorten(c.Reason, markdownCut)))
	}
	for i, d := range c.findings() {
		fmt.Fprintf(b, "- %s%s at %s\n", c.warning(i), markdownCode(d.ID), markdownCode(text.Shorten(d.Pointer, markdownCut)))
		fmt.Fprintf(b, "  - want: %s\n", markdownProse(text.Shorten(d.Want, markdownCut)))
		fmt.Fprintf(b, "  - got: %s\n", markdownCode(text.Shorten(d.Got, markdownCut)))
		sources := strings.Join(mapped(r.cite(d.Node, d.Evidence), markdownCited), ", ")
		fmt.Fprintf(b, "  - promise: %s, %s: %s\n\n", markdownCode(d.Place()), d.Evidence.Grade, sources)
	}
	for _, part := range []struct{ name, text string }{{"repeat", c.Repeat}, {"request", c.Request}, {"response", c.Response}} {
		if part.text != "" {
			fmt.Fprintf(b, "%s\n%s\n", part.name, markdownBlock(text.Shorten(part.text, 2*markdownCut)))
		}
	}
	fmt.Fprint(b, "</details>\n\n")
	return b.String()
}

// markdownCited is a source of a promise, linked to its page if the document lists it.
func markdownCited(c cited) string {
	if c.Page == nil {
		return markdownText(c.Name)
	}
	return markdownLink(c.Name, c.Page.URL)
}

// markdownSources lists the pages of the promises, in an element that opens.
func markdownSources(a *allowance, docs []*spec.Document) {
	rows := []string{}
	for _, d := range docs {
		for _, p := range d.Sources {
			rows = append(rows, fmt.Sprintf("- %s %s: %s (%s)\n",
				markdownText(d.Name), markdownCode(p.Name), markdownLink(p.Title, p.URL), markdownText(p.Edition)))
		}
	}
	title := text.Count(len(rows), "source", "sources") + " of the promises"
	a.section("\n<details><summary>"+title+"</summary>\n\n", rows, "\n</details>\n")
}

// markdownCoverage is a table of the numbers, and a list of the parts in an element that opens.
func markdownCoverage(a *allowance, parts []Part) {
	rows := mapped(Kinds(), func(kind Kind) string {
		n := countStates(parts, kind)
		return fmt.Sprintf("| %s | %d | %d | %d | %d | %d |\n", kind, n[Kept], n[Broken], n[Warned], n[Unchecked], n[NotObserved])
	})
	a.section("\n## Coverage\n\n| part | kept | broken | warned | not checked | not observed |\n|---|--:|--:|--:|--:|--:|\n",
		rows, "")
	rows = mapped(parts, func(p Part) string {
		return fmt.Sprintf("| %s | %s | %s | %s | %s |\n",
			p.State, p.Kind, markdownText(p.Operation), markdownCode(p.Label), markdownCode(p.Place))
	})
	a.section(fmt.Sprintf("\n<details><summary>%s of the documents</summary>\n\n"+
		"| state | part | operation | name | place |\n|---|---|---|---|---|\n", text.Count(len(parts), "part", "parts")),
		rows, "\n</details>\n")
}
