package mutate

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/quotaspec/quotaspec/internal/text"
)

// Text writes a score as text: a table of operators, the mutants that survived with what would kill them, and the totals. With
// verbose it lists every mutant first. It returns the errors of w. A row of the table has the mutants that were killed, then by
// which detector first:
//
//	mutants of documents                  killed      load exchanges    probes inventory equivalent
//	  bound dropped                        11/12                   9         2                    1
func Text(w io.Writer, s *Score, verbose bool) error {
	b := bufio.NewWriter(w)
	names := []string{}
	for _, doc := range s.Documents {
		names = append(names, doc.Name+" "+doc.InfoVersion)
	}
	fmt.Fprintf(b, "quotaspec mutate: %s\n", strings.Join(names, " and "))
	if verbose {
		writeAll(b, s)
	}
	writeTable(b, "mutants of documents", tallies(s.DocumentMutants), []Detector{ByLoading, ByExchanges, ByProbes, ByInventory})
	writeTable(b, "mutants of exchanges", tallies(s.ExchangeMutants), nil)
	writeFailures(b, s)
	writeConclusion(b, s)
	return b.Flush()
}

// writeConclusion counts the mutants of documents by detector, and ends with "all killed", or with one or both of "SURVIVED"
// and "EQUIVALENTS WRONG".
func writeConclusion(b io.Writer, s *Score) {
	documents, exchanges := total(s.DocumentMutants), total(s.ExchangeMutants)
	fmt.Fprintf(b, "\nof %d mutants of documents, %s\n", documents.Mutants, detectors(documents))
	if survivors := len(s.survivors()); survivors > 0 {
		fmt.Fprintf(b, "SURVIVED: %d of %d mutants of documents, %d of %d mutants of exchanges\n",
			documents.Mutants-documents.Killed, documents.Mutants, exchanges.Mutants-exchanges.Killed, exchanges.Mutants)
	}
	if killed, stale := len(s.killedEquivalents()), len(s.staleEquivalents()); killed+stale > 0 {
		fmt.Fprintf(b, "EQUIVALENTS WRONG: %d killed after all, %d stale\n", killed, stale)
	}
	if s.Perfect() {
		fmt.Fprintf(b, "all killed: %d mutants of documents, %d mutants of exchanges; %d more are listed as equivalent\n",
			documents.Mutants, exchanges.Mutants, documents.Equivalent+exchanges.Equivalent)
	}
}

// detectors counts the mutants of documents that each detector killed and no earlier one did.
func detectors(documents tally) string {
	list := []string{}
	for _, d := range []struct {
		detector Detector
		words    string
	}{
		{ByLoading, "%d at load"},
		{ByExchanges, "%d by exchanges"},
		{ByProbes, "%d only by probes"},
		{ByInventory, "%d only by the inventory, which shows that something changed, not that it is wrong"},
	} {
		if n := documents.By[d.detector]; n > 0 {
			list = append(list, fmt.Sprintf(d.words, n))
		}
	}
	if len(list) == 0 {
		return "none killed"
	}
	return "killed: " + strings.Join(list, ", ")
}

func total(mutants []Mutant) tally {
	all := tallies(mutants)
	return all[len(all)-1]
}

// writeTable writes a line for each operator: how many mutants were killed, and by which detector first.
func writeTable(b io.Writer, title string, tallies []tally, detectors []Detector) {
	fmt.Fprintf(b, "\n%-34s %9s", title, "killed")
	for _, d := range detectors {
		fmt.Fprintf(b, " %9s", d)
	}
	fmt.Fprintf(b, " %10s\n", "equivalent")
	for _, t := range tallies {
		line := fmt.Sprintf("  %-32s %9s", t.Operator, fmt.Sprintf("%d/%d", t.Killed, t.Mutants))
		for _, d := range detectors {
			line += fmt.Sprintf(" %9.0d", t.By[d]) // only spaces for 0
		}
		fmt.Fprintln(b, strings.TrimRight(line+fmt.Sprintf(" %10.0d", t.Equivalent), " "))
	}
}

// writeAll lists the mutants that were killed or are equivalent; the others are failures.
func writeAll(b io.Writer, s *Score) {
	fmt.Fprintln(b)
	for _, m := range s.filter(func(Mutant) bool { return true }) {
		switch {
		case m.Killed():
			writeLine(b, "killed      %s", m)
			writeLine(b, "              by %s: %s", m.Killers[0].Detector, m.Killers[0].Name)
		case m.Reason != "":
			writeLine(b, "equivalent  %s", m)
			writeLine(b, "              %s", m.Reason)
		}
	}
}

// writeFailures lists what keeps a score from being perfect: mutants that survived, with what would kill them, mutants that are
// killed although they are listed as equivalent, and lines of the equivalents that match nothing.
func writeFailures(b io.Writer, s *Score) {
	for _, m := range s.survivors() {
		fmt.Fprintln(b)
		writeLine(b, "SURVIVED  %s", m)
		if m.Place != "" {
			writeLine(b, "            place  %s", m.Place)
		}
		writeLine(b, "            needs  %s", m.Needs())
	}
	for _, m := range s.killedEquivalents() {
		fmt.Fprintln(b)
		writeLine(b, "KILLED    %s", m)
		writeLine(b, "            listed as equivalent: %s", m.Reason)
		writeLine(b, "            by %s: %s", m.Killers[0].Detector, m.Killers[0].Name)
	}
	for _, line := range s.staleEquivalents() {
		fmt.Fprintln(b)
		writeLine(b, "STALE     %s", line)
	}
}

// lineWidth is the longest line in characters. The name of the mutant comes first in a line, so that it is not cut.
const lineWidth = 200

func writeLine(b io.Writer, format string, args ...any) {
	line := strings.ReplaceAll(fmt.Sprintf(format, args...), "\n", " ")
	fmt.Fprintln(b, text.Shorten(text.Printable(line), lineWidth))
}
