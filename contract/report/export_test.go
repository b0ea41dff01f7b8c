package report

import (
	"fmt"
	"strings"
)

// GridText draws the grids for tests: a line a row, a state a status.
func (r *Report) GridText() string {
	b := &strings.Builder{}
	for _, g := range newPage(r).Grids {
		name := "of no operation"
		if g.Operation != nil {
			name = g.Operation.ID
		}
		fmt.Fprintf(b, "%s:", name)
		for _, c := range g.Columns {
			fmt.Fprintf(b, " %s", c.Status)
			if !c.Declared {
				b.WriteByte('*')
			}
		}
		for _, row := range g.Rows {
			label := "as declared"
			if row.Promise != nil {
				label = row.Promise.ID
			}
			fmt.Fprintf(b, "\n  %s:", label)
			for _, c := range row.Cells {
				fmt.Fprintf(b, " %s", c.State.Class())
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// Aligned makes the table of causes of a text report for tests.
var Aligned = aligned
