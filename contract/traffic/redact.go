package traffic

import (
	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/redact"
)

// Redacted replaces a secret.
const Redacted = redact.Mark

// HideSecrets replaces the secrets that a text itself names as such: the user and password of a URL, or the value of a
// parameter like token. It also replaces the given ones, in all spellings.
func HideSecrets(text string, secrets ...string) string {
	r := redact.New()
	for _, secret := range secrets {
		r.Add(secret)
	}
	r.Learn(redact.Message{Target: text})
	return r.Text(text)
}

// withoutSecrets returns a copy of the exchange without its secrets and those that r has learned before. Bodies that cannot be
// searched are left out.
func withoutSecrets(r *redact.Redactor, ex contract.Exchange) contract.Exchange {
	request := redact.Message{Target: ex.Request.Target, Header: ex.Request.Header, Body: ex.Request.Body}
	response := redact.Message{Header: ex.Response.Header, Body: ex.Response.Body}
	r.Learn(request, response)
	request, response = r.Message(request), r.Message(response)
	ex.Request.Method, ex.Request.Target = r.Hide(ex.Request.Method), request.Target
	ex.Request.Header, ex.Request.Body = request.Header, request.Body
	ex.Response.Header, ex.Response.Body = response.Header, response.Body
	return ex
}
