package contract

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Examples makes an exchange of every named example of an operation's responses, so that a document can be judged by itself.
// Of the request nothing is known: rules that speak of it say nothing here.
func (j *Judge) Examples(op *spec.Operation) []Exchange {
	list := []Exchange{}
	for _, r := range op.Responses {
		status, err := strconv.Atoi(r.Status)
		if err != nil {
			continue // a range or the default: the example is of no one status
		}
		byName := func(a, b *spec.MediaType) int { return strings.Compare(a.Name, b.Name) }
		for _, media := range slices.SortedFunc(slices.Values(r.Content), byName) {
			for _, example := range media.Examples {
				if example.Value == nil {
					continue // it stands elsewhere, and nobody else is asked
				}
				body, err := json.Marshal(example.Value.Value())
				if err != nil {
					continue
				}
				list = append(list, Exchange{
					Request:    Request{Method: op.Method, Target: op.Path},
					Response:   Response{Status: status, Header: http.Header{"Content-Type": {media.Name}}, Body: body},
					Unrecorded: UnrecordedRequest | UnrecordedResponseHeaders | UnrecordedFraming,
				})
			}
		}
	}
	return list
}
