package breaking

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/pointer"
	"github.com/quotaspec/quotaspec/contract/mutate"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// A pool has the exchanges of one operation that may break its rules. All rules of the operation share it, since to judge
// it takes longer than to search it. It begins with right exchanges, of recordings, examples and schemas, each response
// with each of a few requests; then come their mutants:
//
//	GET /pets?kind=cat → 200 [{"kind": "dog"}]                    the example dogs, for another request
//	GET /pets          → 200 [{"kind": "cat"}, {"kind": "cat"}]   the example cat, an element doubled

// maxPool is how many exchanges a pool has. Those of a large document are smaller: maxPooled is how many exchanges a pool of each
// of its operations has together, minPool how many any pool may have.
const (
	maxPool   = 2000
	maxPooled = 100_000
	minPool   = 300
)

// maxPools is how many pools are kept, since a pool is large and changes come operation by operation.
const maxPools = 8

// maxAlike is how many mutants by the same operator at the same place, but for indexes, are taken from one exchange.
const maxAlike = 2

// maxRequestMutants is how many mutants of one request are taken.
const maxRequestMutants = 60

type poolKey struct {
	old, new *spec.Operation
	probe    spec.Probe
}

// pool returns the exchanges of an operation as responses to a probe; "" is traffic.
func (c *Comparer) pool(p part, probe spec.Probe) []attempt {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := poolKey{p.old.op, p.new.op, probe}
	if list, known := c.pools[key]; known {
		return list
	}
	bases := c.bases(p, probe)
	size := max(minPool, min(maxPool, maxPooled/len(c.new.doc.Operations)))
	list := []attempt{}
	add := func(name string, ex contract.Exchange) {
		if len(list) < size {
			list = append(list, attempt{name, ex, c.old.judge.Check(ex), c.new.judge.Check(ex), len(list)})
		}
	}
	for _, base := range bases {
		add(base.name, base.exchange)
	}
	mutated, requests := oneOfEach(bases)
	addMutants := func(base seed, mutants []*mutate.ExchangeMutant) {
		previous := base.exchange.Response
		for _, m := range mutants {
			ex := m.Exchange()
			if probe == spec.Repeat {
				ex.Previous = &previous
			}
			add(base.name+", "+m.Operator, ex)
		}
	}
	for _, base := range requests {
		addMutants(base, c.mutantsOf(base, "/request", maxRequestMutants))
	}
	for i, base := range mutated {
		mutants := c.mutantsOf(base, "/response", (size-len(list))/(len(mutated)-i))
		addMutants(base, mutants)
		for _, body := range equalMembers(base.exchange.Response.Body) {
			ex := base.exchange
			ex.Response.Body = body
			add(base.name+", equal members", ex)
		}
		for _, longer := range doubled(base, mutants) {
			addMutants(longer, c.mutantsOf(longer, "/response", size/20))
		}
	}
	if c.pools == nil || len(c.pools) == maxPools {
		c.pools = map[poolKey][]attempt{}
	}
	c.pools[key] = list
	return list
}

// bases returns right exchanges, or such that a wrong request has got.
func (c *Comparer) bases(p part, probe spec.Probe) []seed {
	list := []seed{}
	for _, op := range []*spec.Operation{p.old.op, p.new.op} {
		list = append(list, c.seeds(op.ID, "")...)
	}
	right := c.requestsOf(p)
	for _, r := range c.responsesOf(p) {
		for i, request := range right {
			if isOfRefusal := i > 0 && r.exchange.Response.Status/100 != 2; isOfRefusal {
				break // what was asked for matters less
			}
			for j, credentials := range schemesFor(p.new.op) {
				if isFurther := j > 0 && (i > 0 || probe == spec.NoCredentials); isFurther {
					break
				}
				ex := r.exchange
				ex.Request = withHost(request.exchange.Request)
				if probe != spec.NoCredentials {
					addCredentials(&ex.Request, credentials)
				}
				list = append(list, seed{name: r.name, exchange: ex})
			}
		}
	}
	for i := range list {
		list[i].exchange.Probe = probe
		if probe == spec.Repeat {
			previous := list[i].exchange.Response
			list[i].exchange.Previous = &previous
		}
	}
	return list[:min(len(list), maxPool/4)]
}

