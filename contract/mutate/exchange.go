package mutate

import (
	"slices"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// exchangeMutant is an exchange that is wrong in one place. What is wrong comes from the exchange alone: a generator that
// read the document would not notice what the document has lost.
type exchangeMutant struct {
	operator string
	of       string // the exchange that it was made of
	pointer  string // into the message
	change   string
	exchange func() contract.Exchange
	unknown  bool // something that nobody knows was added: it is enough that the judge says so
}

// mutant names what was made wrong; nobody has noticed it yet.
func (m exchangeMutant) mutant() Mutant {
	return Mutant{Of: "exchange " + m.of, Operator: m.operator, Pointer: m.pointer, Change: m.change, Killers: []Killer{}}
}

// ExchangeMutant is a mutant of an exchange that nobody has judged yet.
type ExchangeMutant struct {
	Mutant
	Exchange contract.Exchange
}

// Exchanges are all mutants of the exchanges that are held against a contract, for judges other than ours.
func Exchanges(c Contract) ([]ExchangeMutant, error) {
	s, err := prepare(c)
	if err != nil {
		return nil, err
	}
	list := []ExchangeMutant{}
	for _, m := range s.corrupt {
		list = append(list, ExchangeMutant{m.mutant(), m.exchange()})
	}
	return list, nil
}

// noticed says whether the judge finds something wrong with an exchange: at grade inferred or surer, or that the document
// does not know the path at all.
func (m exchangeMutant) noticed(result contract.Result) bool {
	return !result.Judged || surer(result) || m.unknown && len(result.Findings) > 0
}

// surer says whether a finding breaks a promise: something that the document knows.
func surer(result contract.Result) bool {
	return slices.ContainsFunc(result.Findings, func(f contract.Finding) bool { return f.Evidence.Grade < spec.Undocumented })
}

// corrupter makes the mutants of one exchange.
type corrupter struct {
	of      string
	base    contract.Exchange
	mutants []exchangeMutant
}

func (c *corrupter) add(operator, pointer, change string, edit func(*contract.Exchange)) {
	base := c.base
	c.mutants = append(c.mutants, exchangeMutant{operator: operator, of: c.of, pointer: pointer, change: change, exchange: func() contract.Exchange {
		ex := base
		edit(&ex)
		return ex
	}})
}

// unknown does the same for something that nobody knows.
func (c *corrupter) unknown(operator, pointer, change string, edit func(*contract.Exchange)) {
	c.add(operator, pointer, change, edit)
	c.mutants[len(c.mutants)-1].unknown = true
}

// body replaces the body of the response by other bytes.
func (c *corrupter) body(operator, pointer, change string, data func() []byte) {
	c.add(operator, pointer, change, func(ex *contract.Exchange) { ex.Response.Body = data() })
}

// value edits the body as a tree.
func (c *corrupter) value(operator string, root *spec.Node, s site, pointer, change string, edit func(*spec.Node)) {
	c.body(operator, "/response/body"+pointer, change, func() []byte { return write(edited(root, s.path, edit)) })
}
