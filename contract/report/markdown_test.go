package report_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/report"
)

var (
	ourTag   = regexp.MustCompile(`^</?(details|summary|code|pre)>`)
	inCode   = regexp.MustCompile("`[^`\n]*`")
	inPre    = regexp.MustCompile(`(?s)<pre>.*?</pre>`)
	pageLink = regexp.MustCompile(`\[[^][]*\]\(https://example\.com/[^()|<>"\s]*\)`)
	tableRow = regexp.MustCompile(`(?m)^\|.*$`)
)

// TestMarkdownIsOurs holds that nothing of a report becomes markup: no tag but ours, each closed, no cell too many, no
// heading, no link.
func TestMarkdownIsOurs(t *testing.T) {
	for name, r := range samples(t) {
		t.Run(name, func(t *testing.T) {
			text := write(t, "markdown", r)
			for i := range text {
				if text[i] == '<' && !ourTag.MatchString(text[i:]) {
					t.Errorf("a tag: %.40q", text[i:])
				}
			}
			for _, tag := range []string{"details", "summary", "code", "pre"} {
				if opened, closed := strings.Count(text, "<"+tag+">"), strings.Count(text, "</"+tag+">"); opened != closed {
					t.Errorf("%d of <%s>, %d closed", opened, tag, closed)
				}
			}
			for i, r := range text {
				if r != '\n' && !unicode.IsPrint(r) && r != '\t' {
					t.Fatalf("%U at %d", r, i)
				}
			}
			plain := inCode.ReplaceAllString(inPre.ReplaceAllString(text, ""), "")
			plain = pageLink.ReplaceAllString(plain, "") // to the page of a source
			for _, forbidden := range []string{"\n# h", "](", "```", "<img"} {
				if strings.Contains(plain, forbidden) {
					t.Errorf("%q in the text", forbidden)
				}
			}
			for _, row := range tableRow.FindAllString(text, -1) {
				if n := strings.Count(row, "|"); !slices.Contains([]int{8, 5, 6}, n) {
					t.Errorf("%d bars: %s", n, row)
				}
			}
		})
	}
}

// TestMarkdownLimit holds GitHub's limit: what finds no room is counted, and what is written is whole.
func TestMarkdownLimit(t *testing.T) {
	r := greenReport(t)
	long := strings.Repeat("|<&", 3000)
	for i := range 300 {
		r.Add(report.Check{ID: fmt.Sprintf("showParcel/n%d", i), Source: report.Probes, Status: report.Fail, Asked: long, Failures: []contract.Deviation{{ID: "schema/type", Want: long, Got: long}}})
	}
	text := write(t, "markdown", r)
	if limit := 1 << 20; len(text) > limit || len(text) < limit/4 {
		t.Errorf("%d bytes", len(text))
	}
	for _, want := range []string{"showParcel/n0", "entries are left out", "## Coverage", "showParcel/plain"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q", want)
		}
	}
	if opened, closed := strings.Count(text, "<details>"), strings.Count(text, "</details>"); opened != closed {
		t.Errorf("%d opened, %d closed", opened, closed)
	}
}

// TestMarkdownCountsWhatWasKept tests that checks which passed and found no room are counted, too, although they are written last.
func TestMarkdownCountsWhatWasKept(t *testing.T) {
	const checks = 300
	r := &report.Report{}
	for i := range checks {
		r.Add(report.Check{ID: fmt.Sprintf("n%d/%s", i, strings.Repeat("long", 1000)), Source: report.Probes, Status: report.Pass})
	}
	text := write(t, "markdown", r)
	shown := strings.Count(text, "- `n")
	if want := fmt.Sprintf("\n%d entries are left out", checks-shown); shown == 0 || !strings.Contains(text, want) {
		t.Errorf("%d of %d checks are shown; no %q in the last line:\n%s", shown, checks, want, text[strings.LastIndex(strings.TrimSpace(text), "\n"):])
	}
}
