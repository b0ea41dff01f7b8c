package mutate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/strictjson"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// held is an exchange that is held against a document, and what the judge must say of it.
type held struct {
	Case
	title   string          // such as recording=iam-200, or the name of the mutant
	mutant  *ExchangeMutant // nil: the judge must say what the case wants
	noticed bool            // of the mutant: whether it must be
	surer   bool            // of the mutant: at a grade above undocumented
}

// differs says in what a result is not the one that must be; "" if it is.
func (h *held) differs(doc *spec.Document, result contract.Result) string {
	if len(result.Errors) > 0 {
		return result.Errors[0].Error()
	}
	if h.mutant != nil {
		switch noticed := h.mutant.noticed(result) != ""; {
		case noticed != h.noticed:
			return fmt.Sprintf("noticed: want %t", h.noticed)
		case h.mutant.unknown && surer(result) != h.surer:
			return "what nobody knows is wrong at another grade"
		}
		return ""
	}
	switch {
	case !result.Judged:
		return "it is not judged at all"
	case !told(h.Want, result.Findings):
		return fmt.Sprintf("want %v, got %v", h.Want, result.Findings)
	case h.Example != "" && !h.equalsExample(doc, result.Operation):
		return fmt.Sprintf("the example %s is another", h.Example)
	}
	return ""
}

// told says whether the judge found just what it must.
func told(want []Want, got []contract.Finding) bool {
	if len(want) != len(got) {
		return false
	}
	open := slices.Clone(want)
	for _, f := range got {
		i := slices.IndexFunc(open, func(w Want) bool {
			return w.ID == f.ID && (w.Pointer == "" || w.Pointer == f.Pointer) && (w.Grade == "" || w.Grade == f.Evidence.Grade.String())
		})
		if i < 0 {
			return false
		}
		open = slices.Delete(open, i, i+1)
	}
	return true
}

// equalsExample says whether the body is the named example of the document.
func (h *held) equalsExample(doc *spec.Document, operation string) bool {
	op := doc.Operation(operation)
	if op == nil {
		return false
	}
	response := op.Response(h.Exchange.Response.Status)
	if response == nil {
		return false
	}
	body, _, _ := strictjson.Parse(h.Exchange.Response.Body)
	for _, media := range response.Content {
		for _, e := range media.Examples {
			if e.Name == h.Example && e.Value != nil {
				return strictjson.Equal(body, strictjson.FromAny(e.Value.Value()))
			}
		}
	}
	return false
}

// choose adds mutants of exchanges to what is held against the document. All of them would do and take longer, so one stands
// for each operator and each place of the document at which it made the judge find something, if possible nothing else; and
// one for each that is listed as equivalent, which must stay right.
func (s *subject) choose() {
	taken := map[string]bool{}
	take := func(m *ExchangeMutant, noticed bool, key string) {
		if taken[key] {
			return
		}
		taken[key] = true
		made := Case{Name: m.base.Name, Exchange: m.Exchange()}
		s.corpus = append(s.corpus, held{Case: made, title: m.String(), mutant: m, noticed: noticed, surer: surer(m.result)})
	}
	for _, most := range []int{1, 2, maxTogether} {
		for _, m := range s.corrupt {
			operation := m.result.Operation
			if !m.Killed() && m.Reason != "" {
				status := 0 // of a header: each status has its own
				if strings.HasPrefix(m.Pointer, "/response/headers") {
					status = m.status
				}
				take(m, false, fmt.Sprint(m.Reason, operation, status, m.Operator, lastName(m.Pointer)))
			}
			if !m.Killed() || len(m.result.Findings) > most {
				continue
			}
			for _, f := range m.result.Findings {
				if standard(f) { // no document can change that it is found, so one of a kind is enough
					take(m, true, fmt.Sprint(operation, f.ID))
					continue
				}
				take(m, true, fmt.Sprint(operation, m.status, f.ID))
				if m.unknown || f.Evidence.Grade < spec.Undocumented {
					take(m, true, fmt.Sprint(f.ID, f.Node.Pointer(), lastName(f.Pointer), m.Operator, sign(m)))
				}
			}
		}
	}
}

// standard says whether HTTP or JSON asks for it, and not the document.
func standard(f contract.Finding) bool { return strings.HasPrefix(f.Evidence.Source[0], "RFC ") }

// maxTogether is how many findings a mutant may have at most to be held against the document: the more, the less it says.
const maxTogether = 4

// lastName is the last token of a pointer that is no index.
func lastName(pointer string) string {
	parts := strings.Split(pointer, "/")
	for i := len(parts) - 1; i > 0; i-- {
		if strings.Trim(parts[i], "0123456789") != "" {
			return parts[i]
		}
	}
	return ""
}

// sign tells what lies below a bound from what lies above, and one media type from another.
func sign(m *ExchangeMutant) string {
	if m.Change == "" || m.Operator == "media type swapped" {
		return m.Change
	}
	return m.Change[:1]
}

// killers finds who notices a mutant of the document: the first, or all.
func (s *subject) killers(m DocumentMutant, all bool) []Killer {
	root := m.root()
	judge, err := s.variant(root)
	if err != nil {
		return []Killer{{ByLoading, err.Error(), ""}}
	}
	found := []Killer{}
	for _, h := range s.corpus {
		if why := h.differs(judge.Document(), judge.Check(h.Exchange)); why != "" {
			if found = append(found, Killer{ByExchanges, h.title, h.Name}); !all {
				return found
			}
		}
	}
	if len(s.rows) == 0 {
		return found
	}
	changed := changedRows(s.rows, inventoryOf(judge, root))
	for _, means := range []Detector{ByProbes, ByInventory} { // so that what only the inventory notices is counted as that
		for _, key := range changed {
			if (means == ByProbes) != strings.HasPrefix(key, "probe ") {
				continue
			}
			if found = append(found, Killer{means, key, ""}); !all {
				return found
			}
		}
	}
	return found
}
