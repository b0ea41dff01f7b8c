package report

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// silent is a state that only cells have: the promise says nothing about this status.
const silent State = "says nothing"

// grid shows the promises of one operation by status, as the HTML page draws it. Each row is a promise, each column a status,
// each cell a state with the exchanges behind it:
//
//	                     200       404       default
//	as declared          kept      broken    not observed
//	showThing/own-thing  kept      silent    not observed
//
// A cell is kept if a check of that status passed the promise, and broken or warned if one has a finding for it. Without either
// it is open (not observed) or silent. It is silent if the document says that the promise cannot apply there (grid_rules.go),
// or if a well-formed response of the status had its chance and no finding or pass came of it.
type grid struct {
	Operation *spec.Operation // nil: the grid of exchanges of no operation
	Anchor    string
	Columns   []*column
	Rows      []row
}

// column is a status: of the document, or of a response that the document does not declare.
type column struct {
	Status   string
	Declared bool
	checks   []*pageCheck
}

// row is a promise. Without one, it is everything that plain OpenAPI and HTTP promise.
type row struct {
	Promise *pagePromise
	Cells   []*cell
}

// cell is a promise at a status.
type cell struct {
	*column
	State     State
	Anchor    string // of its sheet; empty: no exchange is behind it
	Operation string
	Promise   *pagePromise
	Findings  []pageFinding
	Passed    []*pageCheck
}

// grids returns the grid of each operation, and one for exchanges of no operation if there are any.
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

// operationOf returns the id of the operation that a check is about; "" if there is none. A probe of another method or path has
// no operation, but its id begins with the operation that it was derived from.
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

// fill sorts the checks of the operation into columns, and adds a row for each promise with a cell that is not silent.
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
		line, observed, shown := row{Promise: promise}, false, false
		for _, col := range g.Columns {
			c := newCell(promise, col)
			c.Operation = cmp.Or(operation, "no-operation")
			observed = observed || c.State != NotObserved
			line.Cells = append(line.Cells, c)
		}
		for _, c := range line.Cells {
			switch {
			case c.State != NotObserved && c.State != silent:
				c.Anchor = p.anchor(c.Operation, c.Status, name)
			case c.State == NotObserved && !g.applies(promise, c.column), c.State == NotObserved && observed && p.isWellFormed(c.column):
				c.State = silent
			}
			shown = shown || c.State != silent
		}
		if shown {
			g.Rows = append(g.Rows, line)
		}
	}
}

// column returns the column of a status, and adds one for a status that the document does not declare.
func (g *grid) column(status int) *column {
	key := strconv.Itoa(status)
	if status == 0 {
		key = "none" // a default response does not match it
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

// newCell returns the cell of a promise in a column. Findings about requests are left out, because the promises are the
// provider's.
func newCell(promise *pagePromise, col *column) *cell {
	c := &cell{column: col, State: NotObserved, Promise: promise}
	warned := []pageFinding{}
	for _, check := range col.checks {
		about := only(check.Findings, func(f pageFinding) bool { return f.Promise == promise && f.Side() != contract.Consumer })
		switch {
		case slices.ContainsFunc(about, func(f pageFinding) bool { return !f.Warning }):
			c.Findings = append(c.Findings, about...)
		case len(about) > 0:
			warned = append(warned, about...)
		case promise == nil || slices.Contains(check.Passed, promise.Rule):
			c.Passed = append(c.Passed, check)
		}
	}
	switch {
	case len(c.Findings) > 0:
		c.State = Broken
	case len(warned) > 0:
		c.State = Warned
	case promise == nil && !col.Declared && len(c.Passed) > 0:
		c.State = silent // the document declares nothing that could be kept
	case len(c.Passed) > 0:
		c.State = Kept
	}
	c.Findings = append(c.Findings, warned...)
	return c
}

// isWellFormed reports whether a response of the status had no finding that fails a provider, so that every promise about it
// was judged.
func (p *page) isWellFormed(c *column) bool {
	return slices.ContainsFunc(c.checks, func(check *pageCheck) bool {
		return !slices.ContainsFunc(check.findings(), func(f contract.Finding) bool { return f.Fails(contract.Provider, p.FailOn) })
	})
}

// Text is the reason phrase of the status, such as "Not Found". It is empty for a range, default and none.
func (c *column) Text() string {
	code, _ := strconv.Atoi(c.Status)
	return http.StatusText(code)
}
