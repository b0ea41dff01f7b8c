package mutate

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// held is an exchange that is held against a document, and what the judge must say of it.
type held struct {
	name, of string
	exchange contract.Exchange
	want     []Want          // in any order
	mutant   *exchangeMutant // instead of ids: it must be noticed, or must not be
	noticed  bool
	surer    bool // at a grade above undocumented

	example string // the named example of the document that equals the body
}

// differs says in what a result is not the one that must be; "" if it is.
func (h *held) differs(doc *spec.Document, result contract.Result) string {
	if len(result.Errors) > 0 {
		return result.Errors[0].Error()
	}
	if h.mutant != nil {
		switch noticed := h.mutant.noticed(result); {
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
	case !told(h.want, result.Findings):
		return fmt.Sprintf("want %v, got %v", h.want, result.Findings)
	case h.example != "" && !h.equalsExample(doc, result.Operation):
		return fmt.Sprintf("the example %s is another", h.example)
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
	response := op.Response(h.exchange.Response.Status)
	if response == nil {
		return false
	}
	for _, media := range response.Content {
		i := slices.IndexFunc(media.Examples, func(e spec.Example) bool { return e.Name == h.example })
		if i < 0 || media.Examples[i].Value == nil {
			continue
		}
		var recorded, shown any
		text, err := json.Marshal(media.Examples[i].Value.Value())
		if err != nil || json.Unmarshal(text, &shown) != nil || json.Unmarshal(h.exchange.Response.Body, &recorded) != nil {
			return false
		}
		return reflect.DeepEqual(recorded, shown)
	}
	return false
}

// choose adds mutants of exchanges to what is held against the document. All of them would do and take longer, so one stands
// for each operator and each place of the document at which it made the judge find something, if possible nothing else; and
// one for each that is listed as equivalent, which must stay right.
func (s *subject) choose(judged []Mutant) {
	taken := map[string]bool{}
	take := func(i int, noticed bool, key string) {
		if taken[key] {
			return
		}
		taken[key] = true
		s.corpus = append(s.corpus, held{name: judged[i].String(), of: s.corrupt[i].of, exchange: s.corrupt[i].exchange(), mutant: &s.corrupt[i], noticed: noticed, surer: surer(s.results[i])})
	}
	for _, most := range []int{1, 2, maxTogether} {
		for i, m := range s.corrupt {
			result := s.results[i]
			if !judged[i].Killed() && judged[i].Reason != "" {
				status := 0 // of a header: each status has its own
				if strings.HasPrefix(m.pointer, "/response/headers") {
					status = s.statuses[i]
				}
				take(i, false, fmt.Sprint(judged[i].Reason, result.Operation, status, m.operator, lastName(m.pointer)))
			}
			if !judged[i].Killed() || len(result.Findings) > most {
				continue
			}
			for _, f := range result.Findings {
				if standard(f) { // no document can change that it is found, so one of a kind is enough
					take(i, true, fmt.Sprint(result.Operation, f.ID))
					continue
				}
				take(i, true, fmt.Sprint(result.Operation, s.statuses[i], f.ID))
				if m.unknown || f.Evidence.Grade < spec.Undocumented {
					take(i, true, fmt.Sprint(f.ID, f.Node.Pointer(), lastName(f.Pointer), m.operator, sign(m)))
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
func sign(m exchangeMutant) string {
	if m.change == "" || m.operator == "media type swapped" {
		return m.change
	}
	return m.change[:1]
}

// killers finds who notices a mutant of the document: the first, or all.
func (s *subject) killers(m documentMutant, o Options) []Killer {
	root := m.root()
	judge, err := s.variant(root)
	if err != nil {
		return []Killer{{ByLoading, err.Error(), ""}}
	}
	found := []Killer{}
	for _, h := range s.corpus {
		if why := h.differs(judge.Document(), judge.Check(h.exchange)); why != "" {
			if found = append(found, Killer{ByExchanges, h.name, h.of}); !o.All {
				return found
			}
		}
	}
	if len(s.rows) == 0 {
		return found
	}
	changed := changedRows(s.rows, Inventory(judge, root))
	for _, means := range []Means{ByProbes, ByInventory} { // so that what only the inventory notices is counted as that
		for _, key := range changed {
			if (means == ByProbes) != strings.HasPrefix(key, "probe ") {
				continue
			}
			if found = append(found, Killer{means, key, ""}); !o.All {
				return found
			}
		}
	}
	return found
}
