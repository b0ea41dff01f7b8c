package verify

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/report"
	"github.com/quotaspec/quotaspec/contract/traffic"
	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// A group shows one of its exchanges: the smallest by file and entry. So a report does not depend on the order in which they
// were judged.

// shown is what a report shows of one exchange, without its secrets and its bodies.
type shown struct {
	file      string
	number    int
	judged    bool
	status    int
	operation string
	findings  []contract.Finding
	more      int
	errors    []string

	request, response, repeat string
}

// maxExcerpt is how many characters of a message a tally holds.
const maxExcerpt = 32 << 10

func newShown(judge *contract.Judge, e traffic.Entry, result contract.Result) shown {
	s := shown{
		file: e.File, number: e.Number, judged: result.Judged, status: e.Exchange.Response.Status, operation: result.Operation,
		findings: result.Findings, more: result.More,
	}
	for _, err := range result.Errors {
		s.errors = append(s.errors, text.Shorten(err.Error(), maxExcerpt))
	}
	s.request, s.response = judge.Excerpt(e.Exchange)
	s.request, s.response = text.Shorten(s.request, maxExcerpt), text.Shorten(s.response, maxExcerpt)
	s.repeat = text.Shorten(entryName(judge, e, s.request), maxExcerpt)
	return s
}

// maxPointer is how many characters of a pointer a tally holds. Names of members, parameters and headers may be as long as a message.
const maxPointer = 4 << 10

func withShortPointers(list []contract.Finding) []contract.Finding {
	if !slices.ContainsFunc(list, func(f contract.Finding) bool { return len(f.Pointer) > maxPointer }) {
		return list
	}
	list = slices.Clone(list)
	for i := range list {
		list[i].Pointer = text.ShortenPointer(list[i].Pointer, maxPointer)
	}
	return list
}

// entryName names an exchange for people: "entry 7 of traffic.har: GET https://api.example.com/things?page=2". The excerpt is
// that of its request, in which secrets are already replaced.
func entryName(judge *contract.Judge, e traffic.Entry, excerpt string) string {
	place := fmt.Sprintf("entry %d", e.Number)
	if e.Interaction != nil {
		place = hidden(judge, e, e.Interaction.String())
	}
	if e.File != "" {
		place += " of " + e.File
	}
	_, target := requestLine(excerpt)
	return fmt.Sprintf("%s: %s %s%s", place, e.Exchange.Request.Method, e.Origin, target)
}

// comparePlaces orders an entry of a file and what is shown.
func comparePlaces(file string, number int, s *shown) int {
	return cmp.Or(cmp.Compare(file, s.file), cmp.Compare(number, s.number))
}

// compareShown orders exchanges by file and entry. Those of several proxies may have the same place; then their texts decide.
func compareShown(a, b *shown) int {
	return cmp.Or(comparePlaces(a.file, a.number, b), cmp.Compare(a.request, b.request), cmp.Compare(a.response, b.response),
		cmp.Compare(a.repeat, b.repeat), slices.CompareFunc(a.findings, b.findings, compareFindings), slices.Compare(a.errors, b.errors),
		cmp.Compare(a.status, b.status), cmp.Compare(a.operation, b.operation), cmp.Compare(a.more, b.more))
}

func compareFindings(a, b contract.Finding) int {
	return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Pointer, b.Pointer), cmp.Compare(a.Got, b.Got), cmp.Compare(a.Want, b.Want))
}

// result returns the part of the result that a report needs.
func (s *shown) result() contract.Result {
	r := contract.Result{Judged: s.judged, Operation: s.operation, Findings: s.findings, More: s.more}
	for _, err := range s.errors {
		r.Errors = append(r.Errors, errors.New(err))
	}
	return r
}

// check returns the check of a group, before its findings.
func (g *group) check(order *ranks) report.Check {
	c := report.Check{
		ID: g.key.id, Suite: report.Traffic, HTTP: g.shown.status, NearMiss: !g.shown.judged, Times: g.times,
		Request: g.shown.request, Response: g.shown.response, Repeat: g.shown.repeat,
		Passed: slices.Clone(g.passed.list), Covered: order.sorted(g.covered.list), Unchecked: order.sorted(g.unchecked.list),
	}
	slices.SortFunc(c.Passed, func(a, b *spec.Rule) int { return order.rules[a] - order.rules[b] })
	return c
}

// inOrder returns the groups in the order of what they show, with the ids of interactions.
func (t *Tally) inOrder() []*group {
	list := t.interactions()
	for _, g := range t.groups {
		list = append(list, g)
	}
	slices.SortFunc(list, func(a, b *group) int {
		return cmp.Or(comparePlaces(a.shown.file, a.shown.number, &b.shown), compareKeys(a.key, b.key))
	})
	return list
}

// ranks orders the parts of documents.
type ranks struct {
	judges    []*contract.Judge
	rules     map[*spec.Rule]int
	addresses map[*spec.Node]string
}

func newRanks(judges []*contract.Judge) *ranks {
	r := &ranks{judges: judges, rules: map[*spec.Rule]int{}, addresses: map[*spec.Node]string{}}
	for _, judge := range judges {
		for _, rule := range judge.Document().Rules {
			r.rules[rule] = len(r.rules)
		}
	}
	return r
}

// sorted returns nodes in the order of their places.
func (r *ranks) sorted(nodes []*spec.Node) []*spec.Node {
	address := func(n *spec.Node) string {
		if r.addresses[n] == "" {
			p := n.Place()
			r.addresses[n] = fmt.Sprintf("%s %09d %s", p.File, p.Line, n.Pointer())
		}
		return r.addresses[n]
	}
	return slices.SortedFunc(slices.Values(nodes), func(a, b *spec.Node) int { return strings.Compare(address(a), address(b)) })
}
