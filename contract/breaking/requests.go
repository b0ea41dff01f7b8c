package breaking

import (
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/sample"
	"github.com/quotaspec/quotaspec/contract/probe"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// maxRequests is how many requests of an operation are tried.
const maxRequests = 8

// requestsOf returns requests of an operation, without credentials and without responses: recorded ones, the plain one of each
// document, and the plain one with values of one optional parameter of the query:
//
//	GET /pets    GET /pets?kind=cat    GET /pets?kind=dog    GET /pets?limit=1
func (c *Comparer) requestsOf(p part) []seed {
	list := []seed{}
	add := func(origin string, r contract.Request) {
		withoutCredentials(&r, c.old.doc, c.new.doc)
		isSame := func(s seed) bool {
			return s.exchange.Request.Target == r.Target && string(s.exchange.Request.Body) == string(r.Body)
		}
		if len(list) < maxRequests && !slices.ContainsFunc(list, isSame) {
			const unrecorded = contract.UnrecordedResponse | contract.UnrecordedFraming
			list = append(list, seed{name: origin, exchange: contract.Exchange{Request: r, Unrecorded: unrecorded}})
		}
	}
	for _, s := range c.seeds(p.new.op.ID, "") {
		isWhole := s.exchange.Unrecorded&(contract.UnrecordedRequest|contract.UnrecordedRequestBody|contract.UnrecordedSecrets) == 0
		if isWhole && len(list) < maxRequests/2 {
			add(s.name, s.exchange.Request)
		}
	}
	plain := map[*spec.Operation]contract.Request{}
	for _, e := range []struct {
		v  *version
		op *spec.Operation
	}{{c.new, p.new.op}, {c.old, p.old.op}} {
		if r, ok := e.v.plain()[e.op]; ok {
			plain[e.op] = r
			add("schema", r)
		}
	}
	for _, op := range []*spec.Operation{p.new.op, p.old.op} {
		for _, pair := range optionalPairs(op) {
			if r, ok := plain[op]; ok {
				addPair(&r, pair)
				add("schema", r)
			}
		}
	}
	return list
}

// maxValues is how many values of one parameter are tried.
const maxValues = 2

// optionalPairs lists values of the optional parameters of the query, as a query has them: kind=cat.
func optionalPairs(op *spec.Operation) []string {
	pairs := []string{}
	for _, p := range op.Parameters {
		if p.In != "query" || p.Required || schemaOf(p) == nil {
			continue
		}
		values := append(sample.Examples(p.Example, p.Examples), sample.Choices(sample.Resolve(schemaOf(p)))...)
		if len(values) == 0 {
			maker := sample.Maker{Takes: func(*spec.Schema, any) bool { return true }}
			if value, ok := maker.Value(schemaOf(p)); ok {
				values = []any{value}
			}
		}
		for _, value := range values[:min(len(values), maxValues)] {
			if pair, ok := sample.Parameter(p, value); ok && pair != "" {
				pairs = append(pairs, pair)
			}
		}
	}
	return pairs
}

// addPair adds a name and a value to the query of a request.
func addPair(r *contract.Request, pair string) {
	joint := "?"
	if strings.Contains(r.Target, "?") {
		joint = "&"
	}
	r.Target += joint + pair
}

// plain are the plain requests of the operations: with what is required and nothing else.
func (v *version) plain() map[*spec.Operation]contract.Request {
	if v.requests == nil {
		v.requests = map[*spec.Operation]contract.Request{}
		for _, p := range probe.Derive(v.judge, nil) {
			_, isThere := v.requests[p.Operation]
			isWhole := !strings.ContainsAny(p.Request.Target, "{}") && !strings.Contains(p.Request.Target, "%7B")
			if !isThere && isWhole && p.Kind == spec.ValidRequest && strings.HasSuffix(p.ID, "/plain") {
				v.requests[p.Operation] = p.Request
			}
		}
	}
	return v.requests
}
