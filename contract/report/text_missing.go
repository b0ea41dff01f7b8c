package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/internal/text"
)

// maxMissing is how many lines of YAML are shown.
const maxMissing = 40

// writeMissing writes what the config lacks for the skipped checks as one block of YAML, so that it can be pasted, if that is more
// than the one key of one reason above:
//
//	to send the skipped probes, add to quotaspec.yaml:
//
//	values:
//	  deletePet.petId: …
//	  getPet.petId: …
func writeMissing(b io.Writer, r *Report) {
	reasons, missing, isLong := map[string]bool{}, [][]string{}, false
	for _, c := range r.Checks {
		if len(c.Missing) > 0 {
			reasons[c.Reason] = true
			missing = append(missing, c.Missing...)
			isLong = isLong || len(c.Missing) > 1
		}
	}
	if len(reasons) < 2 && !isLong {
		return
	}
	fmt.Fprint(b, "\nto send the skipped probes, add to quotaspec.yaml:\n\n")
	lines := nested(missing)
	for _, line := range lines[:min(len(lines), maxMissing)] {
		writeLine(b, "%s", line)
	}
	if more := len(lines) - maxMissing; more > 0 {
		fmt.Fprintf(b, "# and %s: the JSON report has all reasons\n", text.Count(more, "more line", "more lines"))
	}
}

// nested writes lists of keys, each with its value at the end, as nested mappings in the order of the keys.
func nested(lists [][]string) []string {
	slices.SortFunc(lists, slices.Compare)
	lines, last := []string{}, []string{}
	for _, list := range slices.CompactFunc(lists, slices.Equal) {
		keys, shared := list[:len(list)-1], 0
		for shared < min(len(keys), len(last)) && keys[shared] == last[shared] {
			shared++
		}
		for i := shared; i < len(keys); i++ {
			lines = append(lines, strings.Repeat("  ", i)+keys[i]+":")
		}
		if shared < len(keys) {
			lines[len(lines)-1] += " " + list[len(list)-1]
		}
		last = keys
	}
	return lines
}
