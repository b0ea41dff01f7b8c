package report

import (
	"fmt"
	"regexp"
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

// pageGroup is a cause with all its findings; the page shows the first three and counts them all:
//
//	schema/required  listThings (and 2 more)  things.yaml:41  documented    17×
type pageGroup struct {
	pageFinding
	Cause    Cause
	Anchor   string
	Help     string // the address of what explains the id; empty: there is none
	Findings []pageFinding
}

// Operation is the first operation of the cause, and the number of the others; "" if it has none.
func (g pageGroup) Operation() string { return strings.TrimPrefix(g.Cause.operation(), "-") }

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
	for i, c := range p.Report.Checks {
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
		p.byCheck[&p.Report.Checks[i]] = check
	}
}

// groups converts the causes that match. Known failing checks are left out. The word begins the anchors.
func (p *page) groups(word string, matches func(Cause) bool) []pageGroup {
	list := []pageGroup{}
	at := func(f foundAt) pageFinding { return p.byCheck[f.check].Findings[f.at] }
	for _, c := range p.causes {
		if c.Findings == 0 || c.Status == Known || !matches(c) {
			continue
		}
		list = append(list, pageGroup{
			pageFinding: at(c.lead), Cause: c, Anchor: p.anchor(word, c.Finding.ID), Help: p.help(c.Finding), Findings: mapped(c.found, at),
		})
	}
	return list
}
