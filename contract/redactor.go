package contract

import (
	"slices"

	"github.com/quotaspec/quotaspec/contract/internal/redact"
	"github.com/quotaspec/quotaspec/openapi"
)

// Credentials lists the names of the headers, parameters and cookies in which the document expects a credential.
func (j *Judge) Credentials() []string { return j.credentialNames }

// redactorOf makes a redactor that knows the secrets of an exchange.
func (j *Judge) redactorOf(ex Exchange) *redact.Redactor {
	r := redact.New(j.credentialNames...)
	r.Learn(requestOf(ex), responseOf(ex.Response))
	if ex.Previous != nil {
		r.Learn(responseOf(*ex.Previous))
	}
	return r
}

func requestOf(ex Exchange) redact.Message {
	return redact.Message{Target: ex.Request.Target, Header: ex.Request.Header, Body: ex.Request.Body}
}

func responseOf(r Response) redact.Message { return redact.Message{Header: r.Header, Body: r.Body} }

// credentialNames are the headers, parameters and cookies in which the document's security schemes expect a credential.
func credentialNames(doc *openapi.Document) []string {
	names := slices.Concat(credentialHeaders(doc), credentialsInQuery(doc))
	if doc.T.Components == nil {
		return names
	}
	for _, key := range sortedKeys(doc.T.Components.SecuritySchemes) {
		if s := doc.T.Components.SecuritySchemes[key].Value; s.Type == "apiKey" && s.In == "cookie" {
			names = append(names, s.Name)
		}
	}
	return names
}
