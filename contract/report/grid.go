package report

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// silent is the state of a cell, beside those of parts: the promise says nothing of this status.
const silent State = "says nothing"

// grid is what was seen of the promises of one operation, by status.
type grid struct {
	Operation *spec.Operation // nil: exchanges of no operation
	Columns   []column
	Rows      []row
}

// column is a status: of the document, or answered without being there.
type column struct {
	Status   string
	Text     string // Not Found
	Declared bool
	checks   []int
}

// row is a promise, or without a rule all that plain OpenAPI and HTTP promise.
type row struct {
	Rule  *spec.Rule
	Cells []cell
}

// cell is a promise at a status: its state, and the checks behind it by their index in the report.
type cell struct {
	State   State
	Broken  []int
	Warned  []int
	Kept    []int
	applies bool
}

// grids makes a grid of each operation, and one of the exchanges of no operation if there are any.
func (r *Report) grids() []grid {
	byOperation := r.byOperation()
	list := []grid{}
	for _, doc := range r.Documents {
		for _, op := range doc.Operations {
			g := grid{Operation: op}
			for _, response := range op.Responses {
				g.Columns = append(g.Columns, column{Status: response.Status, Text: statusText(response.Status), Declared: true})
			}
			r.fill(&g, byOperation[op.ID], rulesOf(doc, op))
			list = append(list, g)
		}
	}
	if loose := byOperation[""]; len(loose) > 0 {
		g, rules := grid{}, []*spec.Rule{}
		for _, doc := range r.Documents {
			rules = append(rules, rulesOf(doc, nil)...)
		}
		r.fill(&g, loose, rules)
		list = append(list, g)
	}
	return list
}

// byOperation sorts what was judged by operation.
func (r *Report) byOperation() map[string][]int {
	sorted := map[string][]int{}
	for i, c := range r.Checks {
		if c.Judged() && c.Source != Documents {
			id := r.operationOf(c)
			sorted[id] = append(sorted[id], i)
		}
	}
	return sorted
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

// fill puts the checks into the columns, and makes a row of each promise that is about the operation.
func (r *Report) fill(g *grid, checks []int, rules []*spec.Rule) {
	for _, i := range checks {
		at := g.column(r.Checks[i].HTTP)
		g.Columns[at].checks = append(g.Columns[at].checks, i)
	}
	for _, rule := range slices.Concat([]*spec.Rule{nil}, rules) {
		line, said := row{Rule: rule}, false
		for _, col := range g.Columns {
			c := r.cell(rule, col)
			c.applies = g.applies(rule, col)
			if rule == nil && !col.Declared && c.State == Kept {
				c.State = silent // nothing was declared that could be kept
			}
			said = said || c.State != NeverSeen
			line.Cells = append(line.Cells, c)
		}
		for i := range line.Cells {
			if line.Cells[i].State == NeverSeen && (!line.Cells[i].applies || said && r.hadItsChance(g.Columns[i])) {
				line.Cells[i].State = silent
			}
		}
		if slices.ContainsFunc(line.Cells, func(c cell) bool { return c.State != silent }) {
			g.Rows = append(g.Rows, line)
		}
	}
}

// column finds the column of a status, and adds one for a status that the document does not know.
func (g *grid) column(status int) int {
	key := strconv.Itoa(status)
	if status == 0 {
		key = "none" // nor can a default of the document be its column
	} else if g.Operation != nil {
		if response := g.Operation.Response(status); response != nil {
			key = response.Status
		}
	}
	for i, c := range g.Columns {
		if c.Status == key {
			return i
		}
	}
	g.Columns = append(g.Columns, column{Status: key, Text: statusText(key)})
	return len(g.Columns) - 1
}

// cell sorts the checks of a column by what they say of a promise.
func (r *Report) cell(rule *spec.Rule, col column) cell {
	c := cell{State: NeverSeen}
	for _, i := range col.checks {
		about := func(d contract.Finding) bool { return r.about(rule, d) }
		check := r.Checks[i]
		switch {
		case slices.ContainsFunc(check.Failures, about):
			c.Broken = append(c.Broken, i)
		case slices.ContainsFunc(check.Warnings, about):
			c.Warned = append(c.Warned, i)
		case rule == nil || slices.Contains(check.Kept, rule):
			c.Kept = append(c.Kept, i)
		}
	}
	switch {
	case len(c.Broken) > 0:
		c.State = Broken
	case len(c.Warned) > 0:
		c.State = Warned
	case len(c.Kept) > 0:
		c.State = Kept
	}
	return c
}

// about says whether a finding breaks the promise; no rule stands for all that no rule says. What is wrong with a request
// is no promise of the provider.
func (r *Report) about(rule *spec.Rule, d contract.Finding) bool {
	if d.Request() {
		return false
	}
	if rule != nil {
		return d.Node == rule.Node
	}
	return !slices.ContainsFunc(r.Documents, func(doc *spec.Document) bool {
		return slices.ContainsFunc(doc.Rules, func(known *spec.Rule) bool { return known.Node == d.Node })
	})
}

// hadItsChance says whether an answer of the status was well-formed, so that a promise without a word about it has none.
func (r *Report) hadItsChance(col column) bool {
	return slices.ContainsFunc(col.checks, func(i int) bool { return len(r.Checks[i].Failures) == 0 })
}

// statusText is the reason phrase of a status; a range, default and none have none.
func statusText(status string) string {
	code, _ := strconv.Atoi(status)
	return http.StatusText(code)
}
