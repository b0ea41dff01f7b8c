package mutate

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Text writes a score for people: each operator, what survived and what would have noticed it, and the sum last.
func Text(w io.Writer, s *Score, verbose bool) error {
	b := bufio.NewWriter(w)
	names := []string{}
	for _, doc := range s.Documents {
		names = append(names, doc.Name+" "+doc.T.Info.Version)
	}
	fmt.Fprintf(b, "quotaspec mutate: %s\n", strings.Join(names, " and "))
	if verbose {
		writeAll(b, s)
	}
	writeTable(b, "mutants of documents", Tallies(s.OfDocuments), []Means{ByLoading, ByExchanges, ByProbes, ByInventory})
	writeTable(b, "mutants of exchanges", Tallies(s.OfExchanges), nil)
	writeFailures(b, s)
	fmt.Fprintf(b, "\n%s: %s, %s, %d survived, %d equivalent\n", conclusion(s), sum("documents", s.OfDocuments), sum("exchanges", s.OfExchanges),
		len(s.Survivors()), equivalents(s))
	return b.Flush()
}

func conclusion(s *Score) string {
	if s.Perfect() {
		return "killed"
	}
	return "SURVIVED"
}

func sum(what string, mutants []Mutant) string {
	all := Tallies(mutants)
	last := all[len(all)-1]
	return fmt.Sprintf("%d/%d mutants of %s", last.Killed, last.Mutants, what)
}

func equivalents(s *Score) int {
	return len(s.filter(func(m Mutant) bool { return m.Reason != "" }))
}

// writeTable writes a line for each operator: how many were killed, and by whom first.
func writeTable(b io.Writer, title string, tallies []Tally, means []Means) {
	fmt.Fprintf(b, "\n%-34s %9s", title, "killed")
	for _, m := range means {
		fmt.Fprintf(b, " %9s", m)
	}
	fmt.Fprintf(b, " %10s\n", "equivalent")
	for _, t := range tallies {
		line := fmt.Sprintf("  %-32s %9s", t.Operator, fmt.Sprintf("%d/%d", t.Killed, t.Mutants))
		for _, m := range means {
			line += fmt.Sprintf(" %9s", count(t.By[m]))
		}
		fmt.Fprintln(b, strings.TrimRight(line+fmt.Sprintf(" %10s", count(t.Equivalent)), " "))
	}
}

// count leaves out what is nothing.
func count(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

func writeAll(b io.Writer, s *Score) {
	fmt.Fprintln(b)
	for _, m := range s.filter(func(Mutant) bool { return true }) {
		switch {
		case m.Killed():
			writeLine(b, "killed      %s", m)
			writeLine(b, "              by %s: %s", m.Killers[0].Means, m.Killers[0].Name)
		case m.Reason != "":
			writeLine(b, "equivalent  %s", m)
			writeLine(b, "              %s", m.Reason)
		}
	}
}

func writeFailures(b io.Writer, s *Score) {
	for _, m := range s.Survivors() {
		fmt.Fprintln(b)
		writeLine(b, "SURVIVED  %s", m)
		if m.Place != "" {
			writeLine(b, "            place  %s", m.Place)
		}
		writeLine(b, "            needs  %s", m.Needs())
	}
	for _, m := range s.Revenants() {
		fmt.Fprintln(b)
		writeLine(b, "NOTICED   %s", m)
		writeLine(b, "            listed as equivalent: %s", m.Reason)
		writeLine(b, "            by %s: %s", m.Killers[0].Means, m.Killers[0].Name)
	}
	for _, line := range s.Unmatched() {
		fmt.Fprintln(b)
		writeLine(b, "UNMATCHED %s", line)
	}
}

// lineWidth is how long a line may be; what was changed stands at its beginning.
const lineWidth = 200

func writeLine(b io.Writer, format string, args ...any) {
	line := strings.Join(strings.Split(fmt.Sprintf(format, args...), "\n"), " ")
	line = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || r < ' ' || r == 0x7f {
			return '·'
		}
		return r
	}, line)
	if runes := []rune(line); len(runes) > lineWidth {
		line = string(runes[:lineWidth-1]) + "…"
	}
	fmt.Fprintln(b, line)
}
