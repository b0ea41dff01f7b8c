package verify

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/contract/traffic"
)

// maxGroups bounds the groups of a collector, and the rows of its misses.
const maxGroups = 1000

// Collector judges traffic as it arrives and holds only what a report needs, in memory that does not grow with the traffic. It
// groups exchanges that are alike (groups.go). Each group becomes one check, which counts its exchanges and shows the first. An
// exchange that cannot be judged belongs to no group. It is only counted, by its reason, and note lists the counts.
//
// A Collector is not safe for concurrent use, except for judge (batches.go).
type Collector struct {
	judges []*contract.Judge
	file   string // the HAR that the exchanges come from; empty: none
	groups map[string]*group
	order  []string       // keys of groups, in the order of their first exchange
	places map[string]int // groups whose requests are wrong, by the id of their check; for Pact files, those with the same words

	misses       *misses
	unknownPaths int                      // exchanges whose path no document has
	otherServers int                      // exchanges with servers of no document
	refused      map[string]*report.Check // for exchanges of operations that cannot be judged, by the operation's id
	skipped      map[traffic.Reason]int   // exchanges that cannot be judged
	ungrouped    int                      // exchanges beyond maxGroups
}

// NewCollector returns a collector for traffic of the documents of the judges.
func NewCollector(judges []*contract.Judge) *Collector { return newCollector(judges, "", &misses{}) }

// newCollector returns a collector for the traffic of a file that adds to misses what matches no path.
func newCollector(judges []*contract.Judge, file string, misses *misses) *Collector {
	c := &Collector{
		judges: judges, file: file, misses: misses, groups: map[string]*group{}, places: map[string]int{},
		refused: map[string]*report.Check{}, skipped: map[traffic.Reason]int{},
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
// there are any, the report has an error. Report fails if there was traffic and none of it matched a path of a document, or if
// a pattern of the options matches no check.
func (c *Collector) Report(o Options, dropped int64) (*report.Report, error) {
	r := newRun(c.judges, o)
	r.documents(false)
	r.addTraffic(c)
	if dropped > 0 {
		reason := fmt.Sprintf("%d exchanges came faster than they could be judged", dropped)
		r.addUnjudged(report.Check{ID: "traffic/dropped", Suite: report.Traffic}, report.Error, reason)
	}
	r.addNotChecked(c.misses)
	return r.report, cmp.Or(c.misses.err(r.report.JudgesConsumer()), r.unmatchedPatterns())
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
		explainsMore := v.miss != nearMiss || isUnknownPath(v.result) && !isUnknownPath(result)
		switch {
		case !explainsMore:
		case len(result.Findings) > 0:
			v = verdict{j, result, nearMiss}
		case v.miss != nearMiss && result.Served:
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
		c.misses.near++
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

// addTraffic adds a check for each group of the collector, and one for what was not judged.
func (r *run) addTraffic(c *Collector) {
	for _, key := range c.order {
		if g := c.groups[key]; r.selected(g.check.ID) {
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
		note = "not judged: " + note
		if c.file != "" {
			note = c.file + ": " + note
		}
		r.skipTraffic("not-judged", note)
	}
}

// skipTraffic adds a skipped check of traffic.
func (r *run) skipTraffic(name, reason string) {
	r.addUnjudged(report.Check{ID: "traffic/" + name, Suite: report.Traffic}, report.Skip, reason)
}
