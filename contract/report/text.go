package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Text writes a report for people: the checks in their order, then the findings about requests under "consumer", then what was
// not checked, then the counts. Failures, warnings and errors are shown with all their findings, skipped checks together under
// their reason. Passed checks and the coverage are listed only if verbose. A failure looks like this:
//
//	FAIL   listThings/plain (probes)
//	       schema/type at /response/body/items/0
//	         want     type array
//	         got      string "many"
//	         promise  things.yaml:16, recorded: manual/page
//	       repeat   curl -i 'http://127.0.0.1:8080/things'
func Text(w io.Writer, r *Report, verbose bool) error {
	b := bufio.NewWriter(w)
	writeLine(b, "quotaspec verify: %s, judged by %s%s", r.subject(), documentNames(r.Documents), r.judgedSide())
	if r.Error != "" {
		fmt.Fprintf(b, "\nerror  %s\n", text.VisibleLine(r.Error))
	}
	writeChecks(b, r, verbose)
	writeNotChecked(b, r.NotChecked, verbose)
	fmt.Fprintln(b)
	for _, suite := range []Suite{Documents, Recordings, Traffic, Probes} {
		if line := counts(r, suite); line != "" {
			fmt.Fprintf(b, "%-10s  %s\n", suite, line)
		}
	}
	parts := r.Coverage()
	fmt.Fprintf(b, "%-10s  %s\n", "promises", promises(parts))
	if verbose {
		writeCoverage(b, parts)
	}
	known := ""
	if n := r.Count("", Known); n > 0 {
		known = fmt.Sprintf("%d known to fail, ", n)
	}
	fmt.Fprintf(b, "\n%s: %s, %d failed, %s%s, %d skipped, %s\n",
		r.Conclusion(), text.Count(len(r.Checks), "check", "checks"), r.Count("", Fail), known,
		text.Count(r.Count("", Error), "error", "errors"), r.Count("", Skip), text.Count(r.Warnings(), "warning", "warnings"))
	if line := r.otherSide(); line != "" {
		fmt.Fprintln(b, line)
	}
	return b.Flush()
}

// writeChecks writes the checks in their order, and those with findings about requests apart: last, or first if only they can
// fail the run.
func writeChecks(b io.Writer, r *Report, verbose bool) {
	others, ofConsumer := r.bySide()
	if r.Side == contract.Consumer {
		writeConsumer(b, ofConsumer)
		if len(ofConsumer) > 0 {
			fmt.Fprint(b, "\nprovider: findings about responses, and all other checks\n")
		}
		writeOthers(b, r, others, verbose)
		return
	}
	writeOthers(b, r, others, verbose)
	writeConsumer(b, ofConsumer)
}

func writeOthers(b io.Writer, r *Report, checks []Check, verbose bool) {
	explained := map[string]bool{} // reasons of skipped checks
	for _, c := range checks {
		switch {
		case c.Status == Skip && !explained[c.Reason]:
			writeSkipped(b, r, c.Reason)
			explained[c.Reason] = true
		case c.Status == Skip: // written with an earlier one
		case c.Status != Pass || len(c.Warnings) > 0:
			writeCheck(b, c)
		case verbose:
			writeLine(b, "pass   %s (%s)%s", c.ID, c.Suite, timesOf(c))
		}
	}
}

func writeConsumer(b io.Writer, checks []Check) {
	if len(checks) > 0 {
		fmt.Fprint(b, "\nconsumer: findings about requests\n")
	}
	for _, c := range checks {
		writeCheck(b, c)
	}
}

// textWords begin the lines of checks; a check with status Pass is shown only for its warnings.
var textWords = map[Status]string{Pass: "warn", Fail: "FAIL", Known: "known", Error: "error"}

// writeCheck writes a check with its findings.
func writeCheck(b io.Writer, c Check) {
	fmt.Fprintln(b)
	writeLine(b, "%-6s %s (%s)%s", textWords[c.Status], c.ID, c.Suite, timesOf(c))
	if c.Reason != "" {
		writeLine(b, "       %s", c.Reason)
	}
	for i, d := range c.findings() {
		writeLine(b, "       %s%s at %s", c.warning(i), d.ID, d.Pointer)
		writeLine(b, "         want     %s", d.Want)
		writeLine(b, "         got      %s", d.Got)
		writeLine(b, "         promise  %s, %s", d.Place(), evidence(d))
	}
	if c.Repeat != "" {
		fmt.Fprintf(b, "       repeat   %s\n", text.VisibleLine(c.Repeat))
	}
}

// writeSkipped writes the checks that were skipped for one reason, then the reason.
func writeSkipped(b io.Writer, r *Report, reason string) {
	fmt.Fprintln(b)
	for _, c := range only(r.Checks, func(c Check) bool { return c.Status == Skip && c.Reason == reason }) {
		writeLine(b, "skip   %s (%s)%s", c.ID, c.Suite, timesOf(c))
	}
	writeLine(b, "       %s", reason)
}

// maxNotChecked is how many lines of NotChecked are shown if the report is not verbose.
const maxNotChecked = 10

// writeNotChecked lists what was not checked.
func writeNotChecked(b io.Writer, list []NotChecked, verbose bool) {
	if len(list) > 0 {
		fmt.Fprintln(b)
	}
	for i, n := range list {
		if i == maxNotChecked && !verbose {
			writeLine(b, "not checked  %d more: the JSON report lists all", len(list)-i)
			return
		}
		writeLine(b, "not checked  %s", n)
	}
}

// timesOf returns ", 3 times" for a check of three exchanges, "" for a check of one.
func timesOf(c Check) string {
	if c.Times < 2 {
		return ""
	}
	return fmt.Sprintf(", %d times", c.Times)
}

// lineWidth is the length of a line in characters. Commands to repeat a check may be longer, because they are copied.
const lineWidth = 120

// writeLine writes one line without control characters, shortened to lineWidth.
func writeLine(b io.Writer, format string, args ...any) {
	fmt.Fprintln(b, text.Shorten(text.VisibleLine(fmt.Sprintf(format, args...)), lineWidth))
}

func counts(r *Report, suite Suite) string {
	parts := []string{}
	for _, row := range statusWords {
		if n := r.Count(suite, row.Status); n > 0 {
			parts = append(parts, text.Count(n, row.One, row.Word))
		}
	}
	return strings.Join(parts, ", ")
}

// promises counts the promises by grade and by state.
func promises(parts []Part) string {
	grades := map[spec.Grade]int{}
	all := ofKind(parts, KindPromise)
	for _, p := range all {
		grades[p.Rule.Evidence.Grade]++
	}
	return fmt.Sprintf("%d (%d documented, %d recorded, %d inferred): %s",
		len(all), grades[spec.Documented], grades[spec.Recorded], grades[spec.Inferred], tally(parts, KindPromise))
}

// writeCoverage counts all parts by kind and state, and lists those that were not checked or not observed.
func writeCoverage(b io.Writer, parts []Part) {
	fmt.Fprintln(b)
	for _, kind := range Kinds() {
		fmt.Fprintf(b, "coverage      %-10s  %s\n", kind, tally(parts, kind))
	}
	for _, p := range parts {
		if p.State == Unchecked || p.State == NotObserved {
			writeLine(b, "%-12s  %-10s  %s (%s)", p.State, p.Kind, p.Name(), p.Place)
		}
	}
}

func documentNames(docs []*spec.Document) string {
	names := mapped(docs, func(d *spec.Document) string { return d.Name + " " + d.InfoVersion })
	return cmp.Or(strings.Join(names, " and "), "no document")
}
