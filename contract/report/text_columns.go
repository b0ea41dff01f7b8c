package report

import (
	"strings"

	"github.com/quotaspec/quotaspec/internal/text"
)

// The lines at the end of a text report are a table, whose columns are as wide as their longest cell:
//
//	FAIL   status/server-error  listBooks               limit  openapi.yaml:8   4 times
//	FAIL   schema/type          listBooks (and 1 more)  pages  openapi.yaml:29  10 times

const (
	widest    = 36 // characters of a column that are shown
	narrowest = 16 // of the places, in lines that are too long otherwise
	placeAt   = 4  // the column of the places
)

// aligned returns the rows as lines with aligned columns. If a line is too long, the places are cut further, so that the last
// column stays whole.
func aligned(rows [][]string) []string {
	shown, widths := columns(rows, widest)
	length := 1 + 2*(len(widths)-2) // spaces between them
	for _, width := range widths {
		length += width
	}
	if over := length - lineWidth; over > 0 && len(widths) > placeAt {
		shown, widths = columns(rows, max(widths[placeAt]-over, narrowest))
	}
	return mapped(shown, func(row []string) string {
		line := ""
		for i, cell := range row {
			line += cell + strings.Repeat(" ", widths[i]-len([]rune(cell)))
			if i == 0 {
				line += " "
			} else {
				line += "  "
			}
		}
		return strings.TrimRight(line, " ")
	})
}

// columns returns the rows with their cells shortened, places to a limit of their own, and the widths of the columns.
func columns(rows [][]string, limit int) (shown [][]string, widths []int) {
	widths = []int{6} // as in the blocks above
	for _, row := range rows {
		cells := mapped(row, func(cell string) string { return text.Shorten(text.VisibleLine(cell), widest) })
		if len(row) > placeAt {
			cells[placeAt] = text.ShortenPointer(text.VisibleLine(row[placeAt]), limit)
		}
		for i, cell := range cells {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], len([]rune(cell)))
		}
		shown = append(shown, cells)
	}
	return shown, widths
}
