// Package mutate measures how well a contract is tested. It makes the contract wrong in one place at a time and checks
// that the difference is detected. In the words of mutation testing, a mutant is killed or survives.
//
// There are two kinds of mutants. A mutant of the document has one keyword, status, header or rule changed:
//
//	document things: bound dropped at /components/schemas/Thing/properties/count/maximum
//
// The package recompiles the judge with it and judges the known exchanges again. The mutant is killed if it does not load, if
// one result differs, if other probes are derived from it, or if a row of the inventory changes. The inventory lists what no
// exchange can show, such as grades and sources. A mutant of an exchange has one member, header or byte changed and is
// killed if the judge finds something wrong. Mutants of exchanges also serve as exchanges to kill mutants of documents.
//
// Operators read only the document or the exchange that they change, and their order is that of the file, so every run has
// the same results. The package knows no service and prints nothing but through Text.
package mutate

import (
	"errors"
	"fmt"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Contract is a document and the exchanges that test it.
type Contract struct {
	File      string   // the document's path as reports show it, such as openapi/iam.yaml
	Document  []byte   // YAML or JSON
	Cases     []Case   // recordings of operations of other documents are ignored
	Inventory []string // rows in the format of InventoryOf; empty: there is no inventory
}

// Case is an exchange and the findings that the judge must report for it.
type Case struct {
	Name     string
	Exchange contract.Exchange
	Want     []Want // in any order; empty: the exchange is correct
	Seed     bool   // mutants are made from this exchange, which must be correct

	// Operation is the operation id of a recording. It is "" for a complete HTTP message, whose every byte is known.
	Operation string
	Example   string // the document's named example that equals the body of a recording; "" if there is none
}

// Want is an expected finding. An empty Pointer or Grade matches any.
type Want struct{ ID, Pointer, Grade string }

// String shows the parts that are set: "schema/type /response/body/id documented".
func (w Want) String() string {
	return strings.Join(strings.Fields(w.ID+" "+w.Pointer+" "+w.Grade), " ")
}

// Mutant is one change and what killed it.
type Mutant struct {
	Of       string // what was changed: "document iam" or "exchange iam-200"
	Operator string // the kind of change, such as "bound dropped"
	Pointer  string // JSON pointer into the document or the message
	Change   string // the new value, where the operator does not imply it
	Place    string // file and line, for mutants of documents
	Killers  []Killer
	Reason   string // why the mutant is equivalent to the original; "" if it is not listed as equivalent
}

// String is the mutant's name. Lines of the equivalents match this text.
func (m Mutant) String() string {
	text := fmt.Sprintf("%s: %s at %s", m.Of, m.Operator, m.Pointer)
	if m.Change != "" {
		text += " (" + m.Change + ")"
	}
	return text
}

// Killed reports whether something detected the mutant.
func (m Mutant) Killed() bool { return len(m.Killers) > 0 }

// Detector is a way to kill a mutant.
type Detector string

// The detectors, in the order in which they are tried.
const (
	ByLoading   Detector = "load"      // the document does not load, or one of its operations is refused
	ByExchanges Detector = "exchanges" // the result of an exchange differs
	ByProbes    Detector = "probes"    // other probes are derived
	ByInventory Detector = "inventory" // a row of the inventory differs
	ByJudge     Detector = "judge"     // for mutants of exchanges: the judge finds something wrong
)

// Killer is one detection of a mutant.
type Killer struct {
	Detector Detector
	Name     string // such as recording=iam-200, the key of an inventory row, or the id of a finding
	Case     string // the recording or case whose exchange, or mutant, killed it
}

// Run makes and judges every mutant, on all cores. The result does not depend on their number. With all it lists every
// killer of each mutant of a document, else the first. It fails if an exchange or the inventory contradicts the unmutated
// document. Run marks the lines of the equivalents that match, so each run needs equivalents of its own.
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
		s.judgeExchangeMutants()
		for _, m := range s.exchangeMutants {
			m.Reason, _ = equivalents.Reason(m.String())
			score.ExchangeMutants = append(score.ExchangeMutants, m.Mutant)
		}
		s.addMutantEntries()
		for _, m := range s.judgeDocumentMutants(all) {
			m.Reason, _ = equivalents.Reason(m.String())
			score.DocumentMutants = append(score.DocumentMutants, m.Mutant)
		}
	}
	return score, nil
}

