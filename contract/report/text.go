package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi"
)

// Text writes a report for people: what failed first, with all that is needed to argue about it, and the counts last.
func Text(w io.Writer, r *Report, verbose bool) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "quotaspec verify: %s, judged by %s\n", r.Subject, documentNames(r.Documents))
	for _, c := range r.Checks {
		switch {
		case c.Status == Fail || len(c.Warnings) > 0:
			writeFindings(b, c)
		case c.Status == Skip:
			fmt.Fprintf(b, "\nskip   %s\n       %s\n", c.ID, c.Reason)
		case c.Status == Error:
			fmt.Fprintf(b, "\nerror  %s\n       %s\n", c.ID, c.Reason)
			writeRepeat(b, c)
		case verbose:
			fmt.Fprintf(b, "pass   %s (%s)\n", c.ID, c.Source)
		}
	}
	fmt.Fprintln(b)
	for _, source := range []Source{Documents, Recordings, Traffic, Probes} {
		if line := counts(r, source); line != "" {
			fmt.Fprintf(b, "%-10s  %s\n", source, line)
		}
	}
	parts := r.Coverage()
	fmt.Fprintf(b, "%-10s  %s\n", "promises", promises(parts))
	if verbose {
		writeCoverage(b, parts)
	}
	fmt.Fprintf(b, "\n%s: %d checks, %d failed, %d errors, %d skipped, %d warnings\n",
		r.Conclusion(), len(r.Checks), r.Count("", Fail), r.Count("", Error), r.Count("", Skip), r.Warnings())
	return b.Flush()
}

func writeFindings(b io.Writer, c Check) {
	word := "FAIL"
	if c.Status != Fail {
		word = "warn"
	}
	fmt.Fprintf(b, "\n%s   %s (%s)\n", word, c.ID, c.Source)
	for _, d := range c.Failures {
		writeDeviation(b, d, "")
	}
	for _, d := range c.Warnings {
		writeDeviation(b, d, "warning: ")
	}
	writeRepeat(b, c)
}

// lineWidth is how long a line may be; a command to repeat may be longer, since it is to be copied.
const lineWidth = 120

func writeDeviation(b io.Writer, d contract.Deviation, prefix string) {
	fmt.Fprintf(b, "       %s%s at %s\n", prefix, d.ID, d.Pointer)
	for _, row := range [][2]string{
		{"want", d.Want}, {"got", d.Got}, {"promise", fmt.Sprintf("%s, %s: %s", d.Place, d.Evidence.Grade, strings.Join(d.Evidence.Source, ", "))},
	} {
		line := []rune(fmt.Sprintf("         %-8s %s", row[0], row[1]))
		if len(line) > lineWidth {
			line = append(line[:lineWidth-1], '…')
		}
		fmt.Fprintln(b, string(line))
	}
}

func writeRepeat(b io.Writer, c Check) {
	if c.Repeat != "" {
		fmt.Fprintf(b, "       repeat   %s\n", c.Repeat)
	}
}

func counts(r *Report, source Source) string {
	parts := []string{}
	for _, s := range []struct {
		status Status
		word   string
	}{{Pass, "kept"}, {Fail, "broken"}, {Error, "errors"}, {Skip, "skipped"}} {
		if n := r.Count(source, s.status); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, s.word))
		}
	}
	return strings.Join(parts, ", ")
}

// promises counts them by grade and by what was seen of them.
func promises(parts []Part) string {
	grades := map[openapi.Grade]int{}
	all := 0
	for _, p := range parts {
		if p.Kind == KindPromise {
			all++
			grades[p.Rule.Evidence.Grade]++
		}
	}
	kept, broken, neverSeen := Tally(parts, KindPromise)
	return fmt.Sprintf("%d (%d documented, %d recorded, %d inferred): %d kept, %d broken, %d never seen",
		all, grades[openapi.Documented], grades[openapi.Recorded], grades[openapi.Inferred], kept, broken, neverSeen)
}

// writeCoverage names what nothing was seen of.
func writeCoverage(b io.Writer, parts []Part) {
	fmt.Fprintln(b)
	for _, kind := range Kinds() {
		kept, broken, neverSeen := Tally(parts, kind)
		fmt.Fprintf(b, "coverage    %-10s  %d kept, %d broken, %d never seen\n", kind, kept, broken, neverSeen)
	}
	for _, p := range parts {
		if p.State == NeverSeen {
			fmt.Fprintf(b, "unseen      %-10s  %s (%s)\n", p.Kind, strings.TrimSpace(p.Operation+" "+p.Label), p.Place)
		}
	}
}

func documentNames(docs []*openapi.Document) string {
	names := []string{}
	for _, d := range docs {
		names = append(names, d.Name+" "+d.T.Info.Version)
	}
	return strings.Join(names, " and ")
}
