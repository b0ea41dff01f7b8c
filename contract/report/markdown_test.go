package report_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

var (
	ourTag   = regexp.MustCompile(`^</?(details|summary|code|pre)>`)
	inCode   = regexp.MustCompile("`[^`\n]*`")
	inPre    = regexp.MustCompile(`(?s)<pre>.*?</pre>`)
	pageLink = regexp.MustCompile(`\[[^][]*\]\(https://(?:example\.com|github\.com/quotaspec)/[^()|<>"\s]*\)`)
	tableRow = regexp.MustCompile(`(?m)^\|.*$`)
)

// TestMarkdownEscapes checks that no text of a report becomes markup: a tag, a cell, a heading or a link.
func TestMarkdownEscapes(t *testing.T) {
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
			plain = pageLink.ReplaceAllString(plain, "") // to the page of a source or of findings
			for _, forbidden := range []string{"\n# h", "](", "```", "<img"} {
				if strings.Contains(plain, forbidden) {
					t.Errorf("%q in the text", forbidden)
				}
			}
			for _, row := range tableRow.FindAllString(text, -1) {
				if n := strings.Count(row, "|"); !slices.Contains([]int{8, 7, 6}, n) {
					t.Errorf("%d bars: %s", n, row)
				}
			}
		})
	}
}

