package main

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"testing"
)

// The last lines of a text report list the causes of all findings, one a line. For a provider with several faults, each fault
// must have a line of its own, and each line a fault.

// causeLine is a line such as
//
//	FAIL   schema/type  listOrders (and 1 more)  customer  shop.yaml:160  12 times
type causeLine struct {
	text, id, operation, status string
	findings                    int
}

var causePattern = regexp.MustCompile(`(?m)^(?:FAIL|warn) {3}(\S+) {2,}(\S+)(?: \(and \d+ more\))? {2,}` +
	`(?:status (\d+)|.*?) {2,}(?:.* {2,})?(?:once|(\d+) times)$`)

// causesIn returns the causes that a text report lists.
func causesIn(out string) (causes []causeLine) {
	for _, m := range causePattern.FindAllStringSubmatch(out, -1) {
		c := causeLine{text: m[0], id: m[1], operation: m[2], status: m[3], findings: 1}
		if m[4] != "" {
			c.findings, _ = strconv.Atoi(m[4])
		}
		causes = append(causes, c)
	}
	return causes
}

// causeProblems compares the causes in a text report with the faults of the provider and the findings of the JSON report.
func (api faultyAPI) causeProblems(out string, found []reported, on ...faultKind) (problems []string) {
	lines := map[faultKind]int{}
	sum := 0
	for _, c := range causesIn(out) {
		sum += c.findings
		isOf := func(f faultKind) bool {
			return api.faults[f].isOf(reported{operation: c.operation, id: c.id, got: c.status})
		}
		faults := slices.DeleteFunc(slices.Clone(on), func(f faultKind) bool { return !isOf(f) })
		if len(faults) != 1 {
			problems = append(problems, fmt.Sprintf("a cause of %d faults %v: %s", len(faults), faults, c.text))
			continue
		}
		lines[faults[0]]++
	}
	for _, f := range on {
		if lines[f] == 0 {
			problems = append(problems, fmt.Sprintf("no cause for %s: %s", f, api.faults[f].what))
		}
	}
	if sum != len(found) {
		problems = append(problems, fmt.Sprintf("the causes have %d findings, the JSON report %d", sum, len(found)))
	}
	return problems
}

// TestCausesIn tests that the lines are read right.
func TestCausesIn(t *testing.T) {
	const report = `FAIL   listOrders/plain (probes), 3 times
       schema/type at /response/body/*/customer, 12 times

FAIL   schema/type          listOrders (and 1 more)  customer    shop.yaml:160  12 times
warn   status/undocumented  showOrder                status 410  shop.yaml:99   once
`
	got := causesIn(report)
	want := []causeLine{
		{id: "schema/type", operation: "listOrders", findings: 12},
		{id: "status/undocumented", operation: "showOrder", status: "410", findings: 1},
	}
	for i := range got {
		got[i].text = ""
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
