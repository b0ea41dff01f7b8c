package verify

import (
	"slices"
	"strings"
	"time"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/pointer"
	"github.com/quotaspec/quotaspec/contract/known"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// UpdateKnownFailing returns the text of a file of known failures after a run, and how many lines were added and removed. The old
// text is what known.Parse has read o.Known from. A line that still holds stays as it is, with its reason; one that has
// expired gets a new last day. A line that does not occur any more is removed, unless the run selected only some checks or could
// not judge all checks that it is about. Each further failure gets a line, valid for 90 days, for all checks of its operation.
func UpdateKnownFailing(text string, r *report.Report, o Options, now time.Time) (updated string, added, removed int) {
	holds, fresh := make([]bool, len(o.Known)), []newLine{}
	for _, c := range r.Checks {
		fresh = append(fresh, newLines(c, o.Known, holds)...)
	}
	isPart, fates := len(o.Only)+len(o.Skip) > 0, []known.Fate{}
	for i, k := range o.Known {
		fates = append(fates, k.FateOf(holds[i], !isPart && wasTested(r, k), now))
	}
	return known.Update(text, o.Known, fates, atKeys(fresh), now)
}

// newLine is a line for a failure at a node of the document.
type newLine struct {
	known.Line
	node *spec.Node
}

// atKeys returns the lines, with one for all the keys of a map: places that differ in one name, and break the document at one node.
//
//	/response/body/names/en/text and /response/body/names/de/text     /response/body/names/*/text
func atKeys(fresh []newLine) []known.Line {
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
	lines := []known.Line{}
	for _, l := range fresh {
		place := wide[siteOf(l)]
		if isOfBody := len(place) > 3 && place[2] == "body"; isOfBody {
			l.Pointer = strings.Join(place, "/")
		}
		lines = append(lines, l.Line)
	}
	return lines
}

// newLines returns a line for each failure of a check that no old line expects, and marks the old lines that hold.
func newLines(c report.Check, old []known.Line, holds []bool) (list []newLine) {
	isFailing := (c.Status == report.Fail || c.Status == report.Known) && !isGate(c)
	whole := slices.IndexFunc(old, func(k known.Line) bool { return k.Finding == "" && k.ID == c.ID })
	if isFailing && whole >= 0 {
		holds[whole] = true
	}
	if isFailing && whole < 0 && len(c.Failures) == 0 && c.Status == report.Fail {
		list = append(list, newLine{known.Line{ID: c.ID}, nil})
	}
	for i, f := range slices.Concat(c.Failures, c.Warnings) {
		isExpected := whole >= 0
		for n, k := range old {
			if expects(k, c, f) {
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
func lineOf(c report.Check, f contract.Finding) known.Line {
	id := c.Operation
	if id == "" {
		id = c.ID
	}
	return known.Line{ID: id, Finding: f.ID, Pointer: pointer.Folded(f.Pointer)}
}

// wasTested reports whether checks that a line is about were judged, all of them in the report.
func wasTested(r *report.Report, k known.Line) bool {
	some := false
	for _, c := range r.Checks {
		if k.IsAbout(c.ID, c.Operation) {
			if !c.Judged() {
				return false
			}
			some = true
		}
	}
	return some
}
