package report_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/quotaspec/quotaspec/contract/report"
)

// TestTextMissing checks that what the config lacks is one block of YAML, each key once, if several reasons have a part of it.
func TestTextMissing(t *testing.T) {
	value := func(key string) []string { return []string{"values", key, "…"} }
	skipped := func(reason string, missing ...[]string) report.Check {
		return report.Check{ID: "a/" + reason, Suite: report.Probes, Status: report.Skip, Reason: reason, Missing: missing}
	}
	const head = "\nto send the skipped probes, add to quotaspec.yaml:\n\n"
	many := []report.Check{}
	for i := range 50 {
		many = append(many, skipped(fmt.Sprint(i), value(fmt.Sprintf("get%02d.id", i))))
	}
	for _, test := range []struct {
		name   string
		checks []report.Check
		want   string // "": no block
	}{
		{name: "nothing", checks: []report.Check{skipped("one"), skipped("two")}},
		{name: "one reason, which has it all", checks: []report.Check{skipped("one", value("a.id")), skipped("one", value("a.id"))}},
		{
			name: "two keys of one reason", checks: []report.Check{skipped("one", value("a.id"), value("a.n"))},
			want: "values:\n  a.id: …\n  a.n: …\n\n",
		},
		{
			name: "several reasons", checks: []report.Check{
				skipped("one", value("b.id"), value("b.n")), skipped("two", value("a.id")), skipped("two", value("a.id")),
				skipped("three", []string{"principals", "reader", "token_env", "QS_READER"}),
				skipped("four", []string{"principals", "reader", "values", "id", "…"}),
				skipped("five", []string{"principals", "expired", "token_env", "QS_EXPIRED"}),
			},
			want: `principals:
  expired:
    token_env: QS_EXPIRED
  reader:
    token_env: QS_READER
    values:
      id: …
values:
  a.id: …
  b.id: …
  b.n: …

`,
		},
		{name: "many", checks: many, want: "values:\n  get00.id: …\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, verbose := range []bool{false, true} {
				got := text(t, &report.Report{Checks: test.checks}, verbose)
				_, block, has := strings.Cut(got, head)
				if has != (test.want != "") || !strings.HasPrefix(block, test.want) {
					t.Errorf("got\n%s\nwant the block\n%s", got, test.want)
				}
				const cut = "  get38.id: …\n# and 11 more lines: the JSON report has all reasons\n"
				if len(test.checks) == len(many) && !strings.Contains(got, cut) {
					t.Errorf("the block is not cut after 40 lines:\n%s", got)
				}
			}
		})
	}
}

// TestTextReasons checks that a long reason is whole, in several lines, and that one without an end is cut.
func TestTextReasons(t *testing.T) {
	const reason = "add values: {'GET /accounts/{account}/things/{thing}.account': …, 'GET /accounts/{account}/things/{thing}.thing': …} " +
		"to quotaspec.yaml: 3 probes were not sent"
	const want = `
       add values: {'GET /accounts/{account}/things/{thing}.account': …, 'GET /accounts/{account}/things/{thing}.thing':
       …} to quotaspec.yaml: 3 probes were not sent
`
	for _, test := range []struct {
		name, reason, want string
		lines              int
	}{
		{name: "long", reason: reason, want: want, lines: 2},
		{name: "endless", reason: strings.Repeat("word ", 1000), want: " wo…\n", lines: 5},
		{name: "a long word", reason: strings.Repeat("w", 1000), want: "ww…\n", lines: 1},
	} {
		for _, status := range []report.Status{report.Skip, report.Error, report.Fail} {
			for _, verbose := range []bool{false, true} {
				r := &report.Report{Checks: []report.Check{{ID: "a/b", Suite: report.Probes, Status: status, Reason: test.reason}}}
				got := text(t, r, verbose)
				if n := strings.Count(got, "\n       "); !strings.Contains(got, test.want) || n != test.lines {
					t.Errorf("%s, %v: got %d lines, want %d and in it %s\n%s", test.name, status, n, test.lines, test.want, got)
				}
			}
		}
	}
}
