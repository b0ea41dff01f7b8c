package breaking

import (
	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/redact"
)

// withoutSecrets returns a copy of a recorded exchange without what either document, or its name, says to be secret, and with
// its bodies decoded. A body that cannot be searched for secrets is left out. The redactor knows the secrets of the exchange.
//
// A placeholder has another length and may break a pattern, so the copy has no Content-Length, and the caller must judge it
// again.
func (c *Comparer) withoutSecrets(ex contract.Exchange) (contract.Exchange, *redact.Redactor) {
	r := redact.New(append(c.old.judge.Credentials(), c.new.judge.Credentials()...)...)
	request := redact.Message{Target: ex.Request.Target, Header: ex.Request.Header, Body: ex.Request.Body}
	response := redact.Message{Header: ex.Response.Header, Body: ex.Response.Body}
	r.Learn(request, response)
	request, response = r.Message(request), r.Message(response)
	for _, m := range []*redact.Message{&request, &response} {
		for _, name := range []string{"Content-Length", "Content-Encoding", "Transfer-Encoding"} {
			m.Header.Del(name)
		}
	}
	if len(request.Body) == 0 && len(ex.Request.Body) > 0 {
		ex.Unrecorded |= contract.UnrecordedRequestBody
	}
	if len(response.Body) == 0 && len(ex.Response.Body) > 0 {
		ex.Unrecorded |= contract.UnrecordedResponseBody
	}
	ex.Unrecorded |= contract.UnrecordedFraming
	ex.Origin, ex.Request.Method = r.Text(ex.Origin), r.Hide(ex.Request.Method)
	ex.Request.Target, ex.Request.Header, ex.Request.Body = request.Target, request.Header, request.Body
	ex.Response.Header, ex.Response.Body = response.Header, response.Body
	return ex, r
}

// hideIn removes secrets from what a judge has found in the exchange of which the redactor knows them. Each judge has removed
// those of its own document.
func hideIn(findings []contract.Finding, r *redact.Redactor) []contract.Finding {
	list := []contract.Finding{}
	for _, f := range findings {
		f.Pointer, f.Want, f.Got = r.Pointer(f.Pointer), r.Hide(f.Want), r.At(f.Pointer, f.Got)
		list = append(list, f)
	}
	return list
}
