package formats

import (
	"cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/breaking"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// group is what a finding means for the comparison. Each finding is in one group.
//
//	breaking, Consumer, not used by the traffic, tolerated    tolerated
//	breaking, Consumer, not used by the traffic               unused
//	breaking, Consumer                                        breaksConsumers
//	compatible, not used by the traffic                       compatible: it is harmless anyway
type group int

// The groups, in the order of the formats.
const (
	breaksConsumers group = iota
	breaksProviders
	possibly
	unused
	tolerated
	compatible
	editorial
)

// section is a group in text and Markdown. In the text, one that is not full has one line a finding, unless verbose.
type section struct {
	group       group
	head, about string
	isFull      bool
	onlyVerbose bool
}

var sections = []section{
	{
		group: breaksConsumers, head: "breaking for consumers", isFull: true,
		about: "They may get a response that they do not expect, or miss one that they know.",
	},
	{
		group: breaksProviders, head: "breaking for providers", isFull: true,
		about: "They refuse requests that were right: their senders fail.",
	},
	{
		group: possibly, head: "possibly breaking", isFull: true,
		about: "No exchange shows it, or a careful program does not mind.",
	},
	{group: unused, head: "not used by the traffic", about: "Others may break, but not the sender of this traffic."},
	{group: tolerated, head: "tolerated", about: "Listed in the file of tolerated findings."},
	{group: compatible, head: "compatible", about: "Nobody breaks.", onlyVerbose: true},
	{group: editorial, head: "editorial", about: "No promise changes.", onlyVerbose: true},
}

// finding is a finding with its group.
type finding struct {
	breaking.Finding
	group group
	known string // the reason for which it is tolerated
}

// view is a comparison as the formats show it.
type view struct {
	*breaking.Comparison
	Options
	version  breaking.Version
	findings []finding // in the order of the comparison
}

func newView(c *breaking.Comparison, o Options) *view {
	whole := breaking.Comparison{}
	if c != nil {
		whole = *c
	}
	whole.Old = cmp.Or(whole.Old, &spec.Document{})
	whole.New = cmp.Or(whole.New, &spec.Document{})
	v := &view{Comparison: &whole, Options: o, version: whole.Version()}
	v.findings = mapped(whole.Findings, v.sorted)
	return v
}

// sorted returns a finding with its group.
func (v *view) sorted(f breaking.Finding) finding {
	switch f.Level {
	case breaking.Editorial:
		return finding{Finding: f, group: editorial}
	case breaking.Compatible:
		return finding{Finding: f, group: compatible}
	}
	if v.Known != nil {
		if reason, ok := v.Known(f); ok {
			return finding{Finding: f, group: tolerated, known: reason}
		}
	}
	switch {
	case f.Unused:
		return finding{Finding: f, group: unused}
	case f.Level == breaking.PossiblyBreaking:
		return finding{Finding: f, group: possibly}
	case f.Side == contract.Provider:
		return finding{Finding: f, group: breaksProviders}
	}
	return finding{Finding: f, group: breaksConsumers}
}

// of returns the findings of a group.
func (v *view) of(g group) []finding {
	list := []finding{}
	for _, f := range v.findings {
		if f.group == g {
			list = append(list, f)
		}
	}
	return list
}

// passed is [Passed].
func (v *view) passed() bool {
	isBreaking := len(v.of(breaksConsumers))+len(v.of(breaksProviders)) > 0
	return v.Error == "" && !isBreaking && len(v.Stale) == 0 && !v.version.Unchanged
}
