package verify

import (
	"slices"
	"strings"
	"time"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// knownDays is how long a line is valid that UpdateKnownFailing writes.
const knownDays = 90

// knownHeader begins a new file.
const knownHeader = "# Failures that are expected: ID [FINDING [PLACE]] [until=YYYY-MM-DD] # reason\n"

// UpdateKnownFailing returns the text of a file of known failures after a run, and how many lines were added and removed. The old
// text is what ParseKnownFailing has read o.Known from. A line that still holds stays as it is, with its reason; one that has
// expired gets a new last day. A line that does not occur any more is removed, unless the run selected only some checks or could
// not judge all checks that it is about. Each further failure gets a line, valid for 90 days, for all checks of its operation.
func UpdateKnownFailing(text string, r *report.Report, o Options, now time.Time) (updated string, added, removed int) {
	until := time.Date(now.Year(), now.Month(), now.Day()+knownDays, 0, 0, 0, 0, time.Local)
	holds, fresh := make([]bool, len(o.Known)), []newLine{}
	for _, c := range r.Checks {
		fresh = append(fresh, newLines(c, o.Known, holds)...)
	}
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	for i, k := range o.Known {
		switch isPart := len(o.Only)+len(o.Skip) > 0; {
		case holds[i] && k.Expired(now):
			k.Until = until
			lines[k.Line-1] = k.String()
		case !holds[i] && !isPart && wasTested(r, k):
			lines[k.Line-1] = removedLine
			removed++
		}
	}
	lines = slices.DeleteFunc(lines, func(line string) bool { return line == removedLine })
	more := []string{}
	for _, k := range atKeys(fresh) {
		k.Until, k.Reason = until, "found on "+now.Format(time.DateOnly)
		more = append(more, k.String())
	}
	slices.Sort(more)
	more = slices.Compact(more)
	if strings.TrimSpace(text) == "" {
		lines = strings.Split(strings.TrimSuffix(knownHeader, "\n"), "\n")
	}
	return strings.Join(append(lines, more...), "\n") + "\n", len(more), removed
}

// removedLine stands for a line that is removed; no line of a file is like it.
const removedLine = "\n"

// newLine is a line for a failure at a node of the document.
type newLine struct {
	KnownFailing
	node *spec.Node
}

// atKeys returns the lines, with one for all the keys of a map: places that differ in one name, and break the document at one node.
//
//	/response/body/names/en/text and /response/body/names/de/text     /response/body/names/*/text
func atKeys(fresh []newLine) []KnownFailing {
	type site struct {
		id, finding, last string
		node              *spec.Node
		depth             int
	}
	siteOf := func(l newLine) site {
		tokens := strings.Split(l.Pointer, "/")
		return site{l.ID, l.Finding, tokens[len(tokens)-1], l.node, len(tokens)}
	}
	wide := map[site][]string{}
	for _, l := range fresh {
		tokens := strings.Split(l.Pointer, "/")
		at := siteOf(l)
		if wide[at] == nil {
			wide[at] = tokens
		}
		for i, token := range wide[at] {
			if token != tokens[i] {
				wide[at][i] = "*"
			}
		}
	}
	lines := []KnownFailing{}
	for _, l := range fresh {
		place := wide[siteOf(l)]
		if isOfBody := len(place) > 3 && place[2] == "body"; isOfBody {
			l.Pointer = strings.Join(place, "/")
		}
		lines = append(lines, l.KnownFailing)
	}
	return lines
}

// newLines returns a line for each failure of a check that no old line expects, and marks the old lines that hold.
func newLines(c report.Check, old []KnownFailing, holds []bool) (list []newLine) {
	isFailing := (c.Status == report.Fail || c.Status == report.Known) && !isGate(c)
	whole := slices.IndexFunc(old, func(k KnownFailing) bool { return k.Finding == "" && k.ID == c.ID })
	if isFailing && whole >= 0 {
		holds[whole] = true
	}
	if isFailing && whole < 0 && len(c.Failures) == 0 && c.Status == report.Fail {
		list = append(list, newLine{KnownFailing{ID: c.ID}, nil})
	}
	for i, f := range slices.Concat(c.Failures, c.Warnings) {
		isExpected := whole >= 0
		for n, k := range old {
			if k.expects(c, f) {
				holds[n], isExpected = true, true
			}
		}
		if isFailing && !isExpected && i < len(c.Failures) {
			list = append(list, newLine{lineOf(c, f), f.Node})
		}
	}
	return list
}

// lineOf is the line of one failure.
func lineOf(c report.Check, f contract.Finding) KnownFailing {
	id := c.Operation
	if id == "" {
		id = c.ID
	}
	return KnownFailing{ID: id, Finding: f.ID, Pointer: folded(f.Pointer)}
}

// wasTested reports whether checks that a line is about were judged, all of them in the report.
func wasTested(r *report.Report, k KnownFailing) bool {
	some := false
	for _, c := range r.Checks {
		if k.isAbout(c) {
			if !c.Judged() {
				return false
			}
			some = true
		}
	}
	return some
}
