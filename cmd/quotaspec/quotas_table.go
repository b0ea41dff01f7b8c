package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"golang.org/x/term"

	"github.com/quotaspec/quotaspec/internal/command"
	"github.com/quotaspec/quotaspec/internal/quotas"
	"github.com/quotaspec/quotaspec/internal/text"
)

const (
	widestBar    = 30
	goodBar      = 10 // before a bar is narrower, states get lines of their own, and then long names
	narrowestBar = 5
	leastWidth   = 40 // a narrower screen has no bars
)

// screen prints a table of quotas. All places share the widths of their columns:
//
//	account d78cbac186b744899480f25bd022f468
//	  user      10 of  50  █████░░░░░░░░░░░░░░░░░░░░  20%
//	  idp        9 of  10  ██████████████████████░░░  90%  warning at 80%
//	  mapping   limit  10, usage not reported
//
// A bar takes the width that the other columns leave. On a narrow screen, what does not fit goes to the next line:
//
//	idp      9 of  10  ██████████████  90%
//	  warning at 80%
//	assigment_user_ep  limit 500
//	  for each user
type screen struct {
	w       io.Writer
	width   int
	colours bool
}

// screenOf returns a screen with the width of the terminal behind w, and with colours unless NO_COLOR or TERM=dumb is set. For
// any other writer it has 80 columns and no colours.
func screenOf(w io.Writer) screen {
	w = command.Unwrapped(w) // a VisibleWriter would escape the colours; the table makes every text printable itself
	s := screen{w: w, width: 80}
	file, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return s
	}
	if width, _, err := term.GetSize(int(file.Fd())); err == nil && width > 0 {
		s.width = width
	}
	s.colours = os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	return s
}

// colourOf gives the ANSI colour of a state.
var colourOf = map[quotas.State]string{quotas.StateOK: "32", quotas.StateWarning: "33", quotas.StateCritical: "31;1"}

// paint returns words in a colour, or as they are if the screen has no colours.
func (s screen) paint(colour, words string) string {
	if !s.colours || colour == "" || words == "" {
		return words
	}
	return "\x1b[" + colour + "m" + words + "\x1b[0m"
}

// columns are the widths of the parts of a line, in cells.
type columns struct{ name, used, quota, percent, bar int }

// columns lays out the lines. The width is shared in three steps, until the bar is wide enough: first all names and states stand
// beside it, then no states, then only the names of quotas that have a bar, as far as there is room.
func (s screen) columns(results []quotas.Result) (c columns) {
	c.used, c.percent = len("limit")-len(" of"), len("100%")
	state, compared := 0, 0 // the longest state, and the longest name of a quota with a bar
	for _, r := range results {
		for _, q := range r.Quotas {
			name := cells(text.Printable(q.Type))
			c.name = max(c.name, name)
			c.quota = max(c.quota, len(strconv.Itoa(int(q.Quota))))
			if q.IsCompared() {
				compared = max(compared, name)
				c.used = max(c.used, len(strconv.Itoa(int(*q.Used))))
				c.percent = max(c.percent, len(percent(q)))
				state = max(state, len(stateText(q))+2)
			}
		}
	}
	room := func() int { return s.width - (2 + c.name + 2 + c.used + 4 + c.quota + 2 + 1 + c.percent) }
	c.bar = room() - state
	if c.bar < goodBar {
		c.bar = room()
	}
	if c.bar < goodBar {
		least := narrowestBar
		if s.width < leastWidth {
			least = 0
		}
		c.name = compared
		c.name = max(0, c.name+min(0, room()-least))
		c.bar = room()
	}
	c.bar = max(0, min(widestBar, c.bar))
	if s.width < leastWidth {
		c.bar = 0
	}
	return c
}

// table prints every place and a summary.
func (s screen) table(report quotaReport) error {
	var b strings.Builder
	c := s.columns(report.shown)
	for _, r := range report.shown {
		b.WriteString(s.paint("1", s.wrap("", r.Title())) + "\n")
		for _, q := range r.Quotas {
			b.WriteString(s.line(q, c) + "\n")
		}
		switch {
		case r.Failure != nil:
			b.WriteString(s.paint(colourOf[quotas.StateCritical], s.wrap("  ", "request failed: "+r.Failure.Message)) + "\n")
			if r.Failure.Needs != "" {
				b.WriteString(s.wrap("  ", "needs "+r.Failure.Needs) + "\n")
			}
		case len(r.Quotas) == 0:
			b.WriteString("  no quotas in the response\n")
		}
		b.WriteString("\n")
	}
	b.WriteString(s.wrap("", quotaSummary(report.all)) + "\n")
	_, err := io.WriteString(s.w, b.String())
	return err
}

