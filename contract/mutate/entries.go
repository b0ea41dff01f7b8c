package mutate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Every mutant of a document judges a fixed list of entries. An entry is a case with its expected findings, or a mutant of
// an exchange with the verdict of the unmutated document. The first entry with another result kills the mutant. For example,
// if "maximum: 100" is dropped from a schema, the entry whose number is 101 is no longer killed, and so kills the mutant.

// entry is an exchange with the result that it had by the unmutated document.
type entry struct {
	Case
	title         string          // such as recording=iam-200, or the name of the mutant
	mutant        *ExchangeMutant // nil: the findings must be those of the case
	killed        bool            // whether the judge killed the mutant
	breaksPromise bool            // whether a finding on the mutant was graded above undocumented
}

// mismatch says how a result differs from the expected one. It is "" for equal results.
func (e *entry) mismatch(doc *spec.Document, result contract.Result) string {
	if len(result.Errors) > 0 {
		return result.Errors[0].Error()
	}
	if e.mutant != nil {
		switch killed := e.mutant.killer(result) != ""; {
		case killed != e.killed:
			return fmt.Sprintf("killed: got %t, want %t", killed, e.killed)
		case e.mutant.undocumented && breaksPromise(result) != e.breaksPromise:
			return "what the document does not know is found at another grade"
		}
		return ""
	}
	switch {
	case !result.Judged:
		return "the document has no such path"
	case !matchesAll(e.Want, result.Findings):
		return fmt.Sprintf("got findings %v, want %v", result.Findings, e.Want)
	case e.Example != "" && !e.equalsExample(doc, result.Operation):
		return fmt.Sprintf("the body differs from the example %s", e.Example)
	}
	return ""
}

// matchesAll reports whether the findings are exactly the expected ones, in any order. Each expected finding stands for one, so
// that two equal findings need two of them.
func matchesAll(want []Want, got []contract.Finding) bool {
	if len(want) != len(got) {
		return false
	}
	open := slices.Clone(want)
	for _, f := range got {
		i := slices.IndexFunc(open, func(w Want) bool { return w.matches(f) })
		if i < 0 {
			return false
		}
		open = slices.Delete(open, i, i+1)
	}
	return true
}

func (w Want) matches(f contract.Finding) bool {
	samePointer := w.Pointer == "" || w.Pointer == f.Pointer
	sameGrade := w.Grade == "" || w.Grade == f.Evidence.Grade.String()
	return w.ID == f.ID && samePointer && sameGrade
}

// equalsExample reports whether the body of the response equals the document's example of that name.
func (e *entry) equalsExample(doc *spec.Document, operation string) bool {
	op := doc.Operation(operation)
	if op == nil {
		return false
	}
	response := op.Response(e.Exchange.Response.Status)
	if response == nil {
		return false
	}
	body, _, _ := strictjson.Parse(e.Exchange.Response.Body)
	for _, media := range response.Content {
		for _, example := range media.Examples {
			if example.Name == e.Example && example.Value != nil {
				return strictjson.Equal(body, strictjson.FromAny(example.Value.Value()))
			}
		}
	}
	return false
}

// maxFindings is how many findings a mutant of an exchange may have to become an entry. More findings say less: if one of
// them is lost, the others still kill the mutant.
const maxFindings = 4

// addMutantEntries adds some mutants of exchanges to the entries. Taking all of them would find no more and take longer. For
// each operator and each place of the document at which it made the judge find something, it takes the mutant with the
// fewest findings. It also takes one mutant for each line of the equivalents, which must stay correct.
func (s *subject) addMutantEntries() {
	taken := map[string]bool{}
	take := func(m *ExchangeMutant, key string) {
		if taken[key] {
			return
		}
		taken[key] = true
		s.entries = append(s.entries, entry{
			Case: Case{Name: m.seed.Name, Exchange: m.Exchange()}, title: m.String(),
			mutant: m, killed: m.Killed(), breaksPromise: breaksPromise(m.result),
		})
	}
	for _, most := range []int{1, 2, maxFindings} {
		for _, m := range s.exchangeMutants {
			operation := m.result.Operation
			if !m.Killed() && m.Reason != "" {
				status := 0 // any, but for headers: each status has its own
				if strings.HasPrefix(m.Pointer, "/response/headers") {
					status = m.status
				}
				take(m, fmt.Sprint(m.Reason, operation, status, m.Operator, lastName(m.Pointer)))
			}
			if !m.Killed() || len(m.result.Findings) > most {
				continue
			}
			for _, f := range m.result.Findings {
				if isFromRFC(f) { // no document changes these findings, so one of each id is enough
					take(m, fmt.Sprint(operation, f.ID))
					continue
				}
				take(m, fmt.Sprint(operation, m.status, f.ID))
				if m.kills(f) {
					take(m, fmt.Sprint(f.ID, f.Node.Pointer(), lastName(f.Pointer), m.Operator, m.changeClass()))
				}
			}
		}
	}
}

// isFromRFC reports whether HTTP or JSON makes the promise, not the document.
func isFromRFC(f contract.Finding) bool { return strings.HasPrefix(f.Evidence.Source[0], "RFC ") }

// lastName is the last token of a pointer that is no array index.
func lastName(pointer string) string {
	parts := strings.Split(pointer, "/")
	for i := len(parts) - 1; i > 0; i-- {
		if strings.Trim(parts[i], "0123456789") != "" {
			return parts[i]
		}
	}
	return ""
}

// killers lists what kills a mutant of the document: the first detection, or all of them.
func (s *subject) killers(m DocumentMutant, all bool) []Killer {
	root := m.root()
	judge, err := s.recompile(root)
	if err != nil {
		return []Killer{{ByLoading, err.Error(), ""}}
	}
	found := []Killer{}
	for _, e := range s.entries {
		if e.mismatch(judge.Document(), judge.Check(e.Exchange)) != "" {
			if found = append(found, Killer{ByExchanges, e.title, e.Name}); !all {
				return found
			}
		}
	}
	if len(s.rows) == 0 {
		return found
	}
	changed := changedRows(s.rows, inventoryOf(judge, root))
	// Probes come first, so that ByInventory counts what nothing else detects.
	for _, detector := range []Detector{ByProbes, ByInventory} {
		for _, key := range changed {
			if (detector == ByProbes) != strings.HasPrefix(key, "probe ") {
				continue
			}
			if found = append(found, Killer{detector, key, ""}); !all {
				return found
			}
		}
	}
	return found
}
