package verify

import (
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

// maxKinds bounds how many kinds of exchanges are told apart.
const maxKinds = 1000

// Collector judges traffic as it comes and keeps of it what a report needs, however much there is: exchanges of one operation
// and status that deviate alike are one check, of which the first exchange is shown. One goroutine may use it.
type Collector struct {
	judges []*contract.Judge
	kinds  map[string]*kind
	order  []string

	misses  *misses
	unknown int                      // exchanges of a path that no document knows
	foreign int                      // exchanges with servers that are none of a document's
	refused map[string]*report.Check // stand for exchanges of operations that cannot be judged, by the operation's id
	skipped map[traffic.Reason]int   // exchanges that cannot be judged
	more    int                      // exchanges beyond the kinds that are told apart
}

// kind is a check that stands for exchanges that are alike.
type kind struct {
	check  report.Check
	result contract.Result // of the first

	kept set[*spec.Rule] // by any of them
	seen set[*spec.Node] // the same
	// parts of the document that were not checked in any of them
	notChecked set[*spec.Node]
	last       contract.Result // that was added to both

	unchecked unchecked
}

// set is a list that holds nothing twice.
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

// NewCollector makes a collector.
func NewCollector(judges []*contract.Judge) *Collector { return newCollector(judges, &misses{}) }

// newCollector makes a collector that adds to misses what matches no path.
func newCollector(judges []*contract.Judge, misses *misses) *Collector {
	c := &Collector{
		judges: judges, misses: misses, kinds: map[string]*kind{}, refused: map[string]*report.Check{},
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

// Report returns the report of what was collected, of which so many exchanges came too fast to be judged. It is an error if
// none of it matched a path of a document.
func (c *Collector) Report(o Options, dropped int64) (*report.Report, error) {
	r := newRun(c.judges, o)
	r.documents(false)
	r.conclusions(c, "")
	if dropped > 0 {
		reason := fmt.Sprintf("%d exchanges came faster than they could be judged", dropped)
		r.add(report.Check{ID: "traffic/dropped", Suite: report.Traffic}, report.Error, reason)
	}
	r.notChecked(c.misses)
	return r.report, c.misses.err()
}

// Add judges one exchange.
func (c *Collector) Add(e traffic.Entry) { c.take(e, c.judge(e)) }

// verdict is what the judges say of one exchange; the zero value if it cannot be judged.
type verdict struct {
	judge  *contract.Judge // the one whose document comes nearest
	result contract.Result // by that document
	where  where           // unless the exchange was judged
}

// judge judges an exchange and changes nothing in the collector, so that several goroutines may use it.
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
		case v.where == nearMiss:
		case len(result.Findings) > 0:
			v = verdict{j, result, nearMiss}
		case result.Served:
			v.where = unknownPath
		}
	}
	return v
}

// take keeps what a report needs of an exchange and its verdict.
func (c *Collector) take(e traffic.Entry, v verdict) {
	if e.Skip != "" {
		c.skipped[e.Skip]++
		return
	}
	if v.result.Judged {
		c.misses.matched++
		if refused := c.refused[v.result.Operation]; refused != nil {
			refused.Times++
		} else {
			c.keep(v.judge, e, v.result)
		}
		return
	}
	switch v.where {
	case nearMiss:
		c.keep(v.judge, e, v.result)
	case unknownPath:
		c.unknown++
	default:
		c.foreign++
	}
	if !c.misses.add(v.judge, e, v.where) && v.where != nearMiss {
		c.more++
	}
}

func (c *Collector) keep(judge *contract.Judge, e traffic.Entry, result contract.Result) {
	operation, status := result.Operation, strconv.Itoa(e.Exchange.Response.Status)
	if operation == "" {
		method := e.Exchange.Request.Method
		if !plainMethod.MatchString(method) {
			method = "OTHER"
		}
		operation, status = judge.Document().Name, method+"-"+status
	}
	id := operation + "/traffic=" + status
	ids := []string{}
	for _, d := range result.Findings {
		ids = append(ids, d.ID)
	}
	if len(ids) > 0 {
		slices.Sort(ids)
		id += ":" + strings.Join(slices.Compact(ids), ",")
	}
	key := id
	if len(result.Errors) > 0 {
		key += " error" // a kind of its own: an error must not hide what fails, nor be hidden by it
	}
	known := c.kinds[key]
	if known == nil {
		if len(c.kinds) == maxKinds {
			c.more++
			return
		}
		known = &kind{result: result, unchecked: unchecked{}}
		known.check = report.Check{ID: id, Suite: report.Traffic, HTTP: e.Exchange.Response.Status, NearMiss: !result.Judged}
		known.check.Request, known.check.Response = judge.Excerpt(e.Exchange)
		_, target := requestLine(known.check.Request)
		known.check.Repeat = fmt.Sprintf("entry %d: %s %s%s", e.Number, e.Exchange.Request.Method, e.Origin, target)
		c.kinds[key] = known
		c.order = append(c.order, key)
	}
	known.check.Times++
	known.notChecked.add(result.Unchecked())
	known.unchecked.add(operation, notLookedAt, 1, result.NotChecked...)
	switch unseen := e.Exchange.Unrecorded; {
	case !result.Judged:
	case unseen&contract.UnrecordedResponse != 0:
		known.unchecked.add(operation, notRecorded, 1, "response")
	case unseen&contract.UnrecordedResponseBody != 0:
		known.unchecked.add(operation, notRecorded, 1, "response body")
	}
	if known.check.Times == 1 || !known.last.Covers(result) {
		known.kept.add(result.Passed())
		known.seen.add(result.Covered())
		known.last = result
	}
}

// plainMethod is a method that an id can name: any text may have been sent as one.
var plainMethod = regexp.MustCompile(`^[A-Za-z]{0,20}$`)

// requestLine gives method and target without a secret: they stand in the first line of the request as people read it.
func requestLine(asked string) (method, target string) {
	line, _, _ := strings.Cut(asked, "\n")
	method, target, _ = strings.Cut(line, " ")
	return method, target
}

// note says in one line what was not judged, "" if everything was.
func (c *Collector) note() string {
	parts := []string{}
	add := func(n int, what string) {
		if n > 0 {
			parts = append(parts, strconv.Itoa(n)+what)
		}
	}
	add(c.unknown, " of a path that no document knows")
	add(c.foreign, " sent to other servers")
	for _, reason := range traffic.Reasons() {
		add(c.skipped[reason], ": "+string(reason))
	}
	add(c.more, " of further kinds")
	return strings.Join(parts, ", ")
}

// conclusions puts what was collected into the report, and what was not judged or only in part. The prefix names the file.
func (r *run) conclusions(c *Collector, prefix string) {
	for _, id := range c.order {
		if k := c.kinds[id]; r.wanted(id) {
			r.conclude(k.check, k.result)
			check := &r.report.Checks[len(r.report.Checks)-1]
			check.Passed, check.Covered, check.Unchecked = k.kept.list, k.seen.list, k.notChecked.list
			for part, times := range k.unchecked {
				r.unchecked[part] += times
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(c.refused)) {
		if check := c.refused[id]; check.Times > 0 && r.wanted(check.ID) {
			r.report.Add(*check)
		}
	}
	if note := c.note(); note != "" {
		r.skipTraffic("not-judged", prefix+"not judged: "+note)
	}
}

// skipTraffic adds a check of traffic that was not made.
func (r *run) skipTraffic(name, reason string) {
	r.add(report.Check{ID: "traffic/" + name, Suite: report.Traffic}, report.Skip, reason)
}
