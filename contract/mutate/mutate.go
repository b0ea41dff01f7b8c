// Package mutate asks who tests the tests: it makes a contract wrong in one place at a time and says whether anybody would
// notice.
//
// A mutant of a document is noticed if what is held against the document is judged differently by it: recordings, exchanges
// byte by byte, cases that must fail, mutants of all of these, the probes that are derived from it, and an inventory of what
// no exchange shows. A mutant of an exchange is noticed if the judge finds something wrong with it.
//
// It knows nothing of any service, prints nothing, and its results are the same each time.
package mutate

import (
	"errors"
	"fmt"
	"path"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Contract is a document and what is held against it.
type Contract struct {
	File      string   // as it is shown, such as openapi/iam.yaml
	Document  []byte   // YAML or JSON
	Cases     []Case   // recordings of operations of another document are left out
	Inventory []string // rows as InventoryOf makes them; empty: there is no inventory
}

// Case is an exchange, and what the judge must say of it.
type Case struct {
	Name     string
	Exchange contract.Exchange
	Want     []Want // in any order; empty: it is right
	Seed     bool   // mutants are made of it. It must be right.

	// Operation is the id of a recording's operation. It is "" of a case of which every byte is known.
	Operation string
	Example   string // the named example of the document that equals the body of a recording; "" if none does
}

// Want is a finding that the judge must tell.
type Want struct{ ID, Pointer, Grade string }

// Mutant is what was made wrong, and who noticed.
type Mutant struct {
	Of       string // "document iam" or "exchange iam-200"
	Operator string // in words, such as "bound dropped"
	Pointer  string // into the document or the message
	Change   string // into what, where the operator does not say it
	Place    string // of a document's mutant: file and line
	Killers  []Killer
	Reason   string // why it is equivalent to the original; "" if it is not listed as such
}

// String names a mutant. Lines of the equivalents match this text.
func (m Mutant) String() string {
	text := fmt.Sprintf("%s: %s at %s", m.Of, m.Operator, m.Pointer)
	if m.Change != "" {
		text += " (" + m.Change + ")"
	}
	return text
}

// Killed says whether anybody noticed.
func (m Mutant) Killed() bool { return len(m.Killers) > 0 }

// Detector is a way of noticing.
type Detector string

// The ways of noticing, as they are tried.
const (
	ByLoading   Detector = "load"      // the document cannot be used, or an operation of it is refused
	ByExchanges Detector = "exchanges" // an exchange is judged differently
	ByProbes    Detector = "probes"    // other probes are derived
	ByInventory Detector = "inventory" // a row of the inventory is another
	ByJudge     Detector = "judge"     // of a mutant of an exchange: the judge finds something wrong
)

// Killer is who noticed a mutant.
type Killer struct {
	Detector Detector
	Name     string // such as recording=iam-200, or the key of a row
	Case     string // the recording or case whose exchange, or mutant, killed it
}

// Run makes and judges every mutant, on all cores. The result does not depend on how many there are. It finds every killer of
// each mutant of a document if all is true, else the first.
func Run(contracts []Contract, equivalents *Equivalents, all bool) (*Score, error) {
	subjects := []*subject{}
	for _, c := range contracts {
		s, err := prepare(c)
		if err != nil {
			return nil, err
		}
		subjects = append(subjects, s)
	}
	score := &Score{equivalents: equivalents}
	for _, s := range subjects {
		score.Documents = append(score.Documents, s.doc)
		s.judgeExchanges()
		for _, m := range s.corrupt {
			m.Reason, _ = equivalents.Reason(m.String())
			score.ExchangeMutants = append(score.ExchangeMutants, m.Mutant)
		}
		s.choose()
		for _, m := range s.judgeDocuments(all) {
			m.Reason, _ = equivalents.Reason(m.String())
			score.DocumentMutants = append(score.DocumentMutants, m.Mutant)
		}
	}
	return score, nil
}

// subject is a contract while its mutants are judged.
type subject struct {
	Contract
	doc     *spec.Document
	judge   *contract.Judge
	rows    map[string]string // of the inventory; empty: there is none
	corrupt []*ExchangeMutant
	corpus  []held
}

// parse makes the judge of a document.
func parse(file string, source []byte) (*contract.Judge, error) {
	doc, err := spec.Read(file, source, nil)
	if err != nil {
		return nil, err
	}
	return contract.New(doc)
}

func prepare(c Contract) (*subject, error) {
	judge, err := parse(c.File, c.Document)
	if err != nil {
		return nil, err
	}
	s := &subject{Contract: c, judge: judge, doc: judge.Document()}
	if s.rows, err = rowsOf(c.Inventory); err != nil {
		return nil, fmt.Errorf("%s: %w", c.File, err)
	}
	if len(s.rows) > 0 {
		file := path.Join(inventoryFolder, s.doc.Name+".txt")
		if err := holds(file, s.rows, inventoryOf(judge, withoutProse(s.doc.Root))); err != nil {
			return nil, err
		}
	}
	return s, s.gather()
}

// gather takes the exchanges that are this document's, holds that they are judged as they must be, and makes their mutants.
func (s *subject) gather() error {
	for _, c := range s.Cases {
		h := held{Case: c, title: "case=" + c.Name}
		if c.Operation != "" {
			h.title = "recording=" + c.Name
			if s.doc.Operation(c.Operation) == nil {
				continue
			}
		}
		if why := h.differs(s.doc, s.judge.Check(h.Exchange)); why != "" {
			return fmt.Errorf("%s, judged by %s: %s", h.title, s.File, why)
		}
		s.corpus = append(s.corpus, h)
	}
	for i := range s.corpus {
		of := &s.corpus[i].Case
		if !of.Seed {
			continue
		}
		c := &corrupter{of: of, base: of.Exchange}
		if of.Operation == "" {
			c.wires()
		} else {
			c.bodies()
			c.foreign(s.corpus)
		}
		s.corrupt = append(s.corrupt, c.mutants...)
	}
	if len(s.corrupt) == 0 {
		return fmt.Errorf("%s: no exchange is held against it", s.File)
	}
	return nil
}

// judgeExchanges judges every mutant of an exchange.
func (s *subject) judgeExchanges() {
	inParallel(len(s.corrupt), func(i int) {
		m := s.corrupt[i]
		ex := m.Exchange()
		m.status, m.result = ex.Response.Status, s.judge.Check(ex)
		if by := m.noticed(m.result); by != "" {
			m.Killers = []Killer{{ByJudge, by, m.base.Name}}
		}
	})
}

// judgeDocuments makes and judges every mutant of the document.
func (s *subject) judgeDocuments(all bool) []DocumentMutant {
	mutants := documentMutants(s.doc)
	inParallel(len(mutants), func(i int) { mutants[i].Killers = s.killers(mutants[i], all) })
	return mutants
}

// variant makes the judge of a mutated document. The tree is written and read as JSON, which takes a fraction of the time of
// YAML. The error says why the mutant cannot be used: it is no document, a rule does not compile, or an operation is refused.
func (s *subject) variant(root *spec.Node) (*contract.Judge, error) {
	doc, err := spec.Read(s.File, write(root), nil)
	if err != nil {
		return nil, err
	}
	for _, op := range doc.Operations {
		before := func(o *spec.Operation) bool { return o.Pointer == op.Pointer && o.Refused != nil }
		if op.Refused != nil && !slices.ContainsFunc(s.doc.Operations, before) {
			return nil, errors.New(op.Refused.String())
		}
	}
	return s.judge.Recompile(doc)
}

// inParallel does n things on all cores.
func inParallel(n int, do func(i int)) {
	var group sync.WaitGroup
	var begun atomic.Int64
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for i := int(begun.Add(1)) - 1; i < n; i = int(begun.Add(1)) - 1 {
				do(i)
			}
		})
	}
	group.Wait()
}
