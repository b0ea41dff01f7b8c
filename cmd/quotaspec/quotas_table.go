package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/term"

	"github.com/quotaspec/quotaspec/internal/quotas"
	"github.com/quotaspec/quotaspec/internal/text"
)

const (
	widestBar    = 30
	narrowestBar = 5 // a narrower bar shows less than its percentage
)

// screen prints a table of quotas. All places share the widths of their columns:
//
//	account d78cbac186b744899480f25bd022f468
//	  user      10 of  50  █████░░░░░░░░░░░░░░░░░░░░  20%
//	  mapping   limit  10, usage not reported
//
// A bar takes the width that the other columns leave, and disappears on a narrow screen.
type screen struct {
	w       io.Writer
	width   int
	colours bool
}

// screenOf returns a screen with the width of the terminal behind w, and with colours unless NO_COLOR or TERM=dumb is set. For
// any other writer it has 80 columns and no colours.
func screenOf(w io.Writer) screen {
	w = unwrapped(w) // a visibleWriter would escape the colours; the table makes every text printable itself
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

// columns are the widths of the parts of a line.
type columns struct{ name, used, quota, state, bar int }

func (s screen) columns(results []quotas.Result) (c columns) {
	c.used = len("limit") - len(" of")
	for _, r := range results {
		for _, q := range r.Quotas {
			c.name = max(c.name, utf8.RuneCountInString(text.Printable(q.Type)))
			c.quota = max(c.quota, len(strconv.Itoa(int(q.Quota))))
			if q.IsCompared() {
				c.used = max(c.used, len(strconv.Itoa(int(*q.Used))))
				c.state = max(c.state, len(stateText(q))+2)
			}
		}
	}
	c.bar = min(widestBar, s.width-(2+c.name+2+c.used+4+c.quota+2+1+4+c.state))
	if c.bar < narrowestBar {
		c.bar = 0
	}
	return c
}

// table prints every place and a summary.
func (s screen) table(results []quotas.Result) error {
	var b strings.Builder
	c := s.columns(results)
	for i, r := range results {
		if i > 0 {
			b.WriteString("\n")
		}
		b.WriteString(s.paint("1", text.Printable(r.Title())) + "\n")
		for _, q := range r.Quotas {
			b.WriteString(s.line(q, c) + "\n")
		}
		switch {
		case r.Failure != nil:
			b.WriteString(s.paint(colourOf[quotas.StateCritical], s.wrap("request failed: "+r.Failure.Message)))
			if r.Failure.Needs != "" {
				b.WriteString(s.wrap("needs " + r.Failure.Needs))
			}
		case len(r.Quotas) == 0:
			b.WriteString("  no quotas in the response\n")
		}
	}
	b.WriteString("\n" + quotaSummary(results) + "\n")
	_, err := io.WriteString(s.w, b.String())
	return err
}

// wrap breaks a text into indented lines that fit the width.
func (s screen) wrap(words string) string {
	wrapped, line := "", " "
	for i, word := range strings.Fields(text.Printable(words)) {
		if i > 0 && utf8.RuneCountInString(line+" "+word) > s.width {
			wrapped += line + "\n"
			line = "   "
		}
		line += " " + word
	}
	return wrapped + line + "\n"
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
func (s screen) line(q quotas.Quota, c columns) string {
	name := text.Printable(q.Type)
	head := "  " + name + strings.Repeat(" ", c.name-utf8.RuneCountInString(name)+2)
	if !q.IsCompared() {
		head += fmt.Sprintf("%*s %*d", c.used+3, "limit", c.quota, q.Quota)
		switch {
		case q.Per != "":
			head += " for each " + q.Per
		case q.Used == nil:
			head += ", usage not reported"
		}
		return head
	}
	head += fmt.Sprintf("%*d of %*d  ", c.used, *q.Used, c.quota, q.Quota)
	colour := colourOf[q.State]
	line := head + s.paint(colour, bar(q, c.bar)) + " " + fmt.Sprintf("%4s", percent(q))
	if words := stateText(q); words != "" {
		line += "  " + s.paint(colour, words)
	}
	return line
}

// percent returns the usage in percent, rounded down, so that 100% means that nothing is left.
func percent(q quotas.Quota) string {
	if q.Quota == 0 {
		return "-"
	}
	return strconv.FormatInt(int64(*q.Used)*100/int64(q.Quota), 10) + "%"
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
