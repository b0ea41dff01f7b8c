package verify

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/contract/traffic"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// maxGroups bounds the groups of a collector, and the rows of its misses.
const maxGroups = 1000

// Collector judges traffic as it arrives and holds only what a report needs, in memory that does not grow with the traffic. It
// groups exchanges with the same operation, status and findings. Each group becomes one check, which counts its exchanges and
// shows the first one. The key of a group is the id of its check:
//
//	listThings/traffic=200                    3 exchanges without findings
//	listThings/traffic=200:schema/enum        2 exchanges with this finding, wherever in the body
//	things/traffic=GET-404                    1 exchange of no operation
//
// Exchanges with errors are a group of their own, because an error must not hide a failure, nor a failure an error. An exchange
// that cannot be judged belongs to no group. It is only counted, by its reason, and note lists the counts.
//
// A Collector is not safe for concurrent use, except for judge (batches.go).
type Collector struct {
	judges []*contract.Judge
	groups map[string]*group
	order  []string // keys of groups, in the order of their first exchange

	misses       *misses
	unknownPaths int                      // exchanges whose path no document has
	otherServers int                      // exchanges with servers of no document
	refused      map[string]*report.Check // for exchanges of operations that cannot be judged, by the operation's id
	skipped      map[traffic.Reason]int   // exchanges that cannot be judged
	ungrouped    int                      // exchanges beyond maxGroups
}

// group is a check that stands for several exchanges.
type group struct {
	check  report.Check
	result contract.Result // of the first exchange

	passed     set[*spec.Rule] // in any exchange, as are covered and unchecked
	covered    set[*spec.Node]
	unchecked  set[*spec.Node]
	last       contract.Result // the last one added to passed and covered: most results cover the same
	notChecked partCounts
}

// set is a list without duplicates, in the order of insertion.
type set[T comparable] struct {
	list []T
	has  map[T]bool
}

func (s *set[T]) add(more []T) {
	if s.has == nil {
		s.has = map[T]bool{}
	}
	for _, element := range more {
		if !s.has[element] {
			s.has[element] = true
			s.list = append(s.list, element)
		}
	}
}

// NewCollector returns a collector for traffic of the documents of the judges.
func NewCollector(judges []*contract.Judge) *Collector { return newCollector(judges, &misses{}) }

// newCollector returns a collector that adds to misses what matches no path.
func newCollector(judges []*contract.Judge, misses *misses) *Collector {
	c := &Collector{
		judges: judges, misses: misses, groups: map[string]*group{}, refused: map[string]*report.Check{},
		skipped: map[traffic.Reason]int{},
	}
	for _, judge := range judges {
		for _, op := range judge.Document().Operations {
			if op.Refused != nil {
				c.refused[op.ID] = &report.Check{
					ID: op.ID + "/traffic", Suite: report.Traffic, Operation: op.ID, Status: report.Skip, Reason: op.Refused.String(),
				}
			}
		}
	}
	return c
}

// Report returns the report of the collected traffic. Dropped is the number of exchanges that arrived too fast to be judged; if
// there are any, the report has an error. Report fails if there was traffic and none of it matched a path of a document.
func (c *Collector) Report(o Options, dropped int64) (*report.Report, error) {
	r := newRun(c.judges, o)
	r.documents(false)
	r.addTraffic(c, "")
	if dropped > 0 {
		reason := fmt.Sprintf("%d exchanges came faster than they could be judged", dropped)
		r.addUnjudged(report.Check{ID: "traffic/dropped", Suite: report.Traffic}, report.Error, reason)
	}
	r.addNotChecked(c.misses)
	return r.report, c.misses.err()
}

// Add judges one exchange.
func (c *Collector) Add(e traffic.Entry) { c.collect(e, c.judge(e)) }

// verdict is the result of the judge whose document is nearest to the exchange. It is the zero value for an exchange that
// cannot be judged.
type verdict struct {
	judge  *contract.Judge
	result contract.Result
	miss   missKind // if the exchange was not judged
}

// judge returns the verdict of the first judge that knows the path, else of the first with a near miss. It does not change the
// collector, so that several goroutines may call it.
func (c *Collector) judge(e traffic.Entry) verdict {
	if e.Skip != "" {
		return verdict{}
	}
	v := verdict{judge: c.judges[0]}
	for _, j := range c.judges {
		result := j.Check(e.Exchange)
		if result.Judged {
			return verdict{judge: j, result: result}
		}
		switch {
		case v.miss == nearMiss:
		case len(result.Findings) > 0:
			v = verdict{j, result, nearMiss}
		case result.Served:
			v.miss = unknownPath
		}
	}
	return v
}

// collect adds an exchange and its verdict.
func (c *Collector) collect(e traffic.Entry, v verdict) {
	if e.Skip != "" {
		c.skipped[e.Skip]++
		return
	}
	if v.result.Judged {
		c.misses.matched++
		if refused := c.refused[v.result.Operation]; refused != nil {
			refused.Times++
		} else {
			c.addToGroup(v.judge, e, v.result)
		}
		return
	}
	switch v.miss {
	case nearMiss:
		c.addToGroup(v.judge, e, v.result)
	case unknownPath:
		c.unknownPaths++
	default:
		c.otherServers++
	}
	if !c.misses.add(v.judge, e, v.miss) && v.miss != nearMiss {
		c.ungrouped++
	}
}

