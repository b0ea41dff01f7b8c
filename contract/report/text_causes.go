package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/internal/text"
)

// The text of a report has less than 200 lines, whatever was found: at most maxBlocks causes are shown with an example, at most
// maxLines are listed, one a line, at most maxGroups reasons of checks that were not judged are given. If there are more than
// maxLines causes, those with the same status and id are listed in one line. What is left out is counted.
const (
	maxBlocks = 12 // of up to 7 lines
	maxLines  = 40
	maxGroups = 8 // of 3 lines
	maxIDs    = 3 // of checks in a line
)

// writeCauses writes the causes with an example of each: those of the side that is judged first.
func writeCauses(b io.Writer, r *Report, causes []Cause) {
	isOfConsumer := func(c Cause) bool { return c.Side() == contract.Consumer }
	ofConsumer := only(causes, isOfConsumer)
	others := only(causes, func(c Cause) bool { return !isOfConsumer(c) })
	left := maxBlocks
	write := func(head string, causes []Cause) {
		if len(causes) == 0 {
			return
		}
		fmt.Fprint(b, head)
		shown := examples(causes, left)
		left -= len(shown)
		for _, i := range shown {
			writeCause(b, &causes[i])
		}
		if more := len(causes) - len(shown); more > 0 {
			fmt.Fprintf(b, "\n%s without an example here: listed below, and shown with -v\n", text.Count(more, "more cause", "more causes"))
		}
	}
	if r.Side != contract.Consumer {
		write("", others)
		write(consumerHead, ofConsumer)
		return
	}
	write(consumerHead, ofConsumer)
	if len(ofConsumer) > 0 {
		write(providerHead, others)
	} else {
		write("", others)
	}
}

// examples returns the indexes of the causes to show, limit at most, in their order: the first cause of each status and id, and
// then others, so that many causes of one kind do not hide the other kinds.
func examples(causes []Cause, limit int) []int {
	type kind struct {
		status Status
		id     string
	}
	first, others, seen := []int{}, []int{}, map[kind]bool{}
	for i, c := range causes {
		if k := (kind{c.Status, c.Finding.ID}); !seen[k] {
			seen[k] = true
			first = append(first, i)
		} else {
			others = append(others, i)
		}
	}
	shown := slices.Concat(first, others)
	shown = shown[:min(limit, len(shown))]
	slices.Sort(shown)
	return shown
}

// writeCause writes a cause with its first check.
func writeCause(b io.Writer, c *Cause) {
	fmt.Fprintln(b)
	more := timesOf(*c.Example)
	if c.Checks > 1 {
		more = " and " + text.Count(c.Checks-1, "more check", "more checks")
	}
	if len(c.Operations) > 1 {
		more += ", of " + andMore(c.Operations)
	}
	writeLine(b, "%-6s %s (%s)%s", textWords[c.Status], c.Example.ID, c.Example.Suite, more)
	if c.Reason != "" {
		writeReason(b, c.Reason)
	}
	if c.Findings == 0 {
		writeRepeat(b, *c.Example)
		return
	}
	warning, at := "", c.Pointer
	if c.Status == Warn {
		warning = "warning: "
	}
	if c.Findings > 1 {
		at = fmt.Sprintf("%s, %d times", text.Shorten(at, lineWidth/2), c.Findings)
	}
	writeFinding(b, warning, c.Finding, at)
	writeRepeat(b, *c.Example)
}

// andMore returns "a", "a and b", or "a, b and 3 more".
func andMore(list []string) string {
	switch n := len(list); n {
	case 1:
		return list[0]
	case 2:
		return list[0] + " and " + list[1]
	case 3:
		return strings.Join(list[:2], ", ") + " and " + list[2]
	default:
		return fmt.Sprintf("%s and %d more", strings.Join(list[:2], ", "), n-2)
	}
}

