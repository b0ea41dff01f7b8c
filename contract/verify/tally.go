package verify

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/contract/traffic"
	"github.com/quotaspec/quotaspec/internal/text"
)

// Tally is what traffic has shown: exchanges are judged as they arrive, and the tally holds only what a report needs, in memory
// that does not grow with the traffic. It groups exchanges that are alike (groups.go). Each group becomes one check, which
// counts its exchanges and shows the first. An exchange that cannot be judged is only counted, by its file and reason.
//
// Tallies can be merged, and the result depends only on the exchanges: neither on their order nor on how they were split. So
// several processes may each judge a part of the traffic and send their tallies, as JSON, to one that merges them:
//
//	a.Merge(b)    the same as    b.Merge(a)    and as one tally of all exchanges
//
// What a bound drops is chosen by its key for the same reason, not by its arrival (bound.go).
//
// A Tally is not safe for concurrent use, except for judge (batches.go).
type Tally struct {
	// Allow is no finding. Set it before the first exchange.
	Allow Allow

	judges    []*contract.Judge
	bounds    bounds
	groups    map[groupKey]*group
	places    map[checkKey][]string // of the groups of a check, in their order, without the one of all further places
	largest   *group                // the one to drop next; nil: not known
	pacts     map[pactKey]*group    // interactions of Pact files
	misses    misses
	isRefused map[string]bool         // operations that cannot be judged, by their ids
	refused   map[string]int          // exchanges of operations that cannot be judged, by the operation's id
	files     map[string]*fileSummary // what was not judged; "" for a proxy
	ungrouped int                     // exchanges of groups and rows beyond the bounds

	named       int    // files, without furtherFiles
	largestFile string // the one to drop next; "": not known
}

// bounds limit a tally. Tallies that are merged must have the same ones.
type bounds struct {
	groups int // and rows of misses, and files
	places int // groups of a check, by the places of findings about requests; further places share one more group
}

// maxGroups bounds the groups of a tally, the rows of its misses, and its files.
const maxGroups = 1000

// maxPlaces is so small that a consumer with ever new wrong parameters cannot use up maxGroups.
const maxPlaces = 20

// NewTally returns an empty tally of traffic of the documents of the judges.
func NewTally(judges []*contract.Judge) *Tally {
	t := &Tally{
		judges: judges, bounds: bounds{groups: maxGroups, places: maxPlaces},
		groups: map[groupKey]*group{}, places: map[checkKey][]string{}, pacts: map[pactKey]*group{},
		misses: misses{rows: map[missKey]*miss{}}, files: map[string]*fileSummary{},
		refused: map[string]int{}, isRefused: map[string]bool{},
	}
	for _, judge := range judges {
		for _, op := range judge.Document().Operations {
			t.isRefused[op.ID] = op.Refused != nil
		}
	}
	return t
}

// Report returns the report of the traffic. Dropped says how many exchanges never came to the tally, and why; unless it is empty, it
// is an error of the report. Report fails if there was traffic and none of it matched a path of a document, or if a pattern of the
// options matches no check.
func (t *Tally) Report(o Options, dropped string) (*report.Report, error) {
	r := newRun(t.judges, o)
	r.documents(false)
	r.addTraffic(t)
	if dropped != "" {
		r.addUnjudged(report.Check{ID: "traffic/dropped", Suite: report.Traffic}, report.Error, dropped)
	}
	r.addNotChecked(t)
	return r.report, r.conclude(cmp.Or(t.misses.err(r.report.JudgesConsumer()), r.unmatchedPatterns()))
}

// Add judges one exchange. Its File and Number say which of several exchanges alike a report shows: the first.
func (t *Tally) Add(e traffic.Entry) { t.collect(e, t.judge(e)) }

