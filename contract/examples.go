package contract

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Examples makes an exchange of each named example in an operation's responses, in the order of the document's responses
// and of the names of their media types. Check them to judge a document by itself. The request is Unrecorded, so that
// rules about requests do not apply.
func (j *Judge) Examples(op *spec.Operation) []Exchange {
	list := []Exchange{}
	for _, r := range op.Responses {
		status, err := strconv.Atoi(r.Status)
		if err != nil {
			continue // an example of a range or the default has no status
		}
		byName := func(a, b *spec.MediaType) int { return strings.Compare(a.Name, b.Name) }
		for _, media := range slices.SortedFunc(slices.Values(r.Content), byName) {
			for _, example := range media.Examples {
				if example.Value == nil {
					continue // an externalValue is never fetched
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
