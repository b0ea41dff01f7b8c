package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/contract/traffic"
)

// maxKinds bounds how many kinds of exchanges are told apart.
const maxKinds = 1000

// collector judges traffic and keeps of it what a report needs, however much there is: exchanges of one operation and
// status that deviate alike are one check, of which the first exchange is shown.
type collector struct {
	judges []*contract.Judge
	kinds  map[string]*kind
	order  []string

	misses  *misses
	unknown int                    // exchanges of a path that no document knows
	missing map[string]int         // what was not recorded of judged exchanges, by its name and the operation's
	foreign int                    // exchanges with servers that are none of a document's
	skipped map[traffic.Reason]int // exchanges that cannot be judged
	more    int                    // exchanges beyond the kinds that are told apart
}

// kind is a check that stands for exchanges that are alike.
type kind struct {
	check  report.Check
	result contract.Result
	times  int

	seen, kept set // of the result
}

// set is what a list holds already.
type set map[string]bool

// add appends to a list what it does not hold.
func (s set) add(list, more []string) []string {
	for _, text := range more {
		if !s[text] {
			s[text] = true
			list = append(list, text)
		}
	}
	return list
}

// newCollector makes a collector. What matches no path is added to misses.
func newCollector(judges []*contract.Judge, misses *misses) *collector {
	return &collector{judges: judges, misses: misses, kinds: map[string]*kind{}, missing: map[string]int{}, skipped: map[traffic.Reason]int{}}
}

// add judges one exchange.
func (c *collector) add(e traffic.Entry) {
	if e.Skip != "" {
		c.skipped[e.Skip]++
		return
	}
	judge, near := c.judges[0], contract.Result{}
	where := elsewhere
	for _, j := range c.judges {
		result := j.Check(e.Exchange)
		if result.Judged {
			c.misses.matched++
			c.keep(j, e, result)
			return
		}
		switch {
		case where == nearMiss:
		case len(result.Findings) > 0:
			where, near, judge = nearMiss, result, j
		case result.Served:
			where = unknownPath
		}
	}
	switch where {
	case nearMiss:
		c.keep(judge, e, near)
	case unknownPath:
		c.unknown++
	default:
		c.foreign++
	}
	if !c.misses.add(judge, e, where) && where != nearMiss {
		c.more++
	}
}

func (c *collector) keep(judge *contract.Judge, e traffic.Entry, result contract.Result) {
	operation, status := result.Operation, strconv.Itoa(e.Exchange.Response.Status)
	if operation == "" {
		operation, status = judge.Document().Name, shownMethod(e.Exchange.Request.Method)+"-"+status
	}
	c.notChecked(operation, e.Exchange.Unseen)
	id := operation + "/traffic=" + status
	ids := []string{}
	for _, d := range result.Findings {
		ids = append(ids, d.ID)
	}
	if len(ids) > 0 {
		slices.Sort(ids)
		id += ":" + strings.Join(slices.Compact(ids), ",")
	}
	known := c.kinds[id]
	if known == nil {
		if len(c.kinds) == maxKinds {
			c.more++
			return
		}
		known = &kind{result: result, seen: set{}, kept: set{}, check: report.Check{ID: id, Source: report.Traffic, HTTP: e.Exchange.Response.Status, NearMiss: !result.Judged}}
		known.check.Asked, known.check.Answered = judge.Excerpt(e.Exchange)
		known.check.Repeat = fmt.Sprintf("entry %d: %s %s%s", e.Number, e.Exchange.Request.Method, e.Origin, shownTarget(known.check.Asked))
		known.result.Seen, known.result.Kept = nil, nil // added below
		c.kinds[id] = known
		c.order = append(c.order, id)
	}
	known.times++
	known.result.Seen = known.seen.add(known.result.Seen, result.Seen)
	known.result.Kept = known.kept.add(known.result.Kept, result.Kept)
	if len(known.result.Errors) == 0 { // the first is reported, whichever exchange has it
		known.result.Errors = result.Errors
	}
}