// writeGroups writes the checks of a status that were not judged, those with one reason together: the first ids, how many more
// there are, and the reason.
func writeGroups(b io.Writer, r *Report, status Status) {
	groups, rest := groupsOfReasons(r, status), 0
	for i, g := range groups {
		checks := g.List
		if i >= maxGroups {
			rest += len(checks)
			continue
		}
		fmt.Fprintln(b)
		shown := mapped(checks[:min(maxIDs, len(checks))], func(c Check) string { return c.ID })
		more := ""
		if of := suitesOf(checks); len(of) == 1 {
			more = fmt.Sprintf(" (%s)", of[0])
		}
		if len(checks) == 1 {
			more += timesOf(checks[0])
		}
		if n := len(checks) - len(shown); n > 0 {
			more += fmt.Sprintf(" and %d more", n)
		}
		writeLine(b, "%-6s %s%s", textWords[status], strings.Join(shown, ", "), more)
		writeReason(b, g.Name)
	}
	if rest > 0 {
		fmt.Fprintf(b, "\n%-6s %s for %d other reasons: -v lists all\n",
			textWords[status], text.Count(rest, "more check", "more checks"), len(groups)-maxGroups)
	}
}

// groupsOfReasons groups the checks of a status by their reason, in the order of the first of each.
func groupsOfReasons(r *Report, status Status) []group[Check] {
	groups, at := []group[Check]{}, map[string]int{}
	for _, c := range r.Checks {
		if c.Status != status {
			continue
		}
		i, isKnown := at[c.Reason]
		if !isKnown {
			i = len(groups)
			at[c.Reason] = i
			groups = append(groups, group[Check]{Name: c.Reason})
		}
		groups[i].List = append(groups[i].List, c)
	}
	return groups
}

// writeSummary lists the causes, one a line, and after failures says where to read what the ids mean:
//
//	FAIL   schema/type     listThings (and 2 more)  size    things.yaml:16  3 times
//	warn   header/missing  showThing                etag    things.yaml:31  once
func writeSummary(b io.Writer, causes []Cause) {
	if len(causes) == 0 {
		return
	}
	fmt.Fprintln(b)
	rows := mapped(causes, func(c Cause) []string { return c.row() })
	if len(rows) > maxLines {
		rows = rowsByID(causes)
	}
	more := max(len(rows)-maxLines, 0)
	rows = rows[:len(rows)-more]
	for _, line := range aligned(rows) {
		writeLine(b, "%s", line)
	}
	if more > 0 {
		fmt.Fprintf(b, "%d more ids of causes: the JSON report lists all\n", more)
	}
	if slices.ContainsFunc(causes, func(c Cause) bool { return c.Status == Fail }) {
		fmt.Fprintf(b, "what an id means: %s\n", FindingsPage)
	}
}

// row returns the columns of the line of a cause.
func (c *Cause) row() []string {
	return []string{
		textWords[c.Status], summaryID(c), c.operation(), c.Subject(), c.Place(), c.times(),
	}
}

// operation is the first operation of a cause, and the number of the others.
func (c *Cause) operation() string {
	switch n := len(c.Operations); n {
	case 0:
		return "-"
	case 1:
		return c.Operations[0]
	default:
		return fmt.Sprintf("%s (and %d more)", c.Operations[0], n-1)
	}
}

// times says how often a cause was found: in findings, or in failed checks if there are none.
func (c *Cause) times() string {
	n := max(c.Findings, 1)
	if c.Findings == 0 {
		n = c.Checks
	}
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// summaryID is the id of the findings of a cause. Checks that failed without a finding are listed as known failing, except those
// of no operation, such as coverage, which have a reason of their own.
func summaryID(c *Cause) string {
	switch {
	case c.Findings > 0:
		return c.Finding.ID
	case len(c.Operations) == 0:
		return c.Example.ID
	}
	return "known failing, but passes"
}

// rowsByID returns a line for each status and id.
func rowsByID(causes []Cause) [][]string {
	type key struct {
		status Status
		id     string
	}
	rows, at, all := [][]string{}, map[key]int{}, []Cause{}
	places := []int{}
	for _, c := range causes {
		k := key{c.Status, c.Finding.ID}
		i, isKnown := at[k]
		if !isKnown {
			i = len(all)
			at[k] = i
			c.Operations = append([]string{}, c.Operations...)
			all, places = append(all, c), append(places, 1)
			continue
		}
		places[i]++
		all[i].Findings += c.Findings
		all[i].Operations = merged(all[i].Operations, c.Operations)
	}
	for i, c := range all {
		row := c.row()
		if places[i] > 1 {
			row[3], row[4] = "", fmt.Sprintf("%d causes", places[i])
		}
		rows = append(rows, row)
	}
	return rows
}

// merged returns a list with the elements of another one that it does not have.
func merged(list, other []string) []string {
	has := map[string]bool{}
	for _, v := range list {
		has[v] = true
	}
	return append(list, only(other, func(v string) bool { return !has[v] })...)
}
