package contract

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/quotaspec/quotaspec/openapi"
)

// Examples makes an exchange of every named example of an operation's responses, so that a document can be judged by itself.
// Of the request nothing is known: rules that speak of it say nothing here.
func (j *Judge) Examples(op *openapi.Operation) []Exchange {
	list := []Exchange{}
	for _, r := range op.Responses {
		status, err := strconv.Atoi(r.Status)
		if err != nil {
			continue // a range or the default: the example is of no one status
		}
		for _, mediaType := range sortedKeys(r.Spec.Content) {
			examples := r.Spec.Content[mediaType].Examples
			for _, name := range sortedKeys(examples) {
				if examples[name].Value.ExternalValue != "" {
					continue // it stands elsewhere, and nobody else is asked
				}
				body, err := json.Marshal(examples[name].Value.Value)
				if err != nil {
					continue
				}
				list = append(list, Exchange{
					Request:  Request{Method: op.Method, Target: op.Path},
					Response: Response{Status: status, Header: http.Header{"Content-Type": {mediaType}}, Body: body},
					Unseen:   UnseenRequest | UnseenResponseHeaders | UnseenFraming,
				})
			}
		}
	}
	return list
}