// TestMarkdownLimit checks that a report within GitHub's limit is well-formed, with the number of entries that did not fit.
func TestMarkdownLimit(t *testing.T) {
	r := greenReport(t)
	long := strings.Repeat("|<&", 3000)
	for i := range 300 {
		r.Add(report.Check{ID: fmt.Sprintf("showParcel/n%d", i), Suite: report.Probes, Status: report.Fail, Request: long,
			Failures: []contract.Finding{{ID: fmt.Sprint("schema/", i), Want: long, Got: long}}})
	}
	text := write(t, "markdown", r)
	if limit := 60_000; len(text) > limit || len(text) < limit/4 {
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

// TestMarkdownCountsPassed checks that passed checks that did not fit are counted too. They are written last.
func TestMarkdownCountsPassed(t *testing.T) {
	const checks = 300
	r := &report.Report{}
	for i := range checks {
		r.Add(report.Check{ID: fmt.Sprintf("n%d/%s", i, strings.Repeat("long", 1000)), Suite: report.Probes, Status: report.Pass})
	}
	text := write(t, "markdown", r)
	shown := strings.Count(text, "- `n")
	if want := fmt.Sprintf("\n%d entries are left out", checks-shown); shown == 0 || !strings.Contains(text, want) {
		t.Errorf("%d of %d checks are shown; no %q in the last line:\n%s", shown, checks, want,
			text[strings.LastIndex(strings.TrimSpace(text), "\n"):])
	}
}

// TestMarkdownCuts checks the maximum length of each value in the summary, in characters. A longer value is shortened.
func TestMarkdownCuts(t *testing.T) {
	finding := func(d contract.Finding) *report.Report {
		return &report.Report{Checks: []report.Check{{ID: "a/b", Suite: report.Probes, Status: report.Fail, Failures: []contract.Finding{d}}}}
	}
	check := func(c report.Check) *report.Report {
		c.ID, c.Suite = "a/b", report.Probes
		return &report.Report{Checks: []report.Check{c}}
	}
	for _, test := range []struct {
		name   string
		limit  int
		report func(value string) *report.Report
	}{
		{name: "subject", limit: 2000, report: func(s string) *report.Report { return &report.Report{Subject: s} }},
		{name: "error of the run", limit: 2000, report: func(s string) *report.Report { return &report.Report{Error: s} }},
		{
			name: "reason of a skip", limit: 2000,
			report: func(s string) *report.Report { return check(report.Check{Status: report.Skip, Reason: s}) },
		},
		{
			name: "reason of a failure", limit: 2000,
			report: func(s string) *report.Report { return check(report.Check{Status: report.Fail, Reason: s}) },
		},
		{name: "pointer", limit: 2000, report: func(s string) *report.Report { return finding(contract.Finding{Pointer: s}) }},
		{name: "want", limit: 2000, report: func(s string) *report.Report { return finding(contract.Finding{Want: s}) }},
		{name: "got", limit: 2000, report: func(s string) *report.Report { return finding(contract.Finding{Got: s}) }},
		{name: "repeat", limit: 4000, report: func(s string) *report.Report { return check(report.Check{Status: report.Fail, Repeat: s}) }},
		{name: "request", limit: 4000, report: func(s string) *report.Report { return check(report.Check{Status: report.Fail, Request: s}) }},
		{name: "response", limit: 4000, report: func(s string) *report.Report { return check(report.Check{Status: report.Fail, Response: s}) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			for length, want := range map[int]string{test.limit: strings.Repeat("ü", test.limit),
				test.limit + 1: strings.Repeat("ü", test.limit-1) + "…"} {
				got := regexp.MustCompile("ü{1000,}…?").FindAllString(write(t, "markdown", test.report(strings.Repeat("ü", length))), -1)
				if len(got) != 1 || got[0] != want {
					t.Errorf("%d characters: got %d, want %d", length, utf8.RuneCountInString(strings.Join(got, "")), utf8.RuneCountInString(want))
				}
			}
		})
	}
}

// TestMarkdownRoom checks how much room the summary has: GitHub's limit for a comment less some for the last lines. A third of it
// is for what is written last.
func TestMarkdownRoom(t *testing.T) {
	const most = 58_000 // bytes
	for _, test := range []struct {
		name           string
		failed, passed int
		begin          string // of the part that is measured
		room           int
	}{
		{name: "more failures than find room", failed: 20_000, begin: "# quotaspec", room: most},
		{name: "more passes than find room", passed: 30_000, begin: "\n## Coverage", room: most / 3},
		{name: "more of both", failed: 20_000, passed: 30_000, begin: "# quotaspec", room: most},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := &report.Report{}
			for status, n := range map[report.Status]int{report.Fail: test.failed, report.Pass: test.passed} {
				for i := range n {
					r.Add(report.Check{ID: "things/n", Suite: report.Probes, Status: status, Reason: fmt.Sprint("it failed ", i)})
				}
			}
			text := write(t, "markdown", r)
			last := regexp.MustCompile(`\n(\d+) entries are left out: GitHub limits the length\. The other formats have ` +
				`all\.\n$`).FindStringSubmatch(text)
			if last == nil {
				t.Fatalf("the last line is %q", text[strings.LastIndex(strings.TrimSpace(text), "\n"):])
			}
			shown := strings.Count(text, "things/n") - strings.Count(text, "| FAIL |")
			if want := fmt.Sprint(test.failed + test.passed - shown); last[1] != want {
				t.Errorf("%s left out, and %d are shown: want %s", last[1], shown, want)
			}
			const entry = 200 // more bytes than the largest entry has
			part := strings.TrimSuffix(text[max(0, strings.Index(text, test.begin)):], last[0])
			if len(part) > test.room || len(part) < test.room-entry {
				t.Errorf("got %d bytes, want %d and no more", len(part), test.room)
			}
		})
	}
}

// TestMarkdownOfOne checks that counts of one are in the singular.
func TestMarkdownOfOne(t *testing.T) {
	doc := document(t, "thing.yaml", "openapi: 3.0.3\ninfo: {title: Thing, version: '1'}\npaths: {}\n"+
		"x-rules: [{id: bounds, says: It has bounds., grade: documented, source: manual, rule: 'true'}]\n"+
		"x-sources: {manual: {title: The manual, url: 'https://example.com/manual', edition: '3'}}\n")
	r := &report.Report{FailOn: spec.Recorded, Documents: []*spec.Document{doc}}
	r.AddJudged(probed("a"), broken(finding("thing/bounds", spec.Inferred, "It has bounds.", "none")))
	r.Add(report.Check{ID: strings.Repeat("long", 1<<18), Suite: report.Probes, Status: report.Fail})
	text := write(t, "markdown", r)
	for _, want := range []string{"\n1 warning: broken", "<summary>1 check passed<", "<summary>1 source of the promises<",
		"<summary>1 part of the documents<", "\n1 entry is left out: "} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}
