package recordings

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/coding"
	"github.com/quotaspec/quotaspec/contract/internal/redact"
)

// What a Recorder takes out of an exchange, in two steps, and the check that this changed nothing for the judge:
//
//	GET /accounts/4711-aa-0815    X-Auth-Token: abc    {"id": "4711-aa-0815", "echo": "abc…"}
//	GET /accounts/4711-aa-0815                         {"id": "4711-aa-0815", "echo": "REDACTED"}     withoutSecrets
//	GET /accounts/1100-00-0011                         {"id": "1100-00-0011", "echo": "REDACTED"}     withoutIDs

// withoutSecrets returns a copy of an exchange without its secrets and those of earlier exchanges, and without the headers of a
// request that are credentials. It returns false if a body cannot be searched.
func (r *Recorder) withoutSecrets(ex contract.Exchange) (clean contract.Exchange, searched bool) {
	request := redact.Message{Target: ex.Request.Target, Header: ex.Request.Header, Body: ex.Request.Body}
	response := redact.Message{Header: ex.Response.Header, Body: ex.Response.Body}
	r.redact.Learn(request, response)
	request, response = r.redact.Message(request), r.redact.Message(response)
	r.redact.Forget()
	for name := range request.Header {
		if redact.IsCredential(name, r.names) {
			delete(request.Header, name)
		}
	}
	searched = len(request.Body) > 0 == (len(ex.Request.Body) > 0) && len(response.Body) > 0 == (len(ex.Response.Body) > 0)
	return withMessages(ex, request, response), searched
}

// withMessages returns a copy of an exchange with other messages, whose bodies are decoded.
func withMessages(ex contract.Exchange, request, response redact.Message) contract.Exchange {
	for _, header := range []http.Header{request.Header, response.Header} {
		header.Del("Content-Encoding")
	}
	return contract.Exchange{
		Request:    contract.Request{Method: ex.Request.Method, Target: request.Target, Header: request.Header, Body: request.Body},
		Response:   contract.Response{Status: ex.Response.Status, Header: response.Header, Body: response.Body},
		Unrecorded: ex.Unrecorded,
	}
}

// withoutIDs replaces the ids of an exchange, and those of earlier ones, by their stand-ins. An id in a spelling that cannot be
// replaced in this way, such as base64, is removed like a secret.
func (r *Recorder) withoutIDs(ex contract.Exchange, ids []string) contract.Exchange {
	rest := redact.New()
	for _, id := range ids {
		rest.Add(id)
	}
	ex = r.ids.without(ex)
	request := rest.Message(redact.Message{Target: ex.Request.Target, Header: ex.Request.Header, Body: ex.Request.Body})
	response := rest.Message(redact.Message{Header: ex.Response.Header, Body: ex.Response.Body})
	return withMessages(ex, request, response)
}

// source returns scheme and host of the provider.
func (r *Recorder) source(origin string) string {
	if u, err := url.Parse(origin); err == nil && u.Host != "" {
		origin = u.Scheme + "://" + u.Host
	}
	return cmp.Or(r.ids.replace(r.redact.Hide(origin)), "unknown")
}

// judgedTheSame reports whether a judge finds the same in the recording as in the exchange, of what is recorded. It lists in
// the recording what is wrong with its request.
func judgedTheSame(judge *contract.Judge, ex contract.Exchange, r *Recording) bool {
	recorded := r.Exchange()
	ex.Unrecorded |= recorded.Unrecorded
	ex.Origin = ""
	ex.Request.Header, ex.Request.Body = decoded(ex.Request.Header, ex.Request.Body)
	ex.Response.Header, ex.Response.Body = decoded(ex.Response.Header, ex.Response.Body)
	want, got := judge.Check(ex), judge.Check(recorded)
	for _, f := range got.Findings {
		if f.Side() == contract.Consumer {
			r.Breaks = append(r.Breaks, f.ID)
		}
	}
	sameFinding := func(a, b contract.Finding) bool { return a.ID == b.ID && a.Evidence.Grade == b.Evidence.Grade }
	return r.isReadBack() && want.Operation == got.Operation && len(want.Errors) == len(got.Errors) &&
		slices.EqualFunc(want.Findings, got.Findings, sameFinding)
}

// maxPlain is how many bytes a decoded body may have, as for the redactor.
const maxPlain = 16 << 20

// decoded undoes the coding of a body. The judge takes a body without recorded framing as decoded.
func decoded(header http.Header, body []byte) (http.Header, []byte) {
	if plain, err := coding.Decode(header.Values("Content-Encoding"), body, maxPlain); err == nil {
		header, body = header.Clone(), plain
		header.Del("Content-Encoding")
	}
	return header, body
}
