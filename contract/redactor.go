package contract

import (
	"slices"

	"github.com/quotaspec/quotaspec/contract/internal/redact"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Credentials lists where the document expects a credential: names of headers, parameters and cookies. If the name of a
// path parameter is that of a secret, all path templates of the document follow, so that a redactor of /sessions/{token}
// knows that /sessions/current has no secret.
func (j *Judge) Credentials() []string { return j.places.all }

// Hide makes further headers secret, whose names do not say so and which the document does not describe. Their values are
// removed like those of Credentials, which lists them too. Call it before the first exchange.
func (j *Judge) Hide(headers ...string) { j.places.all = append(slices.Clip(j.places.all), headers...) }

// redactorOf returns a redactor of the secrets in an exchange.
func (j *Judge) redactorOf(ex Exchange) *redact.Redactor {
	r := redact.New(j.places.all...)
	r.Learn(requestOf(ex.Request), responseOf(ex.Response))
	if ex.Previous != nil {
		r.Learn(responseOf(*ex.Previous))
	}
	if ex.PreviousRequest != nil {
		r.Learn(requestOf(*ex.PreviousRequest))
	}
	return r
}

func requestOf(r Request) redact.Message {
	return redact.Message{Target: r.Target, Header: r.Header, Body: r.Body}
}

func responseOf(r Response) redact.Message { return redact.Message{Header: r.Header, Body: r.Body} }

// secretNames returns the result of Credentials.
func secretNames(doc *spec.Document, c credentialPlaces) []string {
	names := slices.Concat(c.headers, c.query, c.cookies)
	isSecret := func(p *spec.Parameter) bool { return p.In == "path" && redact.IsCredential(p.Name, names) }
	hasSecret := func(op *spec.Operation) bool { return slices.ContainsFunc(op.Parameters, isSecret) }
	if !slices.ContainsFunc(doc.Operations, hasSecret) {
		return names
	}
	for _, op := range doc.Operations {
		names = append(names, op.Path)
	}
	return slices.Compact(names) // operations of the same path are adjacent
}
