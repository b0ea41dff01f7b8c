package verify

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/redact"
	"github.com/quotaspec/quotaspec/contract/traffic"
)

// Each interaction of a Pact file is a check of its own, since its reader wants to know which test of the consumer is wrong.
// There may be more of them than groups of traffic, because a Pact file is small.
// The id has the words of the interaction, so that it stays the same if others are added:
//
//	a request for all things    listThings/pact=a-request-for-all-things

// pactKey names an interaction.
type pactKey struct {
	checkKey        // its id has the words of the interaction only
	file     string // the Pact file
	number   int
}

// interaction returns the group of an interaction, and makes it if it is new.
func (t *Tally) interaction(key pactKey) *group {
	g := t.pacts[key]
	if g == nil {
		g = &group{key: groupKey{checkKey: key.checkKey}, notChecked: partCounts{}}
		t.pacts[key] = g
	}
	return g
}

// interactionID returns the id of the check of an interaction, from its words.
func interactionID(judge *contract.Judge, operation string, e traffic.Entry) string {
	notInWord := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
	words := strings.FieldsFunc(strings.ToLower(hidden(judge, e, e.Interaction.Description)), notInWord)
	if len(words) == 0 {
		words = []string{"interaction", fmt.Sprint(e.Number)}
	}
	return operation + "/pact=" + strings.Join(words, "-")
}

// interactions returns the groups of all interactions. If several of them have the same words, the first by file and number has
// these for its id, and the next ones have numbers that no other id ends in:
//
//	a thing, a thing 2, a thing    a-thing, a-thing-2, a-thing-3
func (t *Tally) interactions() []*group {
	keys := slices.SortedFunc(maps.Keys(t.pacts), func(a, b pactKey) int {
		return cmp.Or(cmp.Compare(a.file, b.file), a.number-b.number, cmp.Compare(a.id, b.id), a.document-b.document)
	})
	taken, last := map[string]bool{}, map[string]int{} // ids, and the last numbers of words
	for _, key := range keys {
		taken[key.id] = true
	}
	list := []*group{}
	for _, key := range keys {
		g := *t.pacts[key]
		if last[key.id]++; last[key.id] > 1 {
			for ; taken[g.key.id]; last[key.id]++ {
				g.key.id = fmt.Sprintf("%s-%d", key.id, last[key.id])
			}
			last[key.id]--
			taken[g.key.id] = true
		}
		list = append(list, &g)
	}
	return list
}

// hidden returns a text without the secrets of an exchange.
func hidden(judge *contract.Judge, e traffic.Entry, text string) string {
	request, response := e.Exchange.Request, e.Exchange.Response
	r := redact.New(judge.Credentials()...)
	r.Learn(
		redact.Message{Target: request.Target, Header: request.Header, Body: request.Body},
		redact.Message{Header: response.Header, Body: response.Body},
	)
	return r.Hide(text)
}

// isUnknownPath reports whether a result says that the document does not have the path of an interaction.
func isUnknownPath(result contract.Result) bool {
	return len(result.Findings) > 0 && result.Findings[0].ID == "path/undocumented"
}
