package traffic

import (
	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/redact"
)

// Redacted stands where a secret stood.
const Redacted = redact.Mark

// HideSecrets returns a text without what it calls secret itself, such as the user and the password in a URL or the
// value of a parameter token.
func HideSecrets(text string) string {
	r := redact.New()
	r.Learn(redact.Message{Target: text})
	return r.Text(text)
}

// withoutSecrets returns an exchange without its secrets and those of the ones before, and without bodies that cannot
// be searched for them.
func withoutSecrets(r *redact.Redactor, ex contract.Exchange) contract.Exchange {
	request := redact.Message{Target: ex.Request.Target, Header: ex.Request.Header, Body: ex.Request.Body}
	response := redact.Message{Header: ex.Response.Header, Body: ex.Response.Body}
	r.Learn(request, response)
	request, response = r.Message(request), r.Message(response)
	return contract.Exchange{
		Request:    contract.Request{Method: r.Hide(ex.Request.Method), Target: request.Target, Header: request.Header, Body: request.Body},
		Response:   contract.Response{Status: ex.Response.Status, Header: response.Header, Body: response.Body},
		Unrecorded: ex.Unrecorded,
	}
}
