package servers

import (
	"cmp"
	"fmt"
	"strings"
)

const pageHead = `# Servers of other people

` + "`make interop-servers`" + ` installs these servers from their registries, starts them on loopback, and judges each by the document that it publishes:

` + "```\nquotaspec verify URL --document DOCUMENT --allow-changes --config quotaspec.yaml\n```" + `

The configs are in ` + "[contract/servers/testdata](../contract/servers/testdata)" + `.
Every finding was judged by hand: *right* if the server does not do what its document says, *wrong* if the judge is mistaken.
The run fails if a finding has no verdict, if 10 % of the checks or more are skipped, or if the text report has 200 lines or more.
` + "`cd contract/servers && go test . -args -update`" + ` writes this page; seconds are of a machine with two cores.

| server | operations | checks | passed | failed | skipped | warnings | findings: right | wrong | seconds | lines of text |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
`

// row is the line of a server in the table of the page.
func (r run) row(s server, verdicts []*verdict) string {
	findings := map[bool]int{}
	for _, v := range verdicts {
		findings[v.Right] += v.matched
	}
	n := r.report.Counts
	return fmt.Sprintf("| %s %s | %d | %d | %d | %d | %d (%.1f %%) | %d | %d | %d | %.0f | %d |\n", s.name, s.version,
		r.operations(), n.Checks, n.Pass, n.Fail, n.Skip, 100*r.skipped(), n.Warnings, findings[true], findings[false],
		r.seconds, r.lines)
}

// section lists the verdicts of a server.
func (r run) section(s server, verdicts []*verdict) string {
	text := fmt.Sprintf("\n## %s %s\n\nThe document: %s.\n\n", strings.ToUpper(s.name[:1])+s.name[1:], s.version, s.note)
	if len(verdicts) == 0 {
		return text + "There are no findings.\n"
	}
	text += "| finding | got | findings | operations | verdict | why |\n|---|---|--:|--:|---|---|\n"
	words := map[bool]string{true: "right", false: "wrong"}
	for _, v := range verdicts {
		if v.matched == 0 {
			continue
		}
		text += fmt.Sprintf("| `%s` | %s | %d | %d | %s | %s |\n", v.Finding, cmp.Or(strings.ReplaceAll(v.Got, "|", `\|`), "any"),
			v.matched, len(v.operations), words[v.Right], v.Why)
	}
	return text
}
