package main

import (
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/quotaspec/quotaspec/contract/breaking"
	"github.com/quotaspec/quotaspec/contract/known"
)

// A line of the file of known failures tolerates findings of a comparison:
//
//	listPets/200 enum/added /response/body/*/kind # agreed with the app team     one change
//	listPets/200 enum/added # agreed with the app team                           wherever it is
//	listPets until=2026-12-31 # nobody calls it any more                         all changes of the operation
//
// A line holds as long as there is a finding above compatible that it is about, also one that the traffic does not use. One
// that does not hold fails the comparison, since it would hide a later change.

// applyKnown returns a function with the reason why a finding is tolerated, and the lines that are about none. With
// --write-known-failing it writes the file, and then there are no such lines.
func (b *comparison) applyKnown(cmd *cobra.Command, c *breaking.Comparison) (
	reason func(breaking.Finding) (string, bool), stale []string, err error,
) {
	now := time.Now()
	active := slices.DeleteFunc(slices.Clone(b.known.Lines), func(l known.Line) bool { return l.Expired(now) })
	reason = func(f breaking.Finding) (string, bool) {
		i := slices.IndexFunc(active, func(l known.Line) bool { return tolerates(l, f) })
		if i < 0 {
			return "", false
		}
		return active[i].Reason, true
	}
	if b.known.Write != "" {
		return reason, nil, b.updateKnown(cmd, c, now)
	}
	for _, l := range active {
		if !holds(l, c) {
			stale = append(stale, l.Place+" "+l.What())
		}
	}
	return reason, stale, nil
}

// tolerates reports whether a line is about a finding: about its check or another one with the same change, or about the
// operation of one of them.
func tolerates(l known.Line, f breaking.Finding) bool {
	isAbout := l.ID == f.Operation()
	for _, check := range append([]string{f.Check}, f.Also...) {
		isAbout = isAbout || l.ID == check || l.ID == check[:max(0, strings.LastIndexByte(check, '/'))]
	}
	return isAbout && (l.Finding == "" || l.Expects(f.ID, f.Pointer))
}

// holds reports whether a line is still needed.
func holds(l known.Line, c *breaking.Comparison) bool {
	isFor := func(f breaking.Finding) bool { return f.Level > breaking.Compatible && tolerates(l, f) }
	return slices.ContainsFunc(c.Findings, isFor)
}

// updateKnown writes the file of --write-known-failing: a line for each breaking finding that none is about.
func (b *comparison) updateKnown(cmd *cobra.Command, c *breaking.Comparison, now time.Time) error {
	fates, fresh := []known.Fate{}, []known.Line{}
	for _, l := range b.known.Lines {
		fates = append(fates, l.FateOf(holds(l, c), true, now))
	}
	for _, f := range c.Of(breaking.Breaking) {
		isKnown := slices.ContainsFunc(b.known.Lines, func(l known.Line) bool { return tolerates(l, f) })
		if !isKnown && !f.Unused {
			fresh = append(fresh, known.Line{ID: f.Operation(), Finding: f.ID, Pointer: f.Pointer})
		}
	}
	lines, added, removed := known.Update(b.known.Text, b.known.Lines, fates, fresh, now)
	return b.known.Replace(cmd, lines, added, removed)
}