// shownMethod names a method in an id: any text may have been sent as one.
func shownMethod(method string) string {
	isLetter := func(r rune) bool { return 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z' }
	if len(method) > 20 || strings.ContainsFunc(method, func(r rune) bool { return !isLetter(r) }) {
		return "OTHER"
	}
	return method
}

// shownTarget is the target without a secret in it: it stands in the first line of the request as people read it.
func shownTarget(asked string) string {
	line, _, _ := strings.Cut(asked, "\n")
	_, target, _ := strings.Cut(line, " ")
	return target
}

// notChecked counts what of a judged exchange was not recorded, so that it was not checked.
func (c *collector) notChecked(operation string, unseen contract.Unseen) {
	switch {
	case unseen&contract.UnseenResponse != 0:
		c.missing["responses of "+operation]++
	case unseen&contract.UnseenResponseBody != 0:
		c.missing["response bodies of "+operation]++
	}
}

// notes adds to the report what was not judged, and what was judged in part.
func (v *verification) notes(c *collector, prefix string) {
	if note := c.note(); note != "" {
		v.report.Add(report.Check{ID: "traffic/not-judged", Source: report.Traffic, Status: report.Skip, Reason: prefix + "not judged: " + note})
	}
	if len(c.missing) == 0 {
		return
	}
	parts := []string{}
	for _, what := range slices.Sorted(maps.Keys(c.missing)) {
		parts = append(parts, fmt.Sprintf("%s (%d)", what, c.missing[what]))
	}
	reason := prefix + "not checked, since not recorded or redacted: " + strings.Join(parts, ", ")
	v.report.Add(report.Check{ID: "traffic/not-checked", Source: report.Traffic, Status: report.Skip, Reason: reason})
}

// note says in one line what was not judged, "" if everything was.
func (c *collector) note() string {
	parts := []string{}
	if c.unknown > 0 {
		parts = append(parts, fmt.Sprintf("%d of a path that no document knows", c.unknown))
	}
	if c.foreign > 0 {
		parts = append(parts, fmt.Sprintf("%d sent to other servers", c.foreign))
	}
	for _, reason := range traffic.Reasons() {
		if n := c.skipped[reason]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d: %s", n, reason))
		}
	}
	if c.more > 0 {
		parts = append(parts, fmt.Sprintf("%d of further kinds", c.more))
	}
	return strings.Join(parts, ", ")
}

// judgeHAR judges the traffic in a file, entry by entry. Of a file that is cut off, as a recording is whose proxy was killed,
// it judges the whole entries and adds a check that says where the file ends.
func (v *verification) judgeHAR(ctx context.Context, file string) error {
	f, err := os.Open(file)
	if err != nil {
		return fmt.Errorf("read the traffic: %w", err)
	}
	defer f.Close() //nolint:errcheck // nothing was written
	// Much is thrown away here and little kept: to collect it less often takes some 15 MB and saves a fifth of the time.
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	c := newCollector(v.judges, &v.misses)
	var whole int // entries
	var cut, stopped error
	unreadable := unreadableEntries{}
	for entry, err := range traffic.ReadHAR(f) {
		if errors.Is(err, io.ErrUnexpectedEOF) && whole > 0 {
			cut = err
			break
		}
		if unreadable.add(err) {
			continue
		}
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		whole++
		if ctx.Err() != nil {
			stopped = errStopped
			break
		}
		c.add(entry)
	}
	if unreadable.count > 0 && whole == 0 {
		return fmt.Errorf("%s: read the HAR: nothing in it can be read: %s", file, unreadable.list())
	}
	v.conclusions(c)
	v.notes(c, file+": ")
	if unreadable.count > 0 {
		reason := fmt.Sprintf("%s: not read: %d: %s", file, unreadable.count, unreadable.list())
		v.report.Add(report.Check{ID: "traffic/unreadable", Source: report.Traffic, Status: report.Skip, Reason: reason})
	}
	if cut != nil {
		reason := fmt.Sprintf("%s: %v; the whole entries were read", file, cut)
		v.report.Add(report.Check{ID: "traffic/cut-off", Source: report.Traffic, Status: report.Skip, Reason: reason})
	}
	return stopped
}

// unreadableEntries counts the entries of a file that could not be read, and keeps the first.
type unreadableEntries struct {
	count int
	first []string
}

// add counts an error that is about one entry, and says whether it is.
func (u *unreadableEntries) add(err error) bool {
	var entry *traffic.EntryError
	if !errors.As(err, &entry) {
		return false
	}
	if u.count++; u.count <= 3 {
		u.first = append(u.first, entry.Error())
	}
	return true
}

// list names the first, and how many more there are.
func (u *unreadableEntries) list() string {
	text := strings.Join(u.first, "; ")
	if more := u.count - len(u.first); more > 0 {
		text += fmt.Sprintf("; and %d more", more)
	}
	return text
}

// conclusions puts what was collected into the report.
func (v *verification) conclusions(c *collector) {
	for _, id := range c.order {
		k := c.kinds[id]
		if !v.selection.wanted(id) {
			continue
		}
		k.check.Times = k.times
		v.conclude(k.check, k.result)
	}
}
