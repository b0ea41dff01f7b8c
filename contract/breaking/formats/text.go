package formats

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/quotaspec/quotaspec/contract/breaking"
	"github.com/quotaspec/quotaspec/internal/text"
)

const (
	lineWidth = 120 // of a line, in characters
	// maxFindings is how many findings of a group are shown in full, and maxLines how many are shown where each has one line.
	maxFindings, maxLines = 50, 10
	maxField              = 3 // lines of one field
	maxBody               = 3 // lines of a body
	fieldIndent           = "              "
	textWidth             = lineWidth - len(fieldIndent)
)

// Text writes a comparison for the owners of consumers and providers in a terminal. What breaks comes first, each finding with
// its witness; what needs no action is counted, and listed if verbose. The last line says whether the comparison passes.
//
//	breaking for consumers: 1 change. They may get a response that they do not expect, or miss one that they know.
//
//	  listPets/200 enum/added /response/body/*/kind: "bird" is new
//	    place     pets.yaml:41 (was old/pets.yaml:40)
//	    also in   getPet/200
//	    request   GET /pets
//	    response  200 application/json  [{"kind":"bird"}]
//	    old       refuses it: schema/enum at /response/body/0/kind: want one of cat, dog, got "bird"
//	    new       accepts it
//
// The line of a finding begins like the line that would tolerate it in the file of tolerated findings.
func Text(w io.Writer, c *breaking.Comparison, o Options) error {
	v := newView(c, o)
	b := &textWriter{Writer: bufio.NewWriter(w), view: v}
	if v.Old.File != "" || v.New.File != "" {
		b.documents()
	}
	if v.Error != "" {
		b.wrapped("error  ", "       ", v.Error)
	}
	for _, s := range sections {
		b.section(s)
	}
	if len(v.Stale) > 0 {
		fmt.Fprintf(b, "\ntolerated, but not found any more: remove %s\n\n", text.Count(len(v.Stale), "line", "lines"))
		b.list(v.Stale)
	}
	b.summary()
	return b.Flush()
}

// textWriter writes lines without control characters, which fit a terminal.
type textWriter struct {
	*bufio.Writer
	*view
}

func (b *textWriter) section(s section) {
	list := b.of(s.group)
	if len(list) == 0 || s.onlyVerbose && !b.Verbose {
		return
	}
	fmt.Fprintf(b, "\n%s: %s. %s\n", s.head, text.Count(len(list), "change", "changes"), s.about)
	if !s.isFull && !b.Verbose {
		fmt.Fprintln(b)
		b.list(mapped(list, shortLine))
		return
	}
	for i, f := range list {
		if i == maxFindings && !b.Verbose {
			fmt.Fprintln(b)
			b.wrapped("  and ", "      ", fmt.Sprintf("%d more: %s (-v lists all)", len(list)-i, byID(list[i:])))
			return
		}
		b.finding(f)
	}
}

// list writes one line for each text, maxLines at most unless verbose.
func (b *textWriter) list(lines []string) {
	for i, line := range lines {
		if i == maxLines && !b.Verbose {
			fmt.Fprintf(b, "  and %d more (-v lists all)\n", len(lines)-i)
			return
		}
		b.line("  %s", line)
	}
}

// shortLine is a finding in one line, with the reason for which it is tolerated.
func shortLine(f finding) string {
	line := f.line() + f.ifPossibly()
	if f.known != "" {
		line += " # " + f.known
	}
	return line
}

// byID counts findings by their ids, in the order of the first of each: 40 enum/added, 3 status/removed
func byID(list []finding) string {
	count, ids := map[string]int{}, []string{}
	for _, f := range list {
		if count[f.ID]++; count[f.ID] == 1 {
			ids = append(ids, f.ID)
		}
	}
	return strings.Join(mapped(ids, func(id string) string { return fmt.Sprint(count[id], " ", id) }), ", ")
}

// finding writes a finding in full.
func (b *textWriter) finding(f finding) {
	fmt.Fprintln(b)
	b.wrapped("  ", "      ", f.line())
	b.field("place", b.place(f))
	b.field("also in", f.also(b.maxAlso()))
	b.field("tolerated", f.known)
	if f.Witness != nil {
		b.witness(f)
	}
	b.field("why", f.Why)
	b.field("probe", f.Probe)
}

// maxAlso is how many other checks of a finding are named.
func (b *textWriter) maxAlso() int {
	if b.Verbose {
		return int(^uint(0) >> 1)
	}
	return 3
}

