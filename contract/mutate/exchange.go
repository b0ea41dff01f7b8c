package mutate

import (
	"slices"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// ExchangeMutant is an exchange that is wrong in one place. What is wrong comes from the exchange alone: a generator that
// read the document would not notice what the document has lost.
type ExchangeMutant struct {
	Mutant

	base    *Case // that it is made of
	edit    func(*contract.Exchange)
	unknown bool // something that nobody knows was added: it is enough that the judge says so

	status int             // that it was answered with
	result contract.Result // once it is judged
}

// Exchange makes the wrong exchange.
func (m *ExchangeMutant) Exchange() contract.Exchange {
	ex := m.base.Exchange
	m.edit(&ex)
	return ex
}

// Exchanges are all mutants of the exchanges that are held against a contract, for judges other than ours.
func Exchanges(c Contract) ([]*ExchangeMutant, error) {
	s, err := prepare(c)
	if err != nil {
		return nil, err
	}
	return s.corrupt, nil
}

// noticed is what the judge finds wrong with the exchange first: a finding at grade inferred or surer, or that the document
// does not know the path at all. It is "" if there is nothing.
func (m *ExchangeMutant) noticed(result contract.Result) string {
	for _, f := range result.Findings {
		if m.unknown || f.Evidence.Grade < spec.Undocumented {
			return f.ID
		}
	}
	if !result.Judged {
		return "not of the document"
	}
	return ""
}

// surer says whether a finding breaks a promise: something that the document knows.
func surer(result contract.Result) bool {
	return slices.ContainsFunc(result.Findings, func(f contract.Finding) bool { return f.Evidence.Grade < spec.Undocumented })
}

// corrupter makes the mutants of one exchange.
type corrupter struct {
	of      *Case
	base    contract.Exchange // of it
	root    *spec.Node        // of its body, if that is JSON
	mutants []*ExchangeMutant
}

func (c *corrupter) add(operator, pointer, change string, edit func(*contract.Exchange)) *ExchangeMutant {
	m := &ExchangeMutant{
		Mutant: Mutant{Of: "exchange " + c.of.Name, Operator: operator, Pointer: pointer, Change: change},
		base:   c.of, edit: edit,
	}
	c.mutants = append(c.mutants, m)
	return m
}

// body replaces the body of the response by other bytes.
func (c *corrupter) body(operator, pointer, change string, data func() []byte) *ExchangeMutant {
	return c.add(operator, pointer, change, func(ex *contract.Exchange) { ex.Response.Body = data() })
}

// value edits the body as a tree.
func (c *corrupter) value(operator string, s site, pointer, change string, edit func(*spec.Node)) *ExchangeMutant {
	return c.body(operator, "/response/body"+pointer, change, func() []byte { return write(edited(c.root, s.path, edit)) })
}
