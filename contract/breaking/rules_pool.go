package breaking

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/pointer"
	"github.com/quotaspec/quotaspec/contract/internal/sample"
	"github.com/quotaspec/quotaspec/contract/mutate"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// A pool has the exchanges of one operation that may break its rules. All rules of the operation share it, since to judge it
// takes longer than to search it. It begins with right exchanges, of recordings, examples and schemas, each response with each of
// a few requests; then come their mutants:
//
//	GET /pets?kind=cat → 200 [{"kind": "dog"}]                    the example dogs, for another request
//	GET /pets          → 200 [{"kind": "cat"}, {"kind": "cat"}]   the example cat, an element doubled

// maxPool is how many exchanges a pool has.
const maxPool = 2000

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
	list := []attempt{}
	add := func(name string, ex contract.Exchange) {
		if len(list) < maxPool {
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
		mutants := c.mutantsOf(base, "/response", (maxPool-len(list))/(len(mutated)-i))
		for _, base := range doubled(base, mutants) {
			mutants = append(mutants, c.mutantsOf(base, "/response", maxPool/20)...)
		}
		addMutants(base, mutants)
	}
	if c.pools == nil {
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
	for _, r := range c.responsesOf(p) {
		for i, request := range c.requestsOf(p) {
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

// responsesOf returns the named examples of an operation in both documents, and a response for each status that is made from
// its schema.
func (c *Comparer) responsesOf(p part) []seed {
	list := []seed{}
	add := func(name string, r contract.Response) {
		isKnown := func(s seed) bool {
			known := s.exchange.Response
			return known.Status == r.Status && bytes.Equal(known.Body, r.Body) && known.Header.Get("Content-Type") == r.Header.Get("Content-Type")
		}
		if !slices.ContainsFunc(list, isKnown) {
			ex := contract.Exchange{Response: r, Unrecorded: contract.UnrecordedFraming}
			if len(r.Header) < 2 { // an example has no headers but Content-Type
				ex.Unrecorded |= contract.UnrecordedResponseHeaders
			}
			list = append(list, seed{name: name, exchange: ex})
		}
	}
	for _, v := range []*version{c.new, c.old} {
		op := p.new.op
		if v == c.old {
			op = p.old.op
		}
		for _, r := range op.Responses {
			for _, m := range r.Content {
				for _, example := range m.Examples {
					if made, ok := exampleOf(r, m, example.Value); ok {
						add("example "+example.Name, made)
					}
				}
				if made, ok := exampleOf(r, m, m.Example); ok {
					add("example", made)
				}
			}
		}
		for _, r := range op.Responses {
			for _, all := range []bool{true, false} {
				if made, ok := v.response(r, all); ok {
					add("schema", made)
				}
			}
		}
	}
	return list
}

// exampleOf is a response with an example; false: there is none.
func exampleOf(r *spec.Response, m *spec.MediaType, value *spec.Node) (contract.Response, bool) {
	if !sample.IsGiven(value) {
		return contract.Response{}, false
	}
	return written(r, m, value.Value())
}

// written is a response with a body.
func written(r *spec.Response, m *spec.MediaType, value any) (contract.Response, bool) {
	body, contentType, ok := sample.Body(m, value)
	return contract.Response{Status: statusFor(r), Header: http.Header{"Content-Type": {contentType}}, Body: body}, ok
}

// statusFor is a status of a response: 400 of 4XX, 500 of the default.
func statusFor(r *spec.Response) int {
	status, err := strconv.Atoi(strings.NewReplacer("X", "0", "x", "0").Replace(r.Status))
	if err != nil {
		return http.StatusInternalServerError
	}
	return status
}

// response makes a response from its schema; all includes optional members.
func (v *version) response(r *spec.Response, all bool) (contract.Response, bool) {
	maker := sample.Maker{Takes: v.judge.Accepts, All: all, Response: true}
	for _, m := range r.Content {
		if value, ok := maker.Value(m.Schema); ok {
			if made, ok := written(r, m, value); ok {
				addHeaders(maker, made.Header, r)
				return made, true
			}
		}
	}
	return contract.Response{Status: statusFor(r), Header: http.Header{}}, len(r.Content) == 0
}

// addHeaders adds the headers of a response, with values of their schemas. Those of which none can be made are missing.
func addHeaders(maker sample.Maker, header http.Header, r *spec.Response) {
	for _, h := range r.Headers {
		values := sample.Examples(h.Example, h.Examples)
		if value, ok := maker.Value(schemaOf(h)); ok {
			values = append(values, value)
		}
		if len(values) == 0 || !h.Required && !maker.All {
			continue
		}
		if text, ok := sample.Parameter(h, values[0]); ok && !strings.ContainsAny(text, "\r\n\x00") {
			header.Set(h.Name, text)
		}
	}
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

// mutantsOf returns mutants of one message of an exchange, at most so many, from all over the message. Those of a second element
// are like those of the first.
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

// doubled returns the mutants with a further element in a list, to be mutated again: a rule may be about a list that has one thing
// more than a right one has.
func doubled(base seed, mutants []*mutate.ExchangeMutant) []seed {
	list := []seed{}
	for _, m := range mutants {
		if m.Operator == "element doubled" && len(list) == 0 {
			list = append(list, seed{name: base.name, exchange: m.Exchange()})
		}
	}
	return list
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
