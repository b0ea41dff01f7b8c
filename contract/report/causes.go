package report

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// A fault of a provider is seen many times: in each item of a list, by each probe of an operation, by each operation that
// returns the same schema. A cause is all these findings. Two findings have one cause if their keys are equal (causes_key.go):
//
//	listThings/plain   schema/type  /response/body/items/0/size  things.yaml:16  ┐
//	listThings/plain   schema/type  /response/body/items/1/size  things.yaml:16  ├ one cause, 3 times, of two operations
//	showThing/plain    schema/type  /response/body/size          things.yaml:16  ┘
//	showThing/plain    schema/type  /response/body/name          things.yaml:15    another cause
//
// A finding that follows from another one of the same exchange belongs to the cause of that one (causes_follow.go). Every finding
// of a report belongs to exactly one cause, so that the numbers of all causes add up to the findings of the report.

// Warn is the status of a cause whose findings fail no check. No check has it.
const Warn Status = "warn"

// Cause is what several findings have in common.
type Cause struct {
	Status     Status           // Fail, Known or Warn
	Finding    contract.Finding // the first one; without an ID if checks failed for Reason alone
	Pointer    string           // that of Finding; if others differ, with * in place of what differs: /response/body/items/*/size
	About      *spec.Node       // the parameter or the member of a body that the probes tested; nil: none, or of no importance
	Operations []string         // their ids, in the order of the checks; empty: it is of none
	Reason     string           // of Known, and of checks that failed without a finding
	Findings   int              // how many there are
	Checks     int              // how many checks have one
	Exchanges  int              // how many exchanges these checks stand for
	Example    *Check           // the first check

	key    causeKey
	rank   int // by the first finding
	checks []*Check
	lead   foundAt // the first finding
	found  []foundAt
}

// foundAt is the place of a finding in a report.
type foundAt struct {
	check *Check
	at    int // index in its findings
}

// Causes returns the causes of all findings, and of the checks that failed without one: server errors first, then other failures,
// then known failures, then warnings, each in the order of the first finding. Skipped checks and errors have no cause.
func (r *Report) Causes() []Cause {
	g := newGrouping(r)
	for i := range r.Checks {
		g.add(&r.Checks[i])
	}
	g.mergeServerErrors()
	g.mergeNames()
	g.mergeOperations()
	slices.SortStableFunc(g.causes, func(a, b *Cause) int { return cmp.Or(a.order()-b.order(), a.rank-b.rank) })
	return mapped(g.causes, func(c *Cause) Cause {
		g.count(c)
		return *c
	})
}

// order is lower the more a cause matters.
func (c *Cause) order() int {
	switch {
	case c.Status == Fail && c.Finding.IsServerError():
		return 0
	case c.Status == Fail:
		return 1
	case c.Status == Known:
		return 2
	}
	return 3
}

// otherChecks returns the ids of the checks after the first one, each once, limit at most.
func (c *Cause) otherChecks(limit int) []string {
	ids, seen := []string{}, map[string]bool{c.Example.ID: true}
	for _, check := range c.checks {
		if !seen[check.ID] && len(ids) < limit {
			seen[check.ID] = true
			ids = append(ids, check.ID)
		}
	}
	return ids
}

// Side is the side whose messages have the findings; "" for findings about the document.
func (c *Cause) Side() contract.Side {
	if c.Findings == 0 {
		return ""
	}
	return c.Finding.Side()
}

// Place is the file and the line that the cause is about: of the parameter that was tested, or else of the promise. It is "" if
// there is none.
func (c *Cause) Place() string {
	if c.About != nil {
		return c.About.Place().String()
	}
	return c.Finding.Place()
}

// Subject names what is wrong in a word or two: the parameter or member that was tested, the status, method or path that came,
// or the last name of the pointer. It is "" for a cause without findings.
//
//	limit   status 500   size   etag   /Orders
func (c *Cause) Subject() string {
	switch {
	case c.Findings == 0:
		return ""
	case c.About != nil:
		return nameOf(c.About)
	case c.Pointer == statusPointer:
		return "status " + c.Finding.Got
	case c.key.got != "":
		return c.key.got
	}
	return lastName(c.Pointer)
}

// nameOf returns the name of a parameter, or the last name in the pointer of another part of a document.
func nameOf(n *spec.Node) string {
	if name := n.Member("name"); name != nil && n.Member("in") != nil {
		return name.Text
	}
	return lastName(n.Pointer())
}

// lastName returns the last token of a pointer that is no index.
func lastName(pointer string) string {
	for {
		at := strings.LastIndexByte(pointer, '/')
		if token := pointer[at+1:]; at < 0 || token != "*" && !isIndex(token) {
			return unescapePointer.Replace(token)
		}
		pointer = pointer[:at]
	}
}

var unescapePointer = strings.NewReplacer("~1", "/", "~0", "~")

// folded returns a pointer with * in place of indexes; a pointer into a document as it is.
func folded(pointer string) string {
	isOfExchange := strings.HasPrefix(pointer, "/response/") || strings.HasPrefix(pointer, "/request/")
	if !isOfExchange || !strings.ContainsAny(pointer, "0123456789") {
		return pointer
	}
	tokens := strings.Split(pointer, "/")
	for i, token := range tokens {
		if isIndex(token) {
			tokens[i] = "*"
		}
	}
	return strings.Join(tokens, "/")
}

// common returns a pointer with * in place of indexes and of the names that another one has otherwise, such as the keys of a map:
//
//	/response/body/en/name    and /response/body/de/name     /response/body/*/name
//	/response/body/0/name     and /response/body/1/name      /response/body/*/name
//	/response/body/name       and /response/body/0/name      /response/body/name
func common(pointer, other string) string {
	a, b := strings.Split(folded(pointer), "/"), strings.Split(folded(other), "/")
	isOfExchange := len(a) > 1 && (a[1] == "response" || a[1] == "request")
	if !isOfExchange || len(a) != len(b) || a[len(a)-1] != b[len(b)-1] || !slices.Equal(a[:3], b[:3]) {
		return strings.Join(a, "/")
	}
	for i := range a {
		if a[i] != b[i] {
			a[i] = "*"
		}
	}
	return strings.Join(a, "/")
}

// isIndex reports whether a token of a pointer is a number. A member may have such a name, too; it is likely a key of a map.
func isIndex(token string) bool {
	_, err := strconv.ParseUint(token, 10, 64)
	return err == nil
}