func (c *Collector) addToGroup(judge *contract.Judge, e traffic.Entry, result contract.Result) {
	if !result.Judged { // the result has the exchange for its error, and a group must not hold the bodies
		result = contract.Result{
			Served: result.Served, Operation: result.Operation,
			Findings: result.Findings, More: result.More, NotChecked: result.NotChecked,
		}
	}
	operation := cmp.Or(result.Operation, judge.Document().Name)
	id := checkID(operation, e, result)
	key := id
	if len(result.Errors) > 0 {
		key += " error"
	}
	g := c.groups[key]
	if g == nil {
		if len(c.groups) == maxGroups {
			c.ungrouped++
			return
		}
		g = &group{result: result, notChecked: partCounts{}}
		g.check = report.Check{ID: id, Suite: report.Traffic, HTTP: e.Exchange.Response.Status, NearMiss: !result.Judged}
		g.check.Request, g.check.Response = judge.Excerpt(e.Exchange)
		_, target := requestLine(g.check.Request)
		g.check.Repeat = fmt.Sprintf("entry %d: %s %s%s", e.Number, e.Exchange.Request.Method, e.Origin, target)
		c.groups[key] = g
		c.order = append(c.order, key)
	}
	g.check.Times++
	g.unchecked.add(result.Unchecked())
	g.notChecked.add(operation, notLookedAt, 1, result.NotChecked...)
	switch unrecorded := e.Exchange.Unrecorded; {
	case !result.Judged:
	case unrecorded&contract.UnrecordedResponse != 0:
		g.notChecked.add(operation, notRecorded, 1, "response")
	case unrecorded&contract.UnrecordedResponseBody != 0:
		g.notChecked.add(operation, notRecorded, 1, "response body")
	}
	if g.check.Times == 1 || !g.last.Covers(result) {
		g.passed.add(result.Passed())
		g.covered.add(result.Covered())
		g.last = result
	}
}

// plainMethod matches methods that may stand in an id. A request can have any text as its method.
var plainMethod = regexp.MustCompile(`^[A-Za-z]{0,20}$`)

// checkID returns the id of the check of an exchange: operation, status and the ids of its findings, each once. For an exchange
// of no operation, operation is the name of the document, and the method comes before the status.
func checkID(operation string, e traffic.Entry, result contract.Result) string {
	status := strconv.Itoa(e.Exchange.Response.Status)
	switch method := e.Exchange.Request.Method; {
	case result.Operation != "":
	case plainMethod.MatchString(method):
		status = method + "-" + status
	default:
		status = "OTHER-" + status
	}
	id := operation + "/traffic=" + status
	var found set[string]
	for _, f := range result.Findings {
		found.add([]string{f.ID})
	}
	if len(found.list) > 0 {
		id += ":" + strings.Join(slices.Sorted(slices.Values(found.list)), ",")
	}
	return id
}

// requestLine returns method and target of an excerpt, in which secrets are already replaced.
func requestLine(excerpt string) (method, target string) {
	line, _, _ := strings.Cut(excerpt, "\n")
	method, target, _ = strings.Cut(line, " ")
	return method, target
}

// note lists in one line how many exchanges were not judged, by reason; "" if all were judged.
func (c *Collector) note() string {
	parts := []string{}
	add := func(n int, reason string) {
		if n > 0 {
			parts = append(parts, strconv.Itoa(n)+reason)
		}
	}
	add(c.unknownPaths, " of a path that no document knows")
	add(c.otherServers, " sent to other servers")
	for _, reason := range traffic.Reasons() {
		add(c.skipped[reason], ": "+string(reason))
	}
	add(c.ungrouped, " of further kinds")
	return strings.Join(parts, ", ")
}

// addTraffic adds a check for each group of the collector, and one for what was not judged. The prefix names the file.
func (r *run) addTraffic(c *Collector, prefix string) {
	for _, key := range c.order {
		if g := c.groups[key]; r.selected(key) {
			r.addResult(g.check, g.result)
			check := &r.report.Checks[len(r.report.Checks)-1]
			check.Passed, check.Covered, check.Unchecked = g.passed.list, g.covered.list, g.unchecked.list
			for part, times := range g.notChecked {
				r.notChecked[part] += times
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(c.refused)) {
		if check := c.refused[id]; check.Times > 0 && r.selected(check.ID) {
			r.report.Add(*check)
		}
	}
	if note := c.note(); note != "" {
		r.skipTraffic("not-judged", prefix+"not judged: "+note)
	}
}

// skipTraffic adds a skipped check of traffic.
func (r *run) skipTraffic(name, reason string) {
	r.addUnjudged(report.Check{ID: "traffic/" + name, Suite: report.Traffic}, report.Skip, reason)
}
