package mutate

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi"
)

// held is an exchange that is held against a document, and what the judge must say of it.
type held struct {
	name, of string
	exchange contract.Exchange
	want     []string        // ids, in any order
	mutant   *exchangeMutant // instead of ids: it must be noticed, or must not be
	noticed  bool

	example string // the named example of the document that equals the body
	body    []byte

	operation, answer string // pointers of what the original document says of it
}

// locate notes which part of the document the exchange is about.
func (h *held) locate(doc *openapi.Document, v contract.Verdict) {
	if op := doc.Operation(v.Operation); op != nil && v.Operation != "" {
		h.operation = op.Pointer
		if r := op.Response(h.exchange.Response.Status); r != nil {
			h.answer = op.Pointer + "/responses/" + r.Status
		}
	}
}

// differs says in what a verdict is not the one that must be; "" if it is.
func (h *held) differs(doc *openapi.Document, v contract.Verdict) string {
	if len(v.Errors) > 0 {
		return v.Errors[0].Error()
	}
	if h.mutant != nil {
		if h.mutant.noticed(v) != h.noticed {
			return fmt.Sprintf("noticed: want %t", h.noticed)
		}
		return ""
	}
	ids := []string{}
	for _, d := range v.Deviations {
		ids = append(ids, d.ID)
	}
	switch want, got := sorted(h.want), sorted(ids); {
	case !v.Judged:
		return "it is not judged at all"
	case !slices.Equal(want, got):
		return fmt.Sprintf("want [%s], got [%s]", strings.Join(want, ", "), strings.Join(got, ", "))
	case h.example != "" && !h.equalsExample(doc, v.Operation):
		return fmt.Sprintf("the example %s is another", h.example)
	}
	return ""
}

// equalsExample says whether the body is the named example of the document.
func (h *held) equalsExample(doc *openapi.Document, operation string) bool {
	op := doc.Operation(operation)
	if op == nil {
		return false
	}
	answer := op.Response(h.exchange.Response.Status)
	if answer == nil {
		return false
	}
	for _, media := range answer.Spec.Content {
		example := media.Examples[h.example]
		if example == nil || example.Value == nil {
			continue
		}
		var recorded, shown any
		text, err := json.Marshal(example.Value.Value)
		if err != nil || json.Unmarshal(text, &shown) != nil || json.Unmarshal(h.body, &recorded) != nil {
			return false
		}
		return reflect.DeepEqual(recorded, shown)
	}
	return false
}

// choose adds mutants of exchanges to what is held against the document: for each thing that the judge found somewhere in
// the document one by which it found nothing else, and one for each line of the equivalents, which must stay right. All of
// them would do, and take longer.
func (s *subject) choose(judged []Mutant) {
	seen := map[string]bool{}
	for _, alone := range []bool{true, false} {
		for i, m := range s.corrupt {
			v := s.verdicts[i]
			for _, d := range v.Deviations {
				h := held{name: judged[i].String(), of: m.of, exchange: m.exchange(), mutant: &s.corrupt[i], noticed: true}
				h.locate(s.doc, v)
				key := fmt.Sprint(h.operation, h.answer, d.ID, d.Node)
				if judged[i].Killed() && !seen[key] && (!alone || len(v.Deviations) == 1) {
					seen[key] = true
					s.corpus = append(s.corpus, h)
					break
				}
			}
			h := held{name: judged[i].String(), of: m.of, exchange: m.exchange(), mutant: &s.corrupt[i]}
			h.locate(s.doc, v)
			key := fmt.Sprint(judged[i].Reason, h.operation, h.answer, m.operator, m.pointer)
			if alone && !judged[i].Killed() && judged[i].Reason != "" && !seen[key] {
				seen[key] = true
				s.corpus = append(s.corpus, h)
			}
		}
	}
}

// killers finds who notices a mutant of the document: the first, or all.
func (s *subject) killers(m documentMutant, reach *reach, o Options) []Killer {
	root := m.root()
	doc, err := s.variants.Load(root)
	var judge *contract.Judge
	if err == nil {
		judge, err = s.judge.Variant(doc)
	}
	if err != nil {
		return []Killer{{ByLoading, err.Error(), ""}}
	}
	found := []Killer{}
	concerns := reach.of(m.pointer)
	for _, h := range s.corpus {
		if !concerns(h) {
			continue
		}
		if why := h.differs(doc, judge.Exchange(h.exchange)); why != "" {
			if found = append(found, Killer{ByExchanges, h.name, h.of}); !o.All {
				return found
			}
		}
	}
	if len(s.rows) == 0 {
		return found
	}
	for _, key := range changedRows(s.rows, Inventory(doc, root)) {
		means := ByInventory
		if strings.HasPrefix(key, "probe ") {
			means = ByProbes
		}
		if found = append(found, Killer{means, key, ""}); !o.All {
			return found
		}
	}
	return found
}
