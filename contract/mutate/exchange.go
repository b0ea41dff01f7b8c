package mutate

import (
	"slices"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// ExchangeMutant is an exchange that is wrong in one place. The change derives from the exchange alone, never from the
// document: if the document has lost a promise, the mutant that breaks it is still made.
type ExchangeMutant struct {
	Mutant

	seed         *Case
	edit         func(*contract.Exchange)
	undocumented bool // the change adds something that no document knows, so a finding at grade undocumented kills it

	status int             // of the mutated response
	result contract.Result // by the unmutated document
}

// Exchange applies the change to a copy of the seed exchange.
func (m *ExchangeMutant) Exchange() contract.Exchange {
	ex := m.seed.Exchange
	m.edit(&ex)
	return ex
}

// Exchanges makes all mutants of a contract's seed exchanges, for other judges to judge. They have no killers.
func Exchanges(c Contract) ([]*ExchangeMutant, error) {
	s, err := prepare(c)
	if err != nil {
		return nil, err
	}
	return s.exchangeMutants, nil
}

// Mutants makes the mutants of one exchange that its document may judge: of the status, the body and
// the headers of its response, and of its request. Those of framing are not among them. They have no killers.
func (c Case) Mutants() []*ExchangeMutant {
	m := &exchangeMutator{seed: &c}
	m.responseBody()
	m.responseHeaders()
	m.statuses([]int{200, 201, 204, 302, 400, 404, 500})
	m.query()
	m.requestHeaders()
	return m.mutants
}

// killer is the id of the first finding that kills the mutant, "not of the document" if the document does not know its path,
// or "" if it survives.
func (m *ExchangeMutant) killer(result contract.Result) string {
	if i := slices.IndexFunc(result.Findings, m.kills); i >= 0 {
		return result.Findings[i].ID
	}
	if !result.Judged {
		return "not of the document"
	}
	return ""
}

// kills reports whether a finding kills the mutant.
func (m *ExchangeMutant) kills(f contract.Finding) bool { return m.undocumented || isPromise(f) }

// isPromise reports whether a finding is about something that the document promises: it is graded inferred or higher.
func isPromise(f contract.Finding) bool { return f.Evidence.Grade < spec.Undocumented }

func breaksPromise(result contract.Result) bool {
	return slices.ContainsFunc(result.Findings, isPromise)
}

// changeClass puts changes together that test the same thing: all numbers below zero, for example. Each media type is a
// class of its own.
func (m *ExchangeMutant) changeClass() string {
	if m.Change == "" || m.Operator == "media type swapped" {
		return m.Change
	}
	return m.Change[:1]
}

// exchangeMutator makes the mutants of one exchange. Its methods are the operators; add, body, value and header record a
// mutant as an edit, which is applied each time that the mutant is judged.
type exchangeMutator struct {
	seed    *Case
	root    *spec.Node // of the response's JSON body
	mutants []*ExchangeMutant
}

func (m *exchangeMutator) add(operator, pointer, change string, edit func(*contract.Exchange)) *ExchangeMutant {
	mutant := &ExchangeMutant{
		Mutant: Mutant{Of: "exchange " + m.seed.Name, Operator: operator, Pointer: pointer, Change: change},
		seed:   m.seed, edit: edit,
	}
	m.mutants = append(m.mutants, mutant)
	return mutant
}

// body replaces the bytes of the response's body.
func (m *exchangeMutator) body(operator, pointer, change string, data func() []byte) *ExchangeMutant {
	return m.add(operator, pointer, change, func(ex *contract.Exchange) { ex.Response.Body = data() })
}

// value edits the body as a tree. The pointer begins at the body's root.
func (m *exchangeMutator) value(operator string, s site, pointer, change string, edit func(*spec.Node)) *ExchangeMutant {
	return m.body(operator, "/response/body"+pointer, change, func() []byte { return write(edited(m.root, s.path, edit)) })
}
