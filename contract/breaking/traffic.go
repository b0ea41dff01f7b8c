package breaking

import (
	"cmp"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Traffic has two uses. It says which parts of the old document its consumer uses, so that a change of any other part does not
// break it, and it has witnesses that really happened:
//
//	GET /pets → 200 [{"kind": "cat"}]    listPets, 200, /response/body/*/kind are used
//	GET /pets?sort=age → 200 []          a witness, if the new document has no parameter sort
//
// Each exchange is judged by both documents and then forgotten, but for a few: a witness for each place that one document
// refuses, and three right exchanges for each status, from which other witnesses are made. Of several exchanges for one place
// the smallest is kept, so that the order in which they are added does not matter. What is kept has no secrets (secrets.go).

// traffic is what recorded exchanges show of the use of the documents.
type traffic struct {
	exchanges, foreign int

	names map[string]bool // of the members that a schema of either document has; nil: not collected yet
	uses  map[operations]*use
}

// operations are the ids of an operation in both documents; "" if one does not have it.
type operations struct{ old, new string }

// use is what the traffic shows of one operation.
type use struct {
	old, new  *spec.Operation // nil: the document does not have it
	statuses  map[int]*statusUse
	witnesses map[witnessKey]*recorded
}

// statusUse is what it shows of the responses with one status.
type statusUse struct {
	body shape
	all  bool   // the bodies could not be read, so that every part of them may be used
	old  string // the key of the response in the old document, such as 4XX; "": it has none
	new  string
	// seeds are the smallest exchanges that both documents accept.
	seeds []seed
}

// seed is a recorded exchange that both documents accept, without its secrets.
type seed struct {
	name     string
	exchange contract.Exchange
	size     int
}

// maxSeeds is how many right exchanges of a status are kept, and maxSeed how many bytes their bodies may have.
const (
	maxSeeds = 3
	maxSeed  = 64 << 10
)

// Add adds a recorded exchange. The name stands in reports: entry 7 of traffic.har. What the comparison keeps of the exchange
// has no secrets. The order of exchanges does not matter.
func (c *Comparer) Add(name string, ex contract.Exchange) {
	if ex.Request.IsPreflight() {
		return // a browser sent it, no consumer
	}
	c.traffic.exchanges++
	ex.Previous, ex.Change = nil, nil
	old, new := c.judge(ex)
	if !old.Judged && !new.Judged {
		c.traffic.foreign++
		return
	}
	u := c.useOf(old, new)
	if u == nil {
		return // both have the path, but not the method
	}
	size := len(ex.Request.Target) + len(ex.Request.Body) + len(ex.Response.Body)
	r := recorded{name: name, size: size, exchange: ex, status: ex.Response.Status}
	if ex.Unrecorded&contract.UnrecordedResponse != 0 {
		r.status = 0
	}
	isRight := c.addWitnesses(u, r, old, new)
	if r.status == 0 {
		return
	}
	s := u.status(r.status)
	c.observe(s, ex)
	if isRight {
		c.addSeed(s, seed{name: name, exchange: ex, size: size})
	}
}

// judge judges an exchange by both documents. If the server is one of only one document, the other one judges it at its own paths, and
// its result has Judged without Served: a new server is one change, and should not hide the others.
//
//	GET https://old.example.com/v1/pets/7   by https://new.example.com/v2 with the path /pets/{id}: GET /pets/7
func (c *Comparer) judge(ex contract.Exchange) (old, new contract.Result) {
	old, new = c.old.judge.Check(ex), c.new.judge.Check(ex)
	switch {
	case old.Judged && !new.Judged:
		new = c.new.atPaths(ex, c.old.doc.Operation(old.Operation), new)
	case new.Judged && !old.Judged:
		old = c.old.atPaths(ex, c.new.doc.Operation(new.Operation), old)
	}
	return old, new
}

// atPaths judges an exchange of an operation of the other document, wherever that has its paths. If this document does not have
// the path, the result is the one that is given.
func (v *version) atPaths(ex contract.Exchange, other *spec.Operation, result contract.Result) contract.Result {
	if other == nil {
		return result
	}
	path, query, hasQuery := strings.Cut(ex.Request.Target, "?")
	segments := strings.Split(path, "/")
	base := len(segments) - 1 - strings.Count(other.Path, "/")
	if base < 0 {
		return result
	}
	ex.Origin, ex.Request.Target = "http://localhost", "/"+strings.Join(segments[base+1:], "/") // it stands for any server
	if hasQuery {
		ex.Request.Target += "?" + query
	}
	if again := v.judge.Check(ex); again.Judged {
		again.Served = false
		return again
	}
	return result
}

// useOf returns what is known of the use of an operation; nil if the exchange is of no operation.
func (c *Comparer) useOf(old, new contract.Result) *use {
	key := operations{}
	if old.Judged {
		key.old = old.Operation // otherwise it may be that of a near miss
	}
	if new.Judged {
		key.new = new.Operation
	}
	if key == (operations{}) {
		return nil
	}
	t := &c.traffic
	if t.uses == nil {
		t.uses = map[operations]*use{}
	}
	if t.uses[key] == nil {
		t.uses[key] = &use{
			old: c.old.doc.Operation(key.old), new: c.new.doc.Operation(key.new),
			statuses: map[int]*statusUse{}, witnesses: map[witnessKey]*recorded{},
		}
	}
	return t.uses[key]
}

// status returns what is known of the responses with a status.
func (u *use) status(code int) *statusUse {
	if u.statuses[code] == nil {
		keyIn := func(op *spec.Operation) string {
			if op == nil || op.Response(code) == nil {
				return ""
			}
			return op.Response(code).Status
		}
		u.statuses[code] = &statusUse{old: keyIn(u.old), new: keyIn(u.new)}
	}
	return u.statuses[code]
}

// addSeed keeps an exchange if it is one of the smallest, and right without its secrets, too.
func (c *Comparer) addSeed(s *statusUse, new seed) {
	if new.size > maxSeed || len(s.seeds) == maxSeeds && compareSeeds(s.seeds[maxSeeds-1], new) <= 0 {
		return
	}
	new.exchange, _ = c.withoutSecrets(new.exchange)
	for _, side := range []contract.Side{contract.Consumer, contract.Provider} {
		if v, ok := c.check(new.exchange, side); !ok || !v.old.accepts || !v.new.accepts {
			return
		}
	}
	s.seeds = append(s.seeds, new)
	slices.SortFunc(s.seeds, compareSeeds)
	s.seeds = s.seeds[:min(len(s.seeds), maxSeeds)]
}

func compareSeeds(a, b seed) int { return cmp.Or(a.size-b.size, cmp.Compare(a.name, b.name)) }

// seeds returns the smallest right exchanges of an operation with a status, three at most. The operation is an id in either
// document. The status is the key of a response, such as 200, 4XX or default; "" is any.
func (c *Comparer) seeds(operation, status string) []seed {
	list := []seed{}
	for _, u := range c.traffic.of(operation) {
		for code, s := range u.statuses {
			if status == "" || s.is(status, code) {
				list = append(list, s.seeds...)
			}
		}
	}
	slices.SortFunc(list, compareSeeds)
	return list[:min(len(list), maxSeeds)]
}

// of returns the uses of an operation, by its id in the new document, or else in the old one.
func (t *traffic) of(operation string) []*use {
	list, older := []*use{}, []*use{}
	for key, u := range t.uses {
		switch operation {
		case key.new:
			list = append(list, u)
		case key.old:
			older = append(older, u)
		}
	}
	if len(list) == 0 {
		return older
	}
	for _, u := range older {
		if u.new == nil { // such as a request to a path that the new document has renamed
			list = append(list, u)
		}
	}
	return list
}
