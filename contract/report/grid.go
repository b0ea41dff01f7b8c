package report

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// silent is the state of a cell, beside those of parts: the promise says nothing of this status.
const silent State = "says nothing"

// grid is what was seen of the promises of one operation, by status.
type grid struct {
	Operation *spec.Operation // nil: exchanges of no operation
	Anchor    string
	Columns   []*column
	Rows      []row
}

// column is a status: of the document, or answered without being there.
type column struct {
	Status   string
	Declared bool
	checks   []*pageCheck
}

// row is a promise, or without one all that plain OpenAPI and HTTP promise.
type row struct {
	Promise *pagePromise
	Cells   []*cell
}

// cell is a promise at a status, and the exchanges behind it.
type cell struct {
	*column
	State     State
	Anchor    string // of its sheet; empty: there is nothing behind it
	Operation string
	Promise   *pagePromise
	Findings  []pageFinding
	Kept      []*pageCheck
}

// grids makes a grid of each operation, and one of the exchanges of no operation if there are any.
func (p *page) grids() []grid {
	list, rules := []grid{}, []*spec.Rule{}
	for _, doc := range p.Documents {
		for _, op := range doc.Operations {
			g := grid{Operation: op, Anchor: p.anchor("grid", op.ID)}
			for _, response := range op.Responses {
				g.Columns = append(g.Columns, &column{Status: response.Status, Declared: true})
			}
			p.fill(&g, op.ID, rulesOf(doc, op))
			list = append(list, g)
		}
		rules = append(rules, rulesOf(doc, nil)...)
	}
	loose := grid{Anchor: p.anchor("grid", "no-operation")}
	if p.fill(&loose, "", rules); len(loose.Columns) > 0 {
		list = append(list, loose)
	}
	return list
}

// operationOf is the operation that a check is about, if a document knows it. A probe of another method or path is of no
// operation, but its name begins with the one that it was made from.
func (r *Report) operationOf(c Check) string {
	named := ""
	for _, doc := range r.Documents {
		for _, op := range doc.Operations {
			if op.ID == c.Operation {
				return op.ID
			}
			if strings.HasPrefix(c.ID, op.ID+"/") && len(op.ID) > len(named) {
				named = op.ID
			}
		}
	}
	return named
}

// fill puts the checks of the operation into the columns, and makes a row of each promise that is about it.
func (p *page) fill(g *grid, operation string, rules []*spec.Rule) {
	for _, c := range p.Checks {
		if c.Of == operation && c.Judged() && c.Suite != Documents {
			col := g.column(c.HTTP)
			col.checks = append(col.checks, c)
		}
	}
	promises := mapped(rules, func(rule *spec.Rule) *pagePromise { return p.promises[rule.Node] })
	for _, promise := range append([]*pagePromise{nil}, promises...) {
		name := "as-declared"
		if promise != nil {
			name = promise.Name
		}
		line, said, shown := row{Promise: promise}, false, false
		for _, col := range g.Columns {
			c := newCell(promise, col)
			c.Operation = cmp.Or(operation, "no-operation")
			said = said || c.State != NotObserved
			line.Cells = append(line.Cells, c)
		}
		for _, c := range line.Cells {
			switch {
			case c.State != NotObserved && c.State != silent:
				c.Anchor = p.anchor(c.Operation, c.Status, name)
			case c.State == NotObserved && (!g.applies(promise, c.column) || said && c.hadItsChance()):
				c.State = silent
			}
			shown = shown || c.State != silent
		}
		if shown {
			g.Rows = append(g.Rows, line)
		}
	}
}

// column finds the column of a status, and adds one for a status that the document does not know.
func (g *grid) column(status int) *column {
	key := strconv.Itoa(status)
	if status == 0 {
		key = "none" // nor can a default of the document be its column
	} else if g.Operation != nil {
		if response := g.Operation.Response(status); response != nil {
			key = response.Status
		}
	}
	for _, c := range g.Columns {
		if c.Status == key {
			return c
		}
	}
	c := &column{Status: key}
	g.Columns = append(g.Columns, c)
	return c
}

// newCell sorts the checks of a column by what they say of a promise. What is wrong with a request is no promise of the
// provider.
func newCell(promise *pagePromise, col *column) *cell {
	c := &cell{column: col, State: NotObserved, Promise: promise}
	warned := []pageFinding{}
	for _, check := range col.checks {
		about := only(check.Findings, func(f pageFinding) bool { return f.Promise == promise && !f.Request() })
		switch {
		case slices.ContainsFunc(about, func(f pageFinding) bool { return !f.Warning }):
			c.Findings = append(c.Findings, about...)
		case len(about) > 0:
			warned = append(warned, about...)
		case promise == nil || slices.Contains(check.Passed, promise.Rule):
			c.Kept = append(c.Kept, check)
		}
	}
	switch {
	case len(c.Findings) > 0:
		c.State = Broken
	case len(warned) > 0:
		c.State = Warned
	case promise == nil && !col.Declared && len(c.Kept) > 0:
		c.State = silent // nothing was declared that could be kept
	case len(c.Kept) > 0:
		c.State = Kept
	}
	c.Findings = append(c.Findings, warned...)
	return c
}

// hadItsChance says whether an answer of the status was well-formed, so that a promise without a word about it has none.
func (c *column) hadItsChance() bool {
	return slices.ContainsFunc(c.checks, func(check *pageCheck) bool { return len(check.Failures) == 0 })
}

// Text is the reason phrase of the status: Not Found. A range, default and none have none.
func (c *column) Text() string {
	code, _ := strconv.Atoi(c.Status)
	return http.StatusText(code)
}