// wrap breaks a text into indented lines that fit the width; those after the first are indented by two more. A word that is longer
// than a line is broken, too.
func (s screen) wrap(indent, words string) string {
	wrapped, line := "", ""
	room := func() int { return max(1, s.width-cells(indent)) }
	next := func() {
		wrapped += indent + line + "\n"
		if line = ""; !strings.Contains(strings.TrimSuffix(wrapped, "\n"), "\n") {
			indent += "  "
		}
	}
	for word := range strings.FieldsSeq(text.Printable(words)) {
		if line != "" && cells(line)+1+cells(word) > room() {
			next()
		}
		if line != "" {
			line += " "
		}
		for _, r := range word {
			if line != "" && cells(line)+cells(string(r)) > room() {
				next()
			}
			line += string(r)
		}
	}
	return wrapped + indent + line
}

// stateText returns the state as the table shows it: "warning at 80%", or "" for quotas.StateOK.
func stateText(q quotas.Quota) string {
	switch {
	case q.State == quotas.StateOK:
		return ""
	case q.Reached != "":
		return fmt.Sprintf("%s at %s", q.State, q.Reached)
	}
	return string(q.State)
}

// line returns the line of one quota: its numbers, then a bar with percentage and state, or the reason why it is not compared.
// What does not fit goes to further lines.
func (s screen) line(q quotas.Quota, c columns) string {
	name := text.Printable(q.Type)
	head := "  " + name + strings.Repeat(" ", max(0, c.name-cells(name)))
	if !q.IsCompared() {
		return s.limitLine(head, fmt.Sprintf("%*s %*d", c.used+3, "limit", c.quota, q.Quota), reasonText(q))
	}
	if cells(name) > c.name {
		head = s.wrap("  ", name) + "\n" + strings.Repeat(" ", 2+c.name)
	}
	colour := colourOf[q.State]
	head += fmt.Sprintf("  %*d of %*d  ", c.used, *q.Used, c.quota, q.Quota)
	tail := fmt.Sprintf(" %*s", c.percent, percent(q))
	line := head + s.paint(colour, bar(q, c.bar)) + tail
	if words := stateText(q); words != "" {
		between := "  "
		if lastCells(head)+c.bar+cells(tail+between+words) > s.width {
			between = "\n    "
		}
		line += between + s.paint(colour, words)
	}
	return line
}

// limitLine returns the line of a quota that is not compared.
func (s screen) limitLine(head, limit, reason string) string {
	line := head + "  " + limit
	if cells(line) > s.width {
		line = s.wrap("  ", head) + "\n    " + strings.TrimSpace(limit)
	}
	if lastCells(line)+cells(reason) > s.width {
		return line + "\n    " + strings.TrimLeft(reason, ", ")
	}
	return line + reason
}

// reasonText returns why a quota is not compared, as it follows the limit; "" if only the limit itself says it.
func reasonText(q quotas.Quota) string {
	switch {
	case q.Per != "":
		return " for each " + q.Per
	case q.Used == nil:
		return ", usage not reported"
	}
	return ""
}

// percent returns the usage in percent, rounded down, so that 100% means that nothing is left.
func percent(q quotas.Quota) string {
	if q.Quota == 0 {
		return "-"
	}
	switch n := int64(*q.Used) * 100 / int64(q.Quota); {
	case n > 999:
		return ">999%"
	case *q.Used < 0:
		return "<0%"
	default:
		return strconv.FormatInt(n, 10) + "%"
	}
}

// bar returns a bar of so many cells. It is full only if nothing is left, and empty only if nothing is used.
func bar(q quotas.Quota, width int) string {
	cells := width
	if all := int64(max(q.Quota, 1)); int64(*q.Used) < all {
		cells = int(max(0, int64(*q.Used)*int64(width)/all))
	}
	if cells == 0 && *q.Used > 0 {
		cells = min(1, width)
	}
	return strings.Repeat("█", cells) + strings.Repeat("░", width-cells)
}

// quotaSummary counts the quotas of each state, and the failed requests.
func quotaSummary(results []quotas.Result) string {
	count := quotas.CountStates(results)
	words := fmt.Sprintf("%d ok, %d warning, %d critical", count[quotas.StateOK], count[quotas.StateWarning], count[quotas.StateCritical])
	if n := count[quotas.StateIgnored]; n > 0 {
		words += fmt.Sprintf(", %d ignored", n)
	}
	if n := count[quotas.StateLimit]; n > 0 {
		words += fmt.Sprintf(", %d not compared", n)
	}
	if n := count[quotas.StateFailed]; n > 0 {
		words += fmt.Sprintf(", %d of %d failed", n, len(results))
	}
	return words
}