// Merge adds the exchanges of another tally, which stays as it is. It fails if the documents differ.
func (t *Tally) Merge(other *Tally) error {
	if !slices.Equal(t.judges, other.judges) { // parts of the documents are compared by their nodes
		data, err := other.MarshalJSON()
		if err != nil {
			return err
		}
		other = NewTally(t.judges)
		if err := other.UnmarshalJSON(data); err != nil {
			return err
		}
	}
	if t == other {
		return errors.New("a tally cannot be merged with itself")
	}
	for key, g := range other.groups {
		t.mergeGroup(key, g)
	}
	for key, g := range other.pacts {
		t.interaction(key).absorb(g)
	}
	t.ungrouped += other.ungrouped + t.misses.merge(&other.misses, t.bounds.groups)
	for operation, times := range other.refused {
		t.refused[operation] += times
	}
	for name, f := range other.files {
		t.file(name).absorb(f)
	}
	return nil
}

// verdict is the result of the judge whose document is nearest to the exchange. It is the zero value for an exchange that
// cannot be judged.
type verdict struct {
	judge  *contract.Judge
	result contract.Result
	miss   missKind // if the exchange was not judged
}

// judge returns the verdict of the first judge that knows the path, else of the first with a near miss. It does not change the
// tally, so that several goroutines may call it.
func (t *Tally) judge(e traffic.Entry) verdict {
	if e.Skip != "" {
		return verdict{}
	}
	v := verdict{judge: t.judges[0]}
	for _, j := range t.judges {
		result := j.Check(e.Exchange)
		if result.Judged {
			result.Findings = t.Allow.without(result.Findings, e.Exchange.Response.Status)
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
func (t *Tally) collect(e traffic.Entry, v verdict) {
	if e.Skip != "" {
		t.file(e.File).skip(e.Skip)
		return
	}
	if v.result.Judged {
		t.misses.matched++
		if t.isRefused[v.result.Operation] {
			t.refused[v.result.Operation]++
		} else {
			t.addToGroup(v.judge, e, v.result)
		}
		return
	}
	switch v.miss {
	case nearMiss:
		t.misses.near++
		t.addToGroup(v.judge, e, v.result)
	case unknownPath:
		t.file(e.File).UnknownPaths++
	default:
		t.file(e.File).OtherServers++
	}
	t.ungrouped += t.misses.add(v.judge, e, v.miss, t.bounds.groups)
}

// addTraffic adds a check for each group of the tally, in the order of their first exchanges, and one for what was not judged
// of each file.
func (r *run) addTraffic(t *Tally) {
	ranks := newRanks(t.judges)
	for _, g := range t.inOrder() {
		if check := g.check(ranks); r.selected(check.ID) {
			passed, covered, unchecked := check.Passed, check.Covered, check.Unchecked
			result := g.shown.result()
			result.Findings = g.findings()
			r.addResult(check, result)
			added := &r.report.Checks[len(r.report.Checks)-1]
			added.Passed, added.Covered, added.Unchecked = passed, covered, unchecked
			for part, times := range g.notChecked {
				r.notChecked[part] += times
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(t.refused)) {
		check := report.Check{ID: id + "/traffic", Suite: report.Traffic, Operation: id, Times: t.refused[id]}
		if _, op := operationOf(t.judges, id); r.selected(check.ID) {
			r.addUnjudged(check, report.Skip, op.Refused.String())
		}
	}
	for _, name := range slices.Sorted(maps.Keys(t.files)) {
		t.files[name].report(r, name)
	}
	if t.ungrouped > 0 {
		r.skipTraffic("not-judged", fmt.Sprintf("not listed: %s beyond the %d kinds that a report has room for; kinds with findings come first",
			text.Count(t.ungrouped, "exchange", "exchanges"), t.bounds.groups))
	}
}

// skipTraffic adds a skipped check of traffic.
func (r *run) skipTraffic(name, reason string) {
	r.addUnjudged(report.Check{ID: "traffic/" + name, Suite: report.Traffic}, report.Skip, reason)
}
