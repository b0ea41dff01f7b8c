package report

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/markdown"
	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

const (
	// markdownLimit is less than GitHub accepts for a comment, 65,536 characters. It leaves space for the last lines.
	markdownLimit = 58_000
	// markdownCut bounds one value of a finding, in characters.
	markdownCut = 2000
	// markdownRows is how many causes the table lists, and markdownIDs how many checks a cause.
	markdownRows, markdownIDs = 60, 20
)

// Markdown writes a report as the summary of a CI run or the comment on a pull request, in GitHub's Markdown and within its
// limit. It begins with a table of the causes. If the report is too long, whole entries are left out and counted. Coverage,
// sources and passed checks come last but are written first, into a third of the space, so that neither can displace the other:
//
//	58 kB = head | causes | broken | consumer | warnings | known failing | not judged | not checked | tail: coverage, sources, passed
//	        └─────────────────────── what the tail leaves, in this order ────────────────────────┘   └── at most a third ──┘
func Markdown(w io.Writer, r *Report) error {
	causes := r.Causes()
	blocks := func(matches func(Cause) bool) []string {
		return mapped(only(causes, matches), func(c Cause) string { return r.markdownCause(&c) })
	}
	isOfConsumer := func(c Cause) bool { return c.Side() == contract.Consumer && c.Status != Known }
	has := func(status Status) func(Cause) bool {
		return func(c Cause) bool { return c.Status == status && !isOfConsumer(c) }
	}
	passed := mapped(only(r.Checks, func(c Check) bool { return c.Status == Pass }), func(c Check) string {
		return fmt.Sprintf("- %s (%s)%s\n", markdown.Code(c.ID), markdown.Text(string(c.Suite)), timesOf(c))
	})
	notChecked := mapped(r.NotChecked, func(n NotChecked) string {
		return "- " + markdown.Text(text.Shorten(n.String(), markdownCut)) + "\n"
	})
	tail := &markdown.Allowance{Limit: markdownLimit / 3}
	markdownCoverage(tail, r.Coverage())
	markdownSources(tail, r.Documents)
	head := fmt.Sprintf("\n## Kept\n\n<details><summary>%s passed</summary>\n\n", text.Count(len(passed), "check", "checks"))
	tail.Section(head, passed, "\n</details>\n")
	a := &markdown.Allowance{Limit: markdownLimit - tail.Len()}
	a.Section("", []string{markdownHead(r)}, "")
	markdownTable(a, r, causes)
	a.Section("\n## Broken\n\n", blocks(has(Fail)), "")
	a.Section("\n## Consumer\n\nFindings about requests.\n\n", blocks(isOfConsumer), "")
	a.Section("\n## Warnings\n\n", blocks(has(Warn)), "")
	a.Section("\n## Known failing\n\n", blocks(has(Known)), "")
	a.Section("\n## Not judged\n\n", markdownUnjudged(r), "")
	a.Section("\n## Not checked\n\n", notChecked, "")
	a.WriteString(tail.String())
	if n := a.LeftOut + tail.LeftOut; n > 0 {
		fmt.Fprintf(a, "\n%s left out: GitHub limits the length. The other formats have all.\n", text.Count(n, "entry is", "entries are"))
	}
	if made := r.made(); made != "" {
		fmt.Fprintf(a, "\nWritten by quotaspec%s.\n", markdown.Text(text.Shorten(made, lineWidth)))
	}
	if line := r.otherSide(); line != "" {
		fmt.Fprintf(a, "\n%s\n", line)
	}
	_, err := io.WriteString(w, a.String())
	return err
}

// markdownTable lists the causes, one a row, with links to what their ids mean.
func markdownTable(a *markdown.Allowance, r *Report, causes []Cause) {
	rows := []string{}
	for i, c := range causes {
		if i == markdownRows {
			rows = append(rows, fmt.Sprintf("| | %d more | | | | |\n", len(causes)-i))
			break
		}
		id := markdown.Code(text.Shorten(summaryID(&c), lineWidth))
		if help := r.help(c.Finding); c.Findings > 0 && help != "" {
			id = markdown.Link(text.Shorten(c.Finding.ID, lineWidth), help)
		}
		rows = append(rows, fmt.Sprintf("| %s | %s | %s | %s | %s | %s |\n", textWords[c.Status], id,
			markdown.Text(text.Shorten(c.operation(), lineWidth)), markdown.Text(text.Shorten(c.Subject(), lineWidth)),
			markdown.Text(text.Shorten(c.Place(), lineWidth)), c.times()))
	}
	a.Section("\n## Causes\n\n| | what | operation | where | promise | found |\n|---|---|---|---|---|---|\n", rows, "")
}

// markdownUnjudged lists the checks that were not judged, those with one status and reason together.
func markdownUnjudged(r *Report) []string {
	list := []string{}
	for _, status := range []Status{Error, Skip} {
		for _, g := range groupsOfReasons(r, status) {
			ids := mapped(g.List[:min(markdownIDs, len(g.List))], func(c Check) string { return markdown.Code(c.ID) })
			if more := len(g.List) - len(ids); more > 0 {
				ids = append(ids, fmt.Sprintf("%d more", more))
			}
			list = append(list, fmt.Sprintf("- %s %s: %s\n", status, strings.Join(ids, ", "), markdown.Text(text.Shorten(g.Name, markdownCut))))
		}
	}
	return list
}

