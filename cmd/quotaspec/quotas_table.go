package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/term"

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
var colourOf = map[quotaState]string{stateOK: "32", stateWarning: "33", stateCritical: "31;1"}

// paint returns words in a colour, or as they are if the screen has no colours.
func (s screen) paint(colour, words string) string {
	if !s.colours || colour == "" || words == "" {
		return words
	}
	return "\x1b[" + colour + "m" + words + "\x1b[0m"
}

// columns are the widths of the parts of a line.
type columns struct{ name, used, quota, state, bar int }

func (s screen) columns(places []*quotaPlace) (c columns) {
	c.used = len("limit") - len(" of")
	for _, p := range places {
		for _, line := range p.Quotas {
			c.name = max(c.name, utf8.RuneCountInString(text.Printable(line.Type)))
			c.quota = max(c.quota, len(strconv.Itoa(int(line.Quota))))
			if line.hasBar() {
				c.used = max(c.used, len(strconv.Itoa(int(*line.Used))))
				c.state = max(c.state, len(line.stateText())+2)
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
func (s screen) table(places []*quotaPlace) error {
	var b strings.Builder
	c := s.columns(places)
	for i, p := range places {
		if i > 0 {
			b.WriteString("\n")
		}
		b.WriteString(s.paint("1", text.Printable(p.title())) + "\n")
		for _, line := range p.Quotas {
			b.WriteString(s.line(line, c) + "\n")
		}
		switch {
		case p.Failure != nil:
			b.WriteString(s.paint(colourOf[stateCritical], s.wrap("request failed: "+p.Failure.Message)))
			if p.Failure.Needs != "" {
				b.WriteString(s.wrap("needs " + p.Failure.Needs))
			}
		case len(p.Quotas) == 0:
			b.WriteString("  no quotas in the response\n")
		}
	}
	b.WriteString("\n" + quotaSummary(places) + "\n")
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

// title returns the heading of a place: its scope with the account, region and project that are known.
func (p *quotaPlace) title() string {
	return strings.Join(strings.Fields(p.Scope+" "+p.Domain+" "+p.Region+" "+p.Project), " ")
}

// hasBar reports whether the line has a usage that can be compared with its quota.
func (l quotaLine) hasBar() bool { return l.Used != nil && l.Per == "" && l.Quota >= 0 }

// stateText returns the state as the table shows it: "warning at 80%", or "" for stateOK.
func (l quotaLine) stateText() string {
	switch {
	case l.State == stateOK:
		return ""
	case l.Reached != "":
		return fmt.Sprintf("%s at %s", l.State, l.Reached)
	}
	return string(l.State)
}

// line returns the line of one quota: its numbers, then a bar with percentage and state, or the reason why it is not compared.
func (s screen) line(l quotaLine, c columns) string {
	name := text.Printable(l.Type)
	head := "  " + name + strings.Repeat(" ", c.name-utf8.RuneCountInString(name)+2)
	if !l.hasBar() {
		head += fmt.Sprintf("%*s %*d", c.used+3, "limit", c.quota, l.Quota)
		switch {
		case l.Per != "":
			head += " for each " + l.Per
		case l.Used == nil:
			head += ", usage not reported"
		}
		return head
	}
	head += fmt.Sprintf("%*d of %*d  ", c.used, *l.Used, c.quota, l.Quota)
	colour := colourOf[l.State]
	line := head + s.paint(colour, l.bar(c.bar)) + " " + fmt.Sprintf("%4s", l.percent())
	if words := l.stateText(); words != "" {
		line += "  " + s.paint(colour, words)
	}
	return line
}

// percent returns the usage in percent, rounded down, so that 100% means that nothing is left.
func (l quotaLine) percent() string {
	if l.Quota == 0 {
		return "-"
	}
	return strconv.FormatInt(int64(*l.Used)*100/int64(l.Quota), 10) + "%"
}

// bar returns a bar of so many cells. It is full only if nothing is left, and empty only if nothing is used.
func (l quotaLine) bar(width int) string {
	cells := width
	if all := int64(max(l.Quota, 1)); int64(*l.Used) < all {
		cells = int(max(0, int64(*l.Used)*int64(width)/all))
	}
	if cells == 0 && *l.Used > 0 {
		cells = min(1, width)
	}
	return strings.Repeat("█", cells) + strings.Repeat("░", width-cells)
}

// quotaSummary counts the quotas of each state, and the failed requests.
func quotaSummary(places []*quotaPlace) string {
	count := countStates(places)
	words := fmt.Sprintf("%d ok, %d warning, %d critical", count[stateOK], count[stateWarning], count[stateCritical])
	if n := count[stateIgnored]; n > 0 {
		words += fmt.Sprintf(", %d ignored", n)
	}
	if n := count[stateLimit]; n > 0 {
		words += fmt.Sprintf(", %d not compared", n)
	}
	if n := count[stateFailed]; n > 0 {
		words += fmt.Sprintf(", %d of %d failed", n, len(places))
	}
	return words
}
