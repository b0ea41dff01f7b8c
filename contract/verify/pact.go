package verify

import (
	"fmt"
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

// interactionID returns the id of the check of an interaction. If several interactions have the same description, the id of
// the second ends in -2.
func (c *Collector) interactionID(judge *contract.Judge, operation string, e traffic.Entry) string {
	notInWord := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
	words := strings.FieldsFunc(strings.ToLower(hidden(judge, e, e.Interaction.Description)), notInWord)
	if len(words) == 0 {
		words = []string{"interaction", fmt.Sprint(e.Number)}
	}
	first := operation + "/pact=" + strings.Join(words, "-")
	id := first
	for c.groups[id] != nil {
		c.places[first]++
		id = fmt.Sprintf("%s-%d", first, c.places[first]+1)
	}
	return id
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