// oneOfEach returns, of the bases, two of each status, the first and the one with the largest body, and one of each request.
func oneOfEach(bases []seed) (list, requests []seed) {
	statuses, known := []int{}, []string{}
	for _, base := range bases {
		status := base.exchange.Response.Status
		if key := fmt.Sprint(base.exchange.Request.Target, len(base.exchange.Request.Header)); !slices.Contains(known, key) {
			known, requests = append(known, key), append(requests, base)
		}
		if slices.Contains(statuses, status) {
			continue
		}
		statuses = append(statuses, status)
		largest := base
		for _, other := range bases {
			r := other.exchange.Response
			if r.Status == status && len(r.Body) > len(largest.exchange.Response.Body) && len(r.Body) < maxSeed {
				largest = other
			}
		}
		if list = append(list, base); !bytes.Equal(largest.exchange.Response.Body, base.exchange.Response.Body) {
			list = append(list, largest)
		}
	}
	return list, requests
}

// mutantsOf returns mutants of one message of an exchange, at most so many, from all over the message. Those of a second
// element are like those of the first.
func (c *Comparer) mutantsOf(base seed, message string, most int) []*mutate.ExchangeMutant {
	list, alike := []*mutate.ExchangeMutant{}, map[string]int{}
	for _, m := range (mutate.Case{Name: base.name, Exchange: base.exchange}).Mutants() {
		class := m.Change
		if len(class) > 1 {
			class = class[:1]
		}
		key := m.Operator + " " + strings.Join(c.folded(m.Pointer), "/") + " " + class
		if alike[key]++; alike[key] <= maxAlike && strings.HasPrefix(m.Pointer, message) {
			list = append(list, m)
		}
	}
	if len(list) <= most {
		return list
	}
	some := []*mutate.ExchangeMutant{}
	for i := range most {
		some = append(some, list[i*len(list)/most])
	}
	return some
}

// doubled returns the mutants with a further element in a list, to be mutated again: a rule may be about a list that has
// one thing more than a right one has.
func doubled(base seed, mutants []*mutate.ExchangeMutant) []seed {
	list := []seed{}
	for _, m := range mutants {
		if m.Operator == "element doubled" && len(list) == 0 {
			list = append(list, seed{name: base.name + ", " + m.Operator, exchange: m.Exchange()})
		}
	}
	return list
}

// maxEqual is how many bodies are made in which two members are equal.
const maxEqual = 40

// equalMembers returns copies of a JSON body in each of which one member has the value of another one of its object: a rule may
// say that they differ. {"name": "tom", "kind": "cat"} becomes {"name": "cat", "kind": "cat"}.
func equalMembers(body []byte) [][]byte {
	root, ok := readJSON(body)
	if !ok {
		return nil
	}
	list := [][]byte{}
	var visit func(value any)
	visit = func(value any) {
		switch v := value.(type) {
		case []any:
			if len(v) > 0 {
				visit(v[0])
			}
		case map[string]any:
			names := slices.Sorted(maps.Keys(v))
			for _, to := range names {
				for _, from := range names {
					was := v[to]
					isSameType := isScalar(was) && fmt.Sprintf("%T", was) == fmt.Sprintf("%T", v[from])
					if !isSameType || was == v[from] || len(list) == maxEqual {
						continue
					}
					v[to] = v[from]
					if made, err := json.Marshal(root); err == nil {
						list = append(list, made)
					}
					v[to] = was
				}
				visit(v[to])
			}
		}
	}
	visit(root)
	return list
}

func isScalar(value any) bool {
	switch value.(type) {
	case string, json.Number, bool:
		return true
	}
	return false
}

// withCode returns the responses of a part with another error code.
func (c *Comparer) withCode(p part, code string) []attempt {
	list := []attempt{}
	for _, base := range c.bases(p, "") {
		ex := base.exchange
		for _, e := range []element{p.old, p.new} {
			isOfPart := e.op.Response(ex.Response.Status) == e.response && e.response.Codes != nil
			if !isOfPart {
				continue
			}
			body, ok := withValue(ex.Response.Body, e.response.Codes.At, code)
			if ok {
				ex.Response.Body = body
				list = append(list, attempt{base.name, ex, c.old.judge.Check(ex), c.new.judge.Check(ex), len(list)})
			}
		}
	}
	return list
}

// withValue replaces the value at a pointer of a JSON body.
func withValue(body []byte, at, text string) ([]byte, bool) {
	root, ok := readJSON(body)
	if !ok {
		return nil, false
	}
	names := slices.Collect(pointer.Names(at))
	object, ok := root.(map[string]any)
	for i := 0; ok && i < len(names)-1; i++ {
		object, ok = object[names[i]].(map[string]any)
	}
	if !ok || len(names) == 0 {
		return nil, false
	}
	object[names[len(names)-1]] = text
	made, err := json.Marshal(root)
	return made, err == nil
}
