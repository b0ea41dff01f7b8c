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
	"strings"
	"sync"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Contract is a document and what is held against it.
type Contract struct {
	File       string      // as it is shown, such as openapi/iam.yaml
	Source     []byte      // the document
	Recordings []Recording // of any document; those of operations of another one are left out
	Cases      []Case
	Inventory  []string // rows as Inventory makes them; empty: there is no inventory
}

// Recording is an exchange that was recorded without the bytes around it, and the findings for it.
type Recording struct {
	Name      string
	Operation string   // the operation's id
	Example   string   // the named example of the document that equals the body; "" if none does
	Breaks    []string // ids of the findings that the judge must report; empty: it is right
	Exchange  contract.Exchange
}

// Case is an exchange of which every byte is known, and what the judge must say of it.
type Case struct {
	Name     string
	Exchange contract.Exchange
	Want     []Want // in any order; empty: it is right
	// Base says that mutants are made of it. It must be right.
	Base bool
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

// Means is a way of noticing.
type Means string

// The ways of noticing, as they are tried.
const (
	ByLoading   Means = "load"      // the document cannot be used, or an operation of it is refused
	ByExchanges Means = "exchanges" // an exchange is judged differently
	ByProbes    Means = "probes"    // other probes are derived
	ByInventory Means = "inventory" // a row of the inventory is another
	ByJudge     Means = "judge"     // of a mutant of an exchange: the judge finds something wrong
)

// Killer is who noticed a mutant.
type Killer struct {
	Means Means
	Name  string // such as recording=iam-200, or the key of a row
	Of    string // the recording or case that the exchange was made of
}

// Options say how much is found out.
type Options struct {
	// All finds every killer of every mutant of a document, not only the first.
	All bool
}

// Run makes and judges every mutant, on all cores. The result does not depend on how many there are.
func Run(contracts []Contract, equivalents *Equivalents, o Options) (*Score, error) {
	subjects, errs := make([]*subject, len(contracts)), make([]error, len(contracts))
	inParallel(len(contracts), func(i int) { subjects[i], errs[i] = prepare(contracts[i]) })
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	ofExchanges, ofDocuments := make([][]Mutant, len(contracts)), make([][]Mutant, len(contracts))
	inParallel(len(contracts), func(i int) {
		ofExchanges[i] = subjects[i].judgeExchanges()
		equivalents.apply(ofExchanges[i])
		subjects[i].choose(ofExchanges[i])
		ofDocuments[i] = subjects[i].judgeDocuments(o)
		equivalents.apply(ofDocuments[i])
	})
	score := &Score{OfDocuments: slices.Concat(ofDocuments...), OfExchanges: slices.Concat(ofExchanges...), equivalents: equivalents}
	for _, s := range subjects {
		score.Documents = append(score.Documents, s.doc)
	}
	return score, nil
}

// subject is a contract while its mutants are judged.
type subject struct {
	Contract
	root     *spec.Node // of the document, without its prose
	doc      *spec.Document
	judge    *contract.Judge
	refused  map[string]bool   // pointers of the operations that the document itself does not let anybody judge
	rows     map[string]string // of the inventory; empty: there is none
	bases    []base
	corrupt  []exchangeMutant
	results  []contract.Result // of corrupt
	statuses []int             // that were answered in corrupt
	corpus   []held
}

// base is an exchange that is right, of which mutants are made.
type base struct {
	name     string
	exchange contract.Exchange
	wire     bool // every byte of it is known
}

// parse makes the judge of a document, and the tree of which mutants are made.
func parse(file string, source []byte) (*contract.Judge, *spec.Node, error) {
	doc, err := spec.Read(file, source, nil)
	if err != nil {
		return nil, nil, err
	}
	judge, err := contract.New(doc)
	if err != nil {
		return nil, nil, err
	}
	return judge, withoutProse(doc.Root), nil
}

func prepare(c Contract) (*subject, error) {
	judge, root, err := parse(c.File, c.Source)
	if err != nil {
		return nil, err
	}
	s := &subject{Contract: c, root: root, judge: judge, doc: judge.Document(), refused: map[string]bool{}}
	for _, op := range s.doc.Operations {
		s.refused[op.Pointer] = op.Refused != nil
	}
	if s.rows, err = rowsOf(c.Inventory); err != nil {
		return nil, fmt.Errorf("%s: %w", c.File, err)
	}
	if len(s.rows) > 0 {
		if err := holds(path.Join(inventoryFolder, s.doc.Name+".txt"), s.rows, Inventory(s.judge, root)); err != nil {
			return nil, err
		}
	}
	return s, s.gather()
}

// gather takes the exchanges that are this document's, and holds that they are judged as they must be.
func (s *subject) gather() error {
	for _, r := range s.Recordings {
		if s.doc.Operation(r.Operation) == nil {
			continue
		}
		h := held{name: "recording=" + r.Name, of: r.Name, exchange: r.Exchange, example: r.Example}
		for _, id := range r.Breaks {
			h.want = append(h.want, Want{ID: id})
		}
		if err := s.hold(h); err != nil {
			return err
		}
		if len(r.Breaks) == 0 {
			s.bases = append(s.bases, base{name: r.Name, exchange: r.Exchange})
		}
	}
	for _, c := range s.Cases {
		if err := s.hold(held{name: "case=" + c.Name, of: c.Name, exchange: c.Exchange, want: c.Want}); err != nil {
			return err
		}
		if c.Base {
			s.bases = append(s.bases, base{name: c.Name, exchange: c.Exchange, wire: true})
		}
	}
	if len(s.bases) == 0 {
		return fmt.Errorf("%s: no exchange is held against it", s.File)
	}
	for _, b := range s.bases {
		c := &corrupter{of: b.name, base: b.exchange}
		if b.wire {
			c.wires()
		} else {
			c.bodies()
			c.foreign(s.bases)
		}
		s.corrupt = append(s.corrupt, c.mutants...)
	}
	return nil
}

func (s *subject) hold(h held) error {
	result := s.judge.Check(h.exchange)
	if why := h.differs(s.doc, result); why != "" {
		return fmt.Errorf("%s, judged by %s: %s", h.name, s.File, why)
	}
	s.corpus = append(s.corpus, h)
	return nil
}

// judgeExchanges judges every mutant of an exchange.
func (s *subject) judgeExchanges() []Mutant {
	mutants := make([]Mutant, len(s.corrupt))
	s.results, s.statuses = make([]contract.Result, len(s.corrupt)), make([]int, len(s.corrupt))
	inParallel(len(mutants), func(i int) {
		m := s.corrupt[i]
		ex := m.exchange()
		s.results[i], s.statuses[i] = s.judge.Check(ex), ex.Response.Status
		mutants[i] = m.mutant()
		if m.noticed(s.results[i]) {
			mutants[i].Killers = append(mutants[i].Killers, Killer{ByJudge, firstOf(m, s.results[i]), m.of})
		}
	})
	return mutants
}

// firstOf names what the judge found first.
func firstOf(m exchangeMutant, result contract.Result) string {
	for _, f := range result.Findings {
		if m.unknown || f.Evidence.Grade < spec.Undocumented {
			return f.ID
		}
	}
	return "not of the document"
}

// judgeDocuments judges every mutant of the document.
func (s *subject) judgeDocuments(o Options) []Mutant {
	made := documentMutants(s.root)
	mutants := make([]Mutant, len(made))
	inParallel(len(made), func(i int) {
		mutants[i] = s.documentMutant(made[i])
		mutants[i].Killers = s.killers(made[i], o)
	})
	return mutants
}

// documentMutant names what was made wrong; nobody has noticed it yet.
func (s *subject) documentMutant(m documentMutant) Mutant {
	return Mutant{Of: "document " + s.doc.Name, Operator: m.operator, Pointer: m.pointer, Change: m.change, Place: s.place(m.pointer), Killers: []Killer{}}
}

// place is the file and the line of a node, or of the nearest node above it where a mutant adds something.
func (s *subject) place(pointer string) string {
	for {
		if n := s.doc.Root.At(pointer); n != nil {
			return n.Place().String()
		}
		pointer = pointer[:strings.LastIndexByte(pointer, '/')]
	}
}

// variant makes the judge of a mutated document. The tree is written and read as JSON, which takes a fraction of the time of YAML. The
// error says why the mutant cannot be used: it is no document, a rule does not compile, or an operation is refused.
func (s *subject) variant(root *spec.Node) (*contract.Judge, error) {
	doc, err := spec.Read(s.File, write(root), nil)
	if err != nil {
		return nil, err
	}
	for _, op := range doc.Operations {
		if op.Refused != nil && !s.refused[op.Pointer] {
			return nil, errors.New(op.Refused.String())
		}
	}
	return s.judge.Variant(doc)
}

// inParallel does n things on all cores.
func inParallel(n int, do func(i int)) {
	var group sync.WaitGroup
	next := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	group.Wait()
}
