//go:build unix

package contract_test

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// exponent is the slope of the last two points in a log-log drawing: 0 if the cost stays the same, 1 if it grows as the size does.
func (s growthSeries) exponent() float64 {
	n := len(s.sizes)
	return math.Log(s.costs[n-1]/s.costs[n-2]) / math.Log(float64(s.sizes[n-1])/float64(s.sizes[n-2]))
}

// growthTable is a table in Markdown. Exponents clearly worse than linear are bold.
func growthTable(all []growthSeries) string {
	var b strings.Builder
	b.WriteString("| what grows | measured | sizes | cost | exponent at the end |\n|---|---|---|---|---|\n")
	for _, s := range all {
		sizes, costs := []string{}, []string{}
		for i, size := range s.sizes {
			sizes, costs = append(sizes, commas(strconv.Itoa(size))), append(costs, threeDigits(s.costs[i]))
		}
		exponent := s.exponent()
		isWorse := exponent > 1.15
		if s.unit != "µs" { // a rate, which should grow
			isWorse = exponent < 0.85
		}
		mark := ""
		if isWorse {
			mark = "**"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s %s | %s%.2f%[6]s |\n",
			s.grows, s.measured, strings.Join(sizes, " · "), strings.Join(costs, " · "), s.unit, mark, exponent)
	}
	return b.String()
}

// parseGrowth reads what growthTable has written.
func parseGrowth(t *testing.T, table string) (all []growthSeries) {
	t.Helper()
	numbers := func(cell string) (list []float64) {
		for text := range strings.SplitSeq(strings.ReplaceAll(cell, ",", ""), " · ") {
			number, err := strconv.ParseFloat(text, 64)
			if err != nil || number <= 0 {
				t.Fatalf("%s: the table has the number %q", growthPage, text)
			}
			list = append(list, number)
		}
		return list
	}
	lines := strings.Split(strings.TrimSpace(table), "\n")
	for _, line := range lines[min(2, len(lines)):] {
		cells := strings.Split(strings.Trim(line, "| "), " | ")
		if len(cells) != 5 {
			t.Fatalf("%s: the table has the line %q", growthPage, line)
		}
		cut := strings.LastIndex(cells[3], " ")
		s := growthSeries{grows: cells[0], measured: cells[1], unit: cells[3][cut+1:], costs: numbers(cells[3][:cut])}
		for _, size := range numbers(cells[2]) {
			s.sizes = append(s.sizes, int(size))
		}
		if len(s.sizes) < 2 || len(s.sizes) != len(s.costs) {
			t.Fatalf("%s: not a cost for each size: %q", growthPage, line)
		}
		all = append(all, s)
	}
	return all
}

// threeDigits writes a number with three significant digits.
func threeDigits(number float64) string {
	decimals := max(0, 2-int(math.Floor(math.Log10(number))))
	unit := math.Pow(10, math.Floor(math.Log10(number))-2)
	return commas(strconv.FormatFloat(math.Round(number/unit)*unit, 'f', decimals, 64))
}

// commas writes commas between the thousands of a decimal number.
func commas(text string) string {
	for i := strings.IndexByte(text+".", '.') - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// growthAxis maps numbers to pixels, by their logarithms.
type growthAxis struct {
	from, to     float64 // numbers
	start, pixel float64 // of from; for a decade
}

func newAxis(from, to, start, end float64) growthAxis {
	return growthAxis{from, to, start, (end - start) / math.Log10(to/from)}
}

func (a growthAxis) at(number float64) float64 { return a.start + a.pixel*math.Log10(number/a.from) }

const (
	panelWidth, panelHeight = 232, 220
	panelsInRow             = 4
)

var growthColours = []string{"#0969da", "#bc4c00"}

// drawGrowth draws a panel for each quantity, as SVG. Both axes are logarithmic, and a grey line starts with each curve and is
// linear. The background is white in dark themes, too.
func drawGrowth(all []growthSeries) string {
	panels := [][]growthSeries{}
	for i, s := range all {
		if i == 0 || all[i-1].grows != s.grows {
			panels = append(panels, nil)
		}
		panels[len(panels)-1] = append(panels[len(panels)-1], s)
	}
	width := panelsInRow*panelWidth + 8
	height := (len(panels)+panelsInRow)/panelsInRow*panelHeight + 4 // with a place for the key
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %[1]d %[2]d" role="img" `+
		`font-family="sans-serif" font-size="11" fill="#1f2328">`+"\n<title>Cost as work grows</title>\n"+
		`<rect width="%[1]d" height="%[2]d" fill="#ffffff"/>`+"\n", width, height)
	for i, panel := range panels {
		drawPanel(&b, panel, i%panelsInRow*panelWidth, i/panelsInRow*panelHeight)
	}
	x, y := len(panels)%panelsInRow*panelWidth+48, len(panels)/panelsInRow*panelHeight+60
	fmt.Fprintf(&b, `<path d="M%d %dh24" stroke="#8c959f" stroke-dasharray="4 3"/><text x="%d" y="%d">linear</text>`+"\n", x, y, x+32, y+4)
	fmt.Fprintf(&b, `<text x="%d" y="%d">Both axes are logarithmic.</text>`+"\n", x, y+24)
	fmt.Fprintf(&b, `<text x="%d" y="%d">Time is that of processors.</text>`+"\n", x, y+42)
	return b.String() + "</svg>\n"
}

