package twojudges

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// benchedResult is what a judge found, and how long it took.
type benchedResult struct {
	judge   benchedJudge
	process *judgeProcess // nil: not run
	found   map[string]int
	all     int
	alarms  []string
	times   []float64 // microseconds of processor time for an exchange, one for each round
}

// add counts a mutant in which the judge found something.
func (r *benchedResult) add(m benchedMutant) {
	if m.right {
		r.alarms = append(r.alarms, m.name)
		return
	}
	r.found[m.operator]++
	r.all++
}

// faultsTable has a row for each kind of mutant, and a column for each judge. A judge that was not run keeps its column of the page.
func faultsTable(t *testing.T, mutants []benchedMutant, results []*benchedResult) string {
	t.Helper()
	page, err := os.ReadFile(performancePage)
	if err != nil {
		t.Fatal(err)
	}
	_, old, _ := strings.Cut(string(page), "<!-- faults of judges -->\n")
	results = slices.DeleteFunc(slices.Clone(results), func(r *benchedResult) bool { return !r.judge.best })
	table := "| kind of mutant | mutants |"
	for _, r := range results {
		table += " " + r.judge.name
		if r.judge.module == "" {
			table += ", " + r.judge.options
		}
		table += " |"
	}
	table += "\n|" + strings.Repeat("---|", len(results)+2) + "\n"
	row := func(name, bold string, of int, found func(*benchedResult) int) {
		start := fmt.Sprintf("| %s%s%s | %d |", bold, name, bold, of)
		_, line, _ := strings.Cut(old, start)
		cells := strings.Split(line, "|")
		table += start
		for i, r := range results {
			switch {
			case r.process != nil:
				table += fmt.Sprintf(" %s%d%s |", bold, found(r), bold)
			case i < len(cells)-1:
				table += cells[i] + "|"
			default:
				table += " |"
			}
		}
		table += "\n"
	}
	operators, wrong, right := countMutants(mutants)
	for _, operator := range operators {
		row(operator, "", wrong[operator], func(r *benchedResult) int { return r.found[operator] })
	}
	row("found", "**", len(mutants)-right, func(r *benchedResult) int { return r.all })
	row("false alarms", "**", right, func(r *benchedResult) int { return len(r.alarms) })
	return table
}

// countMutants counts the wrong mutants of each operator, and the right ones of all. Operators are in the order of the mutants.
func countMutants(mutants []benchedMutant) (operators []string, wrong map[string]int, right int) {
	wrong = map[string]int{}
	for _, m := range mutants {
		if m.right {
			right++
			continue
		}
		if wrong[m.operator]++; wrong[m.operator] == 1 {
			operators = append(operators, m.operator)
		}
	}
	return operators, wrong, right
}

// takeTurns measures the judges in rounds. In each round, each judges as many of the right exchanges as it can in one turn of
// processor time, or all of them, so that other work on the machine affects all judges alike.
func takeTurns(t *testing.T, right int, results []*benchedResult) {
	t.Helper()
	const rounds, turn = 41, 100 * time.Millisecond
	measure := func(r *benchedResult, first, count int) time.Duration {
		before := processorTime(t, r.process.pid)
		if found := r.process.ask(t, first, count); len(found) > 0 {
			t.Fatalf("%s finds something wrong with right exchanges: %v", r.judge, found)
		}
		return processorTime(t, r.process.pid) - before
	}
	results = slices.DeleteFunc(slices.Clone(results), func(r *benchedResult) bool { return r.process == nil })
	counts := make([]int, len(results))
	for i, r := range results {
		for counts[i] = 16; counts[i] < right && measure(r, 0, counts[i]) < turn; {
			counts[i] = min(2*counts[i], right)
		}
	}
	for round := range rounds {
		for i, r := range results {
			first := 0
			if counts[i] < right {
				first = round * counts[i] % (right - counts[i])
			}
			took := measure(r, first, counts[i])
			r.times = append(r.times, float64(took.Nanoseconds())/1000/float64(counts[i]))
		}
	}
}

// timesTable has a row for each judge. Its ratios are medians of the ratios within a round.
func timesTable(t *testing.T, mutants []benchedMutant, results []*benchedResult) string {
	t.Helper()
	_, _, right := countMutants(mutants)
	table := fmt.Sprintf("| judge | options | CPU, µs | of ours, all rules | of ours, no rules | found of %d | false alarms in %d |\n",
		len(mutants)-right, right) + "|" + strings.Repeat("---|", 7) + "\n"
	for _, r := range results {
		table += fmt.Sprintf("| %s%s | %s | ", r.judge.name, versionOf(t, r.judge), r.judge.options)
		if r.process == nil {
			table += "not installed | | | | |\n"
			continue
		}
		table += fmt.Sprintf("%s | %s | %s | %d | %d |\n", short(median(r.times)), short(median(ratios(r.times, results[0].times))),
			short(median(ratios(r.times, results[1].times))), r.all, len(r.alarms))
	}
	return table
}

// short writes a number with two digits or more.
func short(value float64) string {
	switch {
	case value < 1:
		return fmt.Sprintf("%.2f", value)
	case value < 100:
		return fmt.Sprintf("%.1f", value)
	default:
		return fmt.Sprintf("%.0f", value)
	}
}

func ratios(times, of []float64) (list []float64) {
	for i := range times {
		list = append(list, times[i]/of[i])
	}
	return list
}

func median(values []float64) float64 { return slices.Sorted(slices.Values(values))[len(values)/2] }

// versionOf returns a space and the version of a judge that go.mod, package.json or requirements.txt pins, and "" for ours.
func versionOf(t *testing.T, j benchedJudge) string {
	t.Helper()
	if j.module == "" {
		return ""
	}
	pattern := regexp.MustCompile(`(?m)(?:^|[\s"])` + regexp.QuoteMeta(j.module) + `(?: v|": "|==)([^\s"]+)`)
	for _, file := range []string{"go.mod", "testdata/judges/package.json", "../interop/testdata/validators/openapi-core/requirements.txt"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if found := pattern.FindSubmatch(text); found != nil {
			return " " + string(found[1])
		}
	}
	t.Fatalf("no version of %s", j.module)
	return ""
}
