package contract

import (
	"slices"

	"github.com/quotaspec/quotaspec/contract/internal/redact"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Credentials lists the names of the headers, parameters and cookies in which the document expects a credential. If a
// parameter in a path is secret by its name, the paths of the document follow: /sessions/{token} and all others, so that
// /sessions/current is not taken for it.
func (j *Judge) Credentials() []string { return j.places.all }

// redactorOf makes a redactor that knows the secrets of an exchange.
func (j *Judge) redactorOf(ex Exchange) *redact.Redactor {
	r := redact.New(j.places.all...)
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

// secretNames is what Credentials lists.
func secretNames(doc *spec.Document, c credentialPlaces) []string {
	names := slices.Concat(c.headers, c.query, c.cookies)
	isSecret := func(p *spec.Parameter) bool { return p.In == "path" && redact.IsCredential(p.Name, names) }
	if !slices.ContainsFunc(doc.Operations, func(op *spec.Operation) bool { return slices.ContainsFunc(op.Parameters, isSecret) }) {
		return names
	}
	for _, op := range doc.Operations {
		names = append(names, op.Path)
	}
	return slices.Compact(names) // operations of the same path follow each other
}
