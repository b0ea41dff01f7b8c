package contracttest

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// verdict is what a check says about one exchange.
type verdict struct {
	judge              *contract.Judge
	result             contract.Result
	ex                 *contract.Exchange
	side               contract.Side
	test               string
	failures, warnings []contract.Finding
	errors             []string
	reason             string // if the document has no such path
}

// collection holds what exchanges have shown, for the coverage and the reports: a group for each operation, status and kind of
// findings, as the report of "quotaspec verify --har" has them. So its memory does not grow with the number of exchanges. A nil
// collection collects nothing.
type collection struct {
	mu         sync.Mutex
	side       contract.Side
	failOn     spec.Grade
	documents  []*spec.Document
	groups     map[string]*group
	order      []string
	notChecked map[report.NotChecked]int
	exchanges  int
	lines      []string // failures that came after the end of their test
}

// group is one check of the report. last is the result whose coverage was added last: most results have the same.
type group struct {
	check report.Check
	last  contract.Result
}

// maxGroups bounds a collection. Exchanges of further kinds are counted only.
const maxGroups = 1000

// use adds the documents of a check, so that one which no exchange reached counts as not observed. The report has one side:
// that of the first check.
func (all *collection) use(c *Check) {
	all.mu.Lock()
	defer all.mu.Unlock()
	if len(all.documents) == 0 {
		all.side, all.failOn = cmp.Or(c.side, contract.Both), c.failOn
	}
	for _, judge := range c.judges {
		if !slices.Contains(all.documents, judge.Document()) {
			all.documents = append(all.documents, judge.Document())
		}
	}
}

func (all *collection) addLate(line string) {
	all.mu.Lock()
	defer all.mu.Unlock()
	all.lines = append(all.lines, line)
}

// add adds an exchange.
func (all *collection) add(v verdict) {
	if all == nil {
		return
	}
	all.mu.Lock()
	defer all.mu.Unlock()
	all.exchanges++
	key := v.key()
	g := all.groups[key]
	if g == nil {
		if len(all.groups) == maxGroups {
			return
		}
		g = v.group(key)
		if all.groups == nil {
			all.groups, all.notChecked = map[string]*group{}, map[report.NotChecked]int{}
		}
		all.groups[key] = g
		all.order = append(all.order, key)
	}
	g.check.Times++
	for _, part := range v.result.NotChecked {
		all.notChecked[report.NotChecked{Part: part, Operation: v.result.Operation, Reason: "the judge does not look at it"}]++
	}
	if isFirst := g.check.Times == 1; v.result.Judged && (isFirst || !g.last.Covers(v.result)) {
		g.check.Passed = union(g.check.Passed, v.result.Passed())
		g.check.Covered = union(g.check.Covered, v.result.Covered())
		g.check.Unchecked = union(g.check.Unchecked, v.result.Unchecked())
		g.last = v.result
	}
}

func union[T comparable](list, more []T) []T {
	for _, element := range more {
		if !slices.Contains(list, element) {
			list = append(list, element)
		}
	}
	return list
}

// plainMethod matches a method that may stand in an id.
var plainMethod = regexp.MustCompile(`^[A-Za-z]{1,20}$`)

// key is the id of the check in the report: showPet/traffic=200:schema/enum.
func (v verdict) key() string {
	operation, status := v.result.Operation, fmt.Sprint(v.ex.Response.Status)
	if operation == "" {
		operation = v.judge.Document().Name
		if method := v.ex.Request.Method; plainMethod.MatchString(method) {
			status = method + "-" + status
		}
	}
	ids := map[string]bool{}
	for _, f := range v.result.Findings {
		ids[f.ID] = true
	}
	key := operation + "/traffic=" + status
	if len(ids) > 0 {
		key += ":" + strings.Join(slices.Sorted(maps.Keys(ids)), ",")
	}
	switch {
	case len(v.errors) > 0:
		key += " error"
	case v.reason != "":
		key += " unknown"
	}
	return key
}

// group makes the check of the first exchange of its kind.
func (v verdict) group(key string) *group {
	key, _, _ = strings.Cut(key, " ")
	check := report.Check{
		ID: key, Suite: report.Traffic, Operation: v.result.Operation, HTTP: v.ex.Response.Status, Status: report.Pass,
		Reason: v.reason, Failures: v.failures, Warnings: v.warnings, NearMiss: !v.result.Judged && v.reason == "",
		Repeat: "go test -run '" + pattern(v.test) + "'",
	}
	check.Request, check.Response = v.judge.Excerpt(*v.ex)
	switch {
	case len(v.failures) > 0 || v.reason != "":
		check.Status = report.Fail
	case len(v.errors) > 0:
		check.Status, check.Reason = report.Error, v.errors[0]
	}
	return &group{check: check}
}

// pattern is the value of -run for a test: ^TestPets$/^one$.
func pattern(test string) string {
	parts := strings.Split(test, "/")
	for i, part := range parts {
		parts[i] = "^" + regexp.QuoteMeta(part) + "$"
	}
	return strings.ReplaceAll(strings.Join(parts, "/"), "'", ".")
}

// report returns what was collected, with the checks in the order of their ids: tests run in any order.
func (all *collection) report() *report.Report {
	all.mu.Lock()
	defer all.mu.Unlock()
	r := &report.Report{Subject: "the exchanges of go test", Documents: all.documents, Side: all.side, FailOn: all.failOn}
	for _, key := range slices.Sorted(slices.Values(all.order)) {
		r.Add(all.groups[key].check)
	}
	for part, times := range all.notChecked {
		part.Times = times
		r.NotChecked = append(r.NotChecked, part)
	}
	slices.SortFunc(r.NotChecked, func(a, b report.NotChecked) int {
		return cmp.Or(cmp.Compare(a.Operation, b.Operation), cmp.Compare(a.Part, b.Part))
	})
	return r
}

// coverage counts the parts of the documents that exchanges had and that were checked, and names the others.
func coverage(r *report.Report) (covered, all int, missing []string) {
	observed, others := r.Observed()
	for _, part := range others {
		missing = append(missing, part.Name())
	}
	return len(observed), len(observed) + len(others), missing
}

// maxMissing is how many parts a line names that no exchange had.
const maxMissing = 10

// summary is one line: "3 exchanges covered 9 of 12 parts of openapi.yaml; not observed: createPet, createPet 201".
func (all *collection) summary() string {
	r := all.report()
	names := []string{}
	for _, doc := range r.Documents {
		names = append(names, doc.File)
	}
	covered, n, missing := coverage(r)
	line := fmt.Sprintf("%s covered %d of %d parts of %s",
		text.Count(all.exchanges, "exchange", "exchanges"), covered, n, strings.Join(names, " and "))
	if len(missing) > 0 {
		line += "; not observed: " + strings.Join(missing[:min(len(missing), maxMissing)], ", ")
	}
	if more := len(missing) - maxMissing; more > 0 {
		line += fmt.Sprintf(" and %d more", more)
	}
	return line
}