// subject is a contract while its mutants are made and judged.
type subject struct {
	Contract
	doc             *spec.Document
	judge           *contract.Judge   // of the unmutated document
	rows            map[string]string // of the inventory; empty: there is none
	exchangeMutants []*ExchangeMutant
	entries         []entry
}

// newJudge makes the judge of a document.
func newJudge(file string, document []byte) (*contract.Judge, error) {
	doc, err := spec.Read(file, document, nil)
	if err != nil {
		return nil, err
	}
	return contract.New(doc)
}

// prepare loads a contract, checks it against its own document and makes the mutants of its exchanges.
func prepare(c Contract) (*subject, error) {
	judge, err := newJudge(c.File, c.Document)
	if err != nil {
		return nil, err
	}
	s := &subject{Contract: c, judge: judge, doc: judge.Document()}
	if s.rows, err = parseRows(c.Inventory); err != nil {
		return nil, fmt.Errorf("%s: %w", c.File, err)
	}
	if len(s.rows) > 0 {
		file := path.Join(inventoryFolder, s.doc.Name+".txt")
		if err := compareInventory(file, s.rows, inventoryOf(judge, withoutProse(s.doc.Root))); err != nil {
			return nil, err
		}
	}
	return s, s.addCases()
}

// addCases takes the cases of this document, checks that the judge reports what they expect, and mutates the seeds.
func (s *subject) addCases() error {
	for _, c := range s.Cases {
		e := entry{Case: c, title: "case=" + c.Name}
		if c.Operation != "" {
			e.title = "recording=" + c.Name
			if s.doc.Operation(c.Operation) == nil {
				continue
			}
		}
		if why := e.mismatch(s.doc, s.judge.Check(e.Exchange)); why != "" {
			return fmt.Errorf("%s, judged by %s: %s", e.title, s.File, why)
		}
		s.entries = append(s.entries, e)
	}
	for i := range s.entries {
		seed := &s.entries[i].Case
		if !seed.Seed {
			continue
		}
		m := &exchangeMutator{seed: seed}
		if seed.Operation == "" {
			m.messages()
		} else {
			m.responseBody()
			m.otherBodies(s.entries)
		}
		s.exchangeMutants = append(s.exchangeMutants, m.mutants...)
	}
	if len(s.exchangeMutants) == 0 {
		return fmt.Errorf("%s: no correct exchange to mutate: add recordings or %s/%s/*.http", s.File, exchangesFolder, s.doc.Name)
	}
	return nil
}

func (s *subject) judgeExchangeMutants() {
	inParallel(len(s.exchangeMutants), func(i int) {
		m := s.exchangeMutants[i]
		ex := m.Exchange()
		m.status, m.result = ex.Response.Status, s.judge.Check(ex)
		if id := m.killer(m.result); id != "" {
			m.Killers = []Killer{{ByJudge, id, m.seed.Name}}
		}
	})
}

func (s *subject) judgeDocumentMutants(all bool) []DocumentMutant {
	mutants := documentMutants(s.doc)
	inParallel(len(mutants), func(i int) { mutants[i].Killers = s.killers(mutants[i], all) })
	return mutants
}

// recompile makes the judge of a mutated document. It passes the tree as JSON, which takes a fraction of the time of YAML.
// It fails if the document does not load, a rule does not compile, or an operation is refused that was not before.
func (s *subject) recompile(root *spec.Node) (*contract.Judge, error) {
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

// inParallel calls do with 0 to n-1, on all cores. A worker takes the next number when it is done with one.
func inParallel(n int, do func(i int)) {
	var group sync.WaitGroup
	var started atomic.Int64
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for i := int(started.Add(1)) - 1; i < n; i = int(started.Add(1)) - 1 {
				do(i)
			}
		})
	}
	group.Wait()
}