func markdownHead(r *Report) string {
	b := &strings.Builder{}
	fmt.Fprintf(b, "# quotaspec verify: %s\n\nSubject: %s, judged by %s. %s\n\n",
		r.Conclusion(), markdown.Text(text.Shorten(r.subject(), markdownCut)), markdown.Text(documentNames(r.Documents)), r.terms())
	if r.Error != "" {
		fmt.Fprintf(b, "**Error:** %s\n\n", markdown.Text(text.Shorten(r.Error, markdownCut)))
	}
	fmt.Fprint(b, "| suite | checks |")
	for _, row := range statusWords {
		fmt.Fprintf(b, " %s |", row.Word)
	}
	fmt.Fprint(b, "\n|---|--:|", strings.Repeat("--:|", len(statusWords)), "\n")
	for _, s := range append(r.suites(), "") { // "": all suites
		fmt.Fprintf(b, "| %s | %d |", cmp.Or(markdown.Text(string(s)), "**all**"), len(r.of(s)))
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

// markdownCause is a cause with its first check, in an element that opens.
func (r *Report) markdownCause(c *Cause) string {
	b := &strings.Builder{}
	check, d := c.Example, c.Finding
	fmt.Fprintf(b, "<details><summary><code>%s</code> (%s)", markdown.Text(check.ID), markdown.Text(string(check.Suite)))
	if c.Checks > 1 {
		fmt.Fprintf(b, " and %s", text.Count(c.Checks-1, "more check", "more checks"))
	} else {
		fmt.Fprint(b, timesOf(*check))
	}
	if c.Findings > 0 {
		fmt.Fprintf(b, ": %s", markdown.Text(d.ID))
	}
	fmt.Fprint(b, "</summary>\n\n")
	if c.Reason != "" {
		fmt.Fprintf(b, "Reason: %s\n\n", markdown.Text(text.Shorten(c.Reason, markdownCut)))
	}
	if c.Findings > 0 {
		warning, times := "", ""
		if c.Status == Warn {
			warning = "warning: "
		}
		if c.Findings > 1 {
			times = ", " + c.times()
		}
		fmt.Fprintf(b, "- %s%s at %s%s\n", warning, markdown.Code(d.ID), markdown.Code(text.Shorten(c.Pointer, markdownCut)), times)
		fmt.Fprintf(b, "  - want: %s\n", markdownProse(text.Shorten(d.Want, markdownCut)))
		fmt.Fprintf(b, "  - got: %s\n", markdown.Code(text.Shorten(d.Got, markdownCut)))
		sources := strings.Join(mapped(r.cite(d.Node, d.Evidence), markdownCited), ", ")
		fmt.Fprintf(b, "  - promise: %s, %s: %s\n\n", markdown.Code(d.Place()), d.Evidence.Grade, sources)
	}
	for _, part := range []struct{ name, text string }{
		{"repeat", check.Repeat}, {"request", check.Request}, {"response", check.Response},
	} {
		if part.text != "" {
			fmt.Fprintf(b, "%s\n%s\n", part.name, markdown.Block(text.Shorten(part.text, 2*markdownCut)))
		}
	}
	if others := c.otherChecks(markdownIDs); len(others) > 0 {
		fmt.Fprintf(b, "also in %s\n\n", strings.Join(mapped(others, markdown.Code), ", "))
	}
	fmt.Fprint(b, "</details>\n\n")
	return b.String()
}

// markdownCited is a source of a promise, linked to its page if the document lists it.
func markdownCited(c cited) string {
	if c.Page == nil {
		return markdown.Text(c.Name)
	}
	return markdown.Link(c.Name, c.Page.URL)
}

// markdownSources lists the pages of the promises, in an element that opens.
func markdownSources(a *markdown.Allowance, docs []*spec.Document) {
	rows := []string{}
	for _, d := range docs {
		for _, p := range d.Sources {
			rows = append(rows, fmt.Sprintf("- %s %s: %s (%s)\n",
				markdown.Text(d.Name), markdown.Code(p.Name), markdown.Link(p.Title, p.URL), markdown.Text(p.Edition)))
		}
	}
	title := text.Count(len(rows), "source", "sources") + " of the promises"
	a.Section("\n<details><summary>"+title+"</summary>\n\n", rows, "\n</details>\n")
}

// markdownCoverage is a table of the numbers, and a list of the parts in an element that opens.
func markdownCoverage(a *markdown.Allowance, parts []Part) {
	rows := mapped(Kinds(), func(kind Kind) string {
		n := countStates(parts, kind)
		return fmt.Sprintf("| %s | %d | %d | %d | %d | %d |\n", kind, n[Kept], n[Broken], n[Warned], n[Unchecked], n[NotObserved])
	})
	a.Section("\n## Coverage\n\n| part | kept | broken | warned | not checked | not observed |\n|---|--:|--:|--:|--:|--:|\n",
		rows, "")
	rows = mapped(parts, func(p Part) string {
		return fmt.Sprintf("| %s | %s | %s | %s | %s |\n",
			p.State, p.Kind, markdown.Text(p.Operation), markdown.Code(p.Label), markdown.Code(p.Place))
	})
	a.Section(fmt.Sprintf("\n<details><summary>%s of the documents</summary>\n\n"+
		"| state | part | operation | name | place |\n|---|---|---|---|---|\n", text.Count(len(parts), "part", "parts")),
		rows, "\n</details>\n")
}

// markdownProse escapes a sentence of a document; text between backticks stays code.
func markdownProse(s string) string {
	return strings.Join(mapped(prose(s), func(p piece) string {
		if p.Code {
			return markdown.Code(p.Text)
		}
		return markdown.Text(p.Text)
	}), "")
}
