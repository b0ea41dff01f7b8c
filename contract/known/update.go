package known

import (
	"slices"
	"strings"
	"time"
)

// days is how long a line is valid that Update writes.
const days = 90

// header begins a new file.
const header = "# Failures that are expected: ID [FINDING [PLACE]] [until=YYYY-MM-DD] # reason\n"

// Fate is what becomes of a line of a file that is updated.
type Fate int

// The fates. A line stays as it is, with its reason, it gets a new last day, or it is removed.
const (
	Stays Fate = iota
	Renewed
	Removed
)

// FateOf returns what becomes of a line: one that holds stays, or is renewed if it has expired; one that does not hold is
// removed if the run would have found its failure.
func (l Line) FateOf(holds, wasTested bool, now time.Time) Fate {
	switch {
	case holds && l.Expired(now):
		return Renewed
	case !holds && wasTested:
		return Removed
	}
	return Stays
}

// Update returns the text of a file after a run, and how many lines were added and removed. The old text is what Parse has read
// the lines from; fates has one fate for each. Comments stay. The failures in fresh are added, each once, valid for 90 days.
func Update(text string, lines []Line, fates []Fate, fresh []Line, now time.Time) (updated string, added, removed int) {
	until := time.Date(now.Year(), now.Month(), now.Day()+days, 0, 0, 0, 0, time.Local)
	all := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	for i, l := range lines {
		switch fates[i] {
		case Renewed:
			l.Until = until
			all[l.Number-1] = l.String()
		case Removed:
			all[l.Number-1] = removedLine
			removed++
		}
	}
	all = slices.DeleteFunc(all, func(line string) bool { return line == removedLine })
	more := []string{}
	for _, l := range fresh {
		l.Until, l.Reason = until, "found on "+now.Format(time.DateOnly)
		more = append(more, l.String())
	}
	slices.Sort(more)
	more = slices.Compact(more)
	if strings.TrimSpace(text) == "" {
		all = strings.Split(strings.TrimSuffix(header, "\n"), "\n")
	}
	return strings.Join(append(all, more...), "\n") + "\n", len(more), removed
}

// removedLine stands for a line that is removed; no line of a file is like it.
const removedLine = "\n"
