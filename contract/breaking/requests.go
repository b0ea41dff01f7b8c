package breaking

import (
	"slices"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/sample"
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
	onlyNew, onlyOld := p, p
	onlyNew.old, onlyOld.new = element{}, element{}
	plain := []contract.Request{}
	for _, of := range []part{p, onlyNew, onlyOld} {
		plain = append(plain, c.plainRequest(of))
		add("schema", plain[len(plain)-1])
	}
	for _, op := range []*spec.Operation{p.new.op, p.old.op} {
		for _, pair := range optionalPairs(op) {
			for _, r := range plain {
				addQuery(&r, pair)
				add("schema", r)
			}
		}
	}
	return list
}

// plainRequest has what the operation of a part requires, in both documents if the part is in both.
func (c *Comparer) plainRequest(p part) contract.Request {
	p.isResponse = false
	s := &search{Comparer: c, ch: &change{part: p}, maker: c.maker(false), seen: map[string]bool{}}
	return s.base(p).writeRequest()
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
