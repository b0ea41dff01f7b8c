package report

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// pageCheck is a check with the anchor of its sheet.
type pageCheck struct {
	Check
	Anchor   string
	Of       string // the id of its operation
	Name     string // its id without the operation
	State    State
	Findings []pageFinding
}

// pageFinding is a finding of a check.
type pageFinding struct {
	contract.Finding
	Check   *pageCheck
	Warning bool
	Promise *pagePromise // nil: it breaks no rule of a document
	Cited   []cited
}

// pagePromise is a promise with the anchor of its sheet.
type pagePromise struct {
	Part
	*spec.Rule
	Anchor   string
	Of, Name string // iam/bounds is split into "iam/" and "bounds"
	Cited    []cited
}

// pageGroup is a cause: every finding with the same id, place in the document and grade. Repetitions of one cause, in many
// checks or at many places of a body, are one group; the page shows the first three and counts them all:
//
//	schema/required  things.yaml:41  documented    17×
type pageGroup struct {
	pageFinding
	Anchor   string
	Findings []pageFinding
}

var notInAnchors = regexp.MustCompile(`[^A-Za-z0-9_-]+`)

// anchor returns an id that is unique in the page.
func (p *page) anchor(parts ...string) string {
	id := strings.Trim(notInAnchors.ReplaceAllString(strings.Join(parts, "-"), "-"), "-")
	p.ids[id]++
	if n := p.ids[id]; n > 1 {
		return p.anchor(id, fmt.Sprint(n))
	}
	return id
}

func (p *page) addPromises() {
	for _, part := range ofKind(p.Coverage(), KindPromise) {
		at := strings.LastIndexByte(part.Label, '/') + 1
		promise := &pagePromise{
			Part: part, Rule: part.Rule, Anchor: p.anchor("promise", part.Label), Of: part.Label[:at], Name: part.Label[at:],
			Cited: p.cite(part.Rule.Node, part.Rule.Evidence),
		}
		p.Promises = append(p.Promises, promise)
		p.promises[part.Rule.Node] = promise
	}
}

func (p *page) addChecks() {
	for _, c := range p.Report.Checks {
		of := p.operationOf(c)
		check := &pageCheck{
			Check: c, Anchor: p.anchor("check", c.ID), Of: of, Name: strings.TrimPrefix(c.ID, of+"/"), State: stateOf(c),
		}
		for i, d := range c.findings() {
			check.Findings = append(check.Findings, pageFinding{
				d, check, i >= len(c.Failures), p.promises[d.Node], p.cite(d.Node, d.Evidence),
			})
		}
		p.Checks = append(p.Checks, check)
	}
}

// findings groups the findings that match by cause, in the order of their first finding. Known failing checks are left out. The
// word begins the anchors.
func (p *page) findings(word string, matches func(pageFinding) bool) []pageGroup {
	groups := []pageGroup{}
	for _, c := range p.Checks {
		for _, f := range c.Findings {
			if c.Status == Known || !matches(f) {
				continue
			}
			at := slices.IndexFunc(groups, func(g pageGroup) bool {
				return g.ID == f.ID && g.Place() == f.Place() && g.Evidence.Grade == f.Evidence.Grade
			})
			if at < 0 {
				at = len(groups)
				groups = append(groups, pageGroup{pageFinding: f, Anchor: p.anchor(word, f.ID)})
			}
			groups[at].Findings = append(groups[at].Findings, f)
		}
	}
	return groups
}
