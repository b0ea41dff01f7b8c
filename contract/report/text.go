package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Text writes a report for people. It shows causes (causes.go), each once with its first check: failures, known failures, then
// warnings, findings about requests apart under "consumer". Then it lists what could not be judged or was not checked, the skipped
// checks by their reason, the counts, and each cause in one line. If verbose, it writes every check with all its findings instead,
// and the coverage. A cause looks like this, and so does a check:
//
//	FAIL   listThings/plain (probes) and 3 more checks, of listThings and showThing
//	       schema/type at /response/body/items/*, 5 times
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
	causes := r.Causes()
	if verbose {
		writeChecks(b, r)
	} else {
		writeCauses(b, r, causes)
		writeGroups(b, r, Error)
	}
	writeNotChecked(b, r.NotChecked, verbose)
	if !verbose {
		writeGroups(b, r, Skip)
	}
	writeMissing(b, r)
	parts := r.Coverage()
	hasPromises := len(ofKind(parts, KindPromise)) > 0
	if len(r.Checks) > 0 || hasPromises {
		fmt.Fprintln(b)
	}
	for _, suite := range []Suite{Documents, Recordings, Traffic, Probes} {
		if line := counts(r, suite); line != "" {
			fmt.Fprintf(b, "%-10s  %s\n", suite, line)
		}
	}
	if hasPromises {
		fmt.Fprintf(b, "%-10s  %s\n", "promises", promises(parts))
	}
	if verbose {
		writeCoverage(b, parts)
	}
	writeSummary(b, causes)
	writeConclusion(b, r)
	return b.Flush()
}

func writeConclusion(b io.Writer, r *Report) {
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
}

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

// maxNotChecked is how many lines of NotChecked are shown if the report is not verbose.
const maxNotChecked = 10

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

// maxReason is how many lines a reason may have.
const maxReason = 5

// writeReason writes a reason, in several lines if it is long: it may name what to remove or what was not observed.
func writeReason(b io.Writer, reason string) {
	const indent = "       "
	lines := text.Wrap(text.VisibleLine(reason), lineWidth-len(indent))
	if len(lines) > maxReason {
		lines = append(lines[:maxReason-1], strings.Join(lines[maxReason-1:], " "))
	}
	for _, line := range lines {
		writeLine(b, "%s%s", indent, line)
	}
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
	names := mapped(docs, func(d *spec.Document) string { return strings.TrimSpace(d.Name + " " + d.InfoVersion) })
	return cmp.Or(strings.Join(names, " and "), "no document")
}