func (b *textWriter) witness(f finding) {
	b.field("from", origin(f))
	request, response := messages(f)
	b.message("request", request)
	if response != nil {
		b.message("response", *response)
	}
	b.field("old", verdict(f.Witness.Old))
	b.field("new", verdict(f.Witness.New))
}

// message writes a message. A body that fits stands in its first line.
func (b *textWriter) message(label string, m message) {
	first := text.VisibleLine(m.first)
	joined := first + "  " + text.VisibleLine(m.body)
	fits := len(m.headers) == 0 && utf8.RuneCountInString(joined) <= textWidth
	if fits && m.body != "" {
		b.line("    %-8s  %s", label, joined)
		return
	}
	lines := []string{m.first}
	if !b.Verbose {
		lines = excerptLines(m.first, m.firstAt, len(m.first))
	}
	for _, line := range lines {
		b.line("    %-8s  %s", label, line)
		label = ""
	}
	for _, header := range m.headers {
		b.line("%s%s", fieldIndent, header)
	}
	if isLong := utf8.RuneCountInString(m.body) > textWidth; isLong && b.Verbose {
		fmt.Fprintln(b, fieldIndent+strings.ReplaceAll(text.Visible(indented(m.body)), "\n", "\n"+fieldIndent))
		return
	}
	for _, piece := range excerptLines(m.body, m.bodyAt, m.size) {
		b.line("%s%s", fieldIndent, piece)
	}
}

// excerptLines returns the lines of a text: all of it if maxBody lines are enough, else an excerpt.
func excerptLines(s string, at, size int) []string {
	const whole = maxBody * textWidth
	if all := pieces(s, textWidth, maxBody+1); len(all) <= maxBody {
		return all
	}
	return pieces(excerpt(s, at, min(whole*3/4, utf8.RuneCountInString(s)-1), size), textWidth, maxBody) // pieces end at commas
}

// field writes a labelled text, in several lines if it is long. An empty one is left out.
func (b *textWriter) field(label, s string) {
	if s != "" {
		b.wrapped(fmt.Sprintf("    %-8s  ", label), fieldIndent, s)
	}
}

// wrapped writes a text in lines that fit, maxField at most unless verbose, the first one with a head and the others indented.
func (b *textWriter) wrapped(head, indent, s string) {
	lines := text.Wrap(text.VisibleLine(s), lineWidth-len(indent))
	if len(lines) > maxField && !b.Verbose {
		lines = append(lines[:maxField-1], strings.Join(lines[maxField-1:], " "))
	}
	for i, line := range lines {
		if i > 0 {
			head = indent
		}
		b.line("%s%s", head, line)
	}
}

// line writes one line without control characters, shortened to lineWidth unless verbose.
func (b *textWriter) line(format string, args ...any) {
	line := text.VisibleLine(fmt.Sprintf(format, args...))
	if !b.Verbose {
		line = text.Shorten(line, lineWidth)
	}
	fmt.Fprintln(b, line)
}

// documents names both documents, in one line if they fit.
func (b *textWriter) documents() {
	line := "quotaspec breaking: " + b.named(b.Old.File, title(b.Old))
	after := " → " + b.named(b.New.File, title(b.New))
	if utf8.RuneCountInString(text.VisibleLine(line+after)) > lineWidth {
		b.line("%s", line)
		line = " "
	}
	b.line("%s", line+after)
}

// named is a name with the file in parentheses, if there is one.
func (b *textWriter) named(file, name string) string {
	if file == "" {
		return name
	}
	return name + " (" + file + ")"
}

// summary writes the last lines: what was only counted, the traffic, the version, and the conclusion.
func (b *textWriter) summary() {
	word, says := b.conclusion()
	if b.Error != "" {
		fmt.Fprintf(b, "\n%s\n", word)
		return
	}
	fmt.Fprintln(b)
	if n, m := len(b.of(compatible)), len(b.of(editorial)); n+m > 0 && !b.Verbose {
		fmt.Fprintf(b, "harmless  %d compatible, %d editorial (-v lists them)\n", n, m)
	}
	if used := b.used(); used != "" {
		fmt.Fprintf(b, "traffic   %s\n", used)
	}
	b.line("version   %s", b.versions())
	if !b.passed() {
		fmt.Fprintf(b, "help      %s\n", HelpPage)
	}
	fmt.Fprintln(b)
	b.line("%s: %s", word, says)
}
