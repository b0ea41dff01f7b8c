package traffic

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/quotaspec/quotaspec/contract"
)

// entry is the HAR's entry as the judge takes it. It refers to nothing of what h was read from.
func (h *harEntry) entry() Entry {
	e := Entry{Took: time.Duration(h.time * float64(time.Millisecond))}
	e.Started, _ = time.Parse(time.RFC3339Nano, h.started)
	scheme, origin, target := splitURL(h.request.url)
	e.Origin = origin
	ex := &e.Exchange
	ex.Unrecorded, ex.Origin = contract.UnrecordedFraming, origin
	ex.Request = contract.Request{Method: h.request.method, Target: target, Header: h.names.header(h.request.headers)}
	if _, host, ok := strings.Cut(origin, "://"); ok && ex.Request.Header.Get("Host") == "" {
		ex.Request.Header.Set("Host", host) // HTTP/2 has it in :authority, and recorders leave it out
	}
	h.requestBody(ex)
	h.requestSeen(ex)
	if h.answered() {
		ex.Response = contract.Response{Status: int(h.answer.status), Header: h.names.header(h.answer.headers)}
		h.responseBody(ex)
	} else {
		ex.Unrecorded |= contract.UnrecordedResponse
	}
	switch {
	case slices.Contains(reasons, h.skip):
		e.Skip = h.skip
	case scheme == "ws", scheme == "wss", h.resource == "websocket", ex.Response.Status == http.StatusSwitchingProtocols:
		e.Skip = Upgraded
	case scheme != "http" && scheme != "https", ex.Request.Method == http.MethodConnect:
		e.Skip = NotHTTP
	case h.fromCache, h.refreshed && ex.Response.Status == http.StatusNotModified, h.answer.worker:
		e.Skip = FromCache
	case ex.Request.IsPreflight():
		e.Skip = Preflight
	case h.answered() && h.answer.broke:
		e.Skip = CutOff
	}
	return e
}

// answered says whether the response was recorded: the log of a load script has none, and a browser gives the status 0 to
// a request that was blocked, aborted or lost.
func (h *harEntry) answered() bool {
	return h.answer.status >= 100 && h.answer.status < 1000
}

// splitURL takes a URL apart and changes nothing in it: what was asked is judged as it was sent.
func splitURL(raw string) (scheme, origin, target string) {
	scheme, rest, ok := strings.Cut(raw, "://")
	if !ok {
		return "", "", raw
	}
	scheme = strings.ToLower(scheme)
	rest, _, _ = strings.Cut(rest, "#")
	end := strings.IndexAny(rest, "/?")
	if end < 0 {
		end = len(rest)
	}
	host := rest[strings.LastIndexByte(rest[:end], '@')+1 : end]
	if target = rest[end:]; !strings.HasPrefix(target, "/") {
		target = "/" + target
	}
	return scheme, scheme + "://" + host, target
}

// requestSeen marks what was cleaned out of the request, by its recorder or by us.
func (h *harEntry) requestSeen(ex *contract.Exchange) {
	r := ex.Request
	if len(h.request.headers) == 0 {
		ex.Unrecorded |= contract.UnrecordedRequestHeaders
	}
	if !h.names.carryCredential(r.Header) {
		ex.Unrecorded |= contract.UnrecordedCredentials
	}
	if strings.Contains(r.Target, Redacted) || bytes.Contains(r.Body, []byte(Redacted)) {
		ex.Unrecorded |= contract.UnrecordedRequest
	}
}
