package report

import (
	"fmt"
	"io"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/internal/text"
)

// writeChecks writes every check in their order, and those with findings about requests apart: last, or first if only they can
// fail the run.
func writeChecks(b io.Writer, r *Report) {
	others, ofConsumer := r.bySide()
	if r.Side == contract.Consumer {
		writeConsumer(b, ofConsumer)
		if len(ofConsumer) > 0 {
			fmt.Fprint(b, providerHead)
		}
		writeOthers(b, r, others)
		return
	}
	writeOthers(b, r, others)
	writeConsumer(b, ofConsumer)
}

// The headings of the findings of each side.
const (
	consumerHead = "\nconsumer: findings about requests\n"
	providerHead = "\nprovider: findings about responses, and all other checks\n"
)

func writeOthers(b io.Writer, r *Report, checks []Check) {
	explained := map[string]bool{} // reasons of skipped checks
	for _, c := range checks {
		switch {
		case c.Status == Skip && !explained[c.Reason]:
			writeSkipped(b, r, c.Reason)
			explained[c.Reason] = true
		case c.Status == Skip: // written with an earlier one
		case c.Status != Pass || len(c.Warnings) > 0:
			writeCheck(b, c)
		default:
			writeLine(b, "pass   %s (%s)%s", c.ID, c.Suite, timesOf(c))
		}
	}
}

func writeConsumer(b io.Writer, checks []Check) {
	if len(checks) > 0 {
		fmt.Fprint(b, consumerHead)
	}
	for _, c := range checks {
		writeCheck(b, c)
	}
}

// textWords begin the lines of checks and causes; a check with status Pass is shown only for its warnings.
var textWords = map[Status]string{Pass: "warn", Warn: "warn", Fail: "FAIL", Known: "known", Skip: "skip", Error: "error"}

// writeCheck writes a check with its findings.
func writeCheck(b io.Writer, c Check) {
	fmt.Fprintln(b)
	writeLine(b, "%-6s %s (%s)%s", textWords[c.Status], c.ID, c.Suite, timesOf(c))
	if c.Reason != "" {
		writeReason(b, c.Reason)
	}
	for i, d := range c.findings() {
		writeFinding(b, c.warning(i), d, d.Pointer)
	}
	writeRepeat(b, c)
}

// writeFinding writes a finding at a place, such as /response/body/items/*, 5 times.
func writeFinding(b io.Writer, warning string, d contract.Finding, at string) {
	if at != "" { // the whole document
		at = " at " + at
	}
	writeLine(b, "       %s%s%s", warning, d.ID, at)
	writeLine(b, "         want     %s", d.Want)
	writeLine(b, "         got      %s", d.Got)
	writeLine(b, "         promise  %s, %s", d.Place(), evidence(d))
}

func writeRepeat(b io.Writer, c Check) {
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
	writeReason(b, reason)
}