// drawPanel draws what one quantity costs.
func drawPanel(b *strings.Builder, panel []growthSeries, left, top int) {
	first := panel[0]
	costs := []float64{}
	for _, s := range panel {
		costs = append(costs, s.costs...)
	}
	low, high := slices.Min(costs), slices.Max(costs)
	marks := marksAround(low, high)
	x := newAxis(float64(first.sizes[0]), float64(first.sizes[len(first.sizes)-1]), float64(left+52), float64(left+panelWidth-14))
	y := newAxis(marks[0], marks[len(marks)-1], float64(top+panelHeight-42), float64(top+56))

	fmt.Fprintf(b, `<text x="%d" y="%d" font-weight="bold">%s</text>`+"\n", left+12, top+20, first.grows)
	label := left + 12
	for i, s := range panel {
		fmt.Fprintf(b, `<text x="%d" y="%d" fill="%s">%s</text>`+"\n", label, top+38, growthColours[i], s.measured)
		label += 6*len(s.measured) + 8
	}
	for _, mark := range marks {
		fmt.Fprintf(b, `<path d="M%.1f %.1fH%.1f" stroke="#d8dee4"/><text x="%.1f" y="%.1f" text-anchor="end">%s</text>`+"\n",
			x.start, y.at(mark), x.at(x.to), x.start-5, y.at(mark)+4, shortCost(mark, first.unit))
	}
	for _, size := range first.sizes {
		fmt.Fprintf(b, `<path d="M%.1f %.1fv4" stroke="#57606a"/><text x="%.1[1]f" y="%.1[3]f" text-anchor="middle">%[4]s</text>`+"\n",
			x.at(float64(size)), y.start, y.start+16, shortNumber(float64(size)))
	}
	fmt.Fprintf(b, `<text x="%.1f" y="%.1f" text-anchor="middle" fill="#57606a">%s</text>`+"\n",
		(x.start+x.at(x.to))/2, y.start+31, first.grows)
	for i, s := range panel {
		// The grey line ends where the size does, or at the top.
		end := min(x.to, x.from*y.to/s.costs[0])
		fmt.Fprintf(b, `<path d="M%.1f %.1fL%.1f %.1f" stroke="#8c959f" stroke-dasharray="4 3"/>`+"\n",
			x.start, y.at(s.costs[0]), x.at(end), y.at(s.costs[0]*end/x.from))
		points := []string{}
		for j, size := range s.sizes {
			points = append(points, fmt.Sprintf("%.1f,%.1f", x.at(float64(size)), y.at(s.costs[j])))
		}
		fmt.Fprintf(b, `<polyline points="%s" fill="none" stroke="%s" stroke-width="2"/>`+"\n", strings.Join(points, " "), growthColours[i])
		for _, point := range points {
			cx, cy, _ := strings.Cut(point, ",")
			fmt.Fprintf(b, `<circle cx="%s" cy="%s" r="2.5" fill="%s"/>`+"\n", cx, cy, growthColours[i])
		}
	}
}

// marksAround returns powers of ten around two numbers, and also twice and five times these if the numbers are near each other.
func marksAround(low, high float64) (marks []float64) {
	steps := []float64{1}
	if high/low < 5 {
		steps = []float64{1, 2, 5}
	}
	for decade := math.Floor(math.Log10(low)) - 1; len(marks) == 0 || marks[len(marks)-1] < high; decade++ {
		for _, step := range steps {
			mark := step * math.Pow(10, decade)
			if len(marks) == 1 && mark <= low {
				marks = marks[:0]
			}
			if len(marks) == 0 || marks[len(marks)-1] < high {
				marks = append(marks, mark)
			}
		}
	}
	return marks
}

// shortCost writes a cost with its unit: 20 µs, 5 ms, 100k/s.
func shortCost(cost float64, unit string) string {
	switch {
	case unit != "µs":
		return shortNumber(cost) + "/s"
	case cost >= 1e6:
		return fmt.Sprintf("%g s", cost/1e6)
	case cost >= 1e3:
		return fmt.Sprintf("%g ms", cost/1e3)
	}
	return fmt.Sprintf("%g µs", cost)
}

func shortNumber(number float64) string {
	switch {
	case number >= 1e6:
		return fmt.Sprintf("%gM", number/1e6)
	case number >= 1e3:
		return fmt.Sprintf("%gk", number/1e3)
	}
	return fmt.Sprintf("%g", number)
}
