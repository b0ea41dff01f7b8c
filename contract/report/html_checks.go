package report

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// pageBuilder makes the parts of the page, which point at each other by anchors.
type pageBuilder struct {
	*Report
	ids      map[string]int // anchors that are taken
	checks   []*pageCheck
	promises []*pagePromise
}

// pageCheck is a check with the anchor of its sheet.
type pageCheck struct {
	Check
	Anchor   string
	Of       string // the operation that it is about
	Name     string // without the operation, which stands above it
	State    State
	Findings []pageFinding
}

// pageFinding is a finding of a check.
type pageFinding struct {
	contract.Finding
	Check   *pageCheck
	Warning bool
	Promise *pagePromise // nil: no rule says it
	Cited   []cited
}

// pagePromise is a promise with the anchor of its sheet.
type pagePromise struct {
	*spec.Rule
	Anchor   string
	Of, Name string // iam/ and bounds
	Document string
	Place    string
	State    State
	Cited    []cited
}

// pageGroup is a promise and every exchange that broke it.
type pageGroup struct {
	pageFinding
	Anchor   string
	Findings []pageFinding
}

// pageSource is where checks came from, and the checks by operation.
type pageSource struct {
	Name       Source
	Operations []pageOperation
}

type pageOperation struct {
	Name   string
	Checks []*pageCheck
}

var notInAnchors = regexp.MustCompile(`[^A-Za-z0-9_-]+`)

// anchor makes an id of the page that nothing else has.
func (b *pageBuilder) anchor(parts ...string) string {
	id := strings.Trim(notInAnchors.ReplaceAllString(strings.Join(parts, "-"), "-"), "-")
	b.ids[id]++
	if n := b.ids[id]; n > 1 {
		return b.anchor(id, fmt.Sprint(n))
	}
	return id
}

func (b *pageBuilder) addChecks() {
	for _, c := range b.Checks {
		of := b.operationOf(c)
		b.checks = append(b.checks, &pageCheck{
			Check: c, Anchor: b.anchor("check", c.ID), Of: of, Name: strings.TrimPrefix(c.ID, of+"/"), State: stateOf(c),
		})
	}
}

func (b *pageBuilder) addPromises() {
	for _, p := range b.Coverage() {
		if p.Kind != KindPromise {
			continue
		}
		at := strings.LastIndexByte(p.Label, '/') + 1
		b.promises = append(b.promises, &pagePromise{
			Rule: p.Rule, Anchor: b.anchor("promise", p.Label), Of: p.Label[:at], Name: p.Label[at:], Document: p.Document.Name, Place: p.Place, State: p.State,
			Cited: b.cite(p.Rule.Node, p.Rule.Evidence),
		})
	}
	for _, c := range b.checks {
		for i, d := range c.findings() {
			c.Findings = append(c.Findings, pageFinding{
				Finding: d, Check: c, Warning: i >= len(c.Failures), Promise: b.promise(d.Node), Cited: b.cite(d.Node, d.Evidence),
			})
		}
	}
}

// promise finds the promise that is made at a node; nil: none is.
func (b *pageBuilder) promise(n *spec.Node) *pagePromise {
	for _, p := range b.promises {
		if p.Node == n {
			return p
		}
	}
	return nil
}

// findings sorts what failed and what is a warning by promise, in the order in which they were found.
func (b *pageBuilder) findings() (broken, warnings []pageGroup) {
	for _, c := range b.checks {
		for _, f := range c.Findings {
			switch {
			case c.Status == Known:
			case f.Warning:
				warnings = b.addFinding(warnings, "warning", f)
			default:
				broken = b.addFinding(broken, "broken", f)
			}
		}
	}
	return broken, warnings
}

func (b *pageBuilder) addFinding(groups []pageGroup, word string, f pageFinding) []pageGroup {
	for i := range groups {
		if g := &groups[i]; g.ID == f.ID && g.Place() == f.Place() && g.Evidence.Grade == f.Evidence.Grade {
			g.Findings = append(g.Findings, f)
			return groups
		}
	}
	return append(groups, pageGroup{f, b.anchor(word, f.ID), []pageFinding{f}})
}

func (b *pageBuilder) sources() []pageSource {
	list := []pageSource{}
	for _, source := range b.Report.sources() {
		s := pageSource{Name: source}
		for _, c := range b.checks {
			if c.Source != source {
				continue
			}
			if n := len(s.Operations); n == 0 || s.Operations[n-1].Name != c.Of {
				s.Operations = append(s.Operations, pageOperation{Name: c.Of})
			}
			last := &s.Operations[len(s.Operations)-1]
			last.Checks = append(last.Checks, c)
		}
		list = append(list, s)
	}
	return list
}

// More says how many findings are beyond the first few.
func (g pageGroup) More() int { return max(len(g.Findings)-shownFindings, 0) }

// shownFindings is how many exchanges of a promise are shown before the rest must be opened.
const shownFindings = 3

// First are the findings that are always shown.
func (g pageGroup) First() []pageFinding { return g.Findings[:min(len(g.Findings), shownFindings)] }

// Rest are the others.
func (g pageGroup) Rest() []pageFinding { return g.Findings[len(g.First()):] }

// SaysMore is what was wanted, where the promise's sentence is not the same.
func (f pageFinding) SaysMore() string {
	if f.Promise != nil && f.Want == f.Promise.Says {
		return ""
	}
	return f.Want
}
