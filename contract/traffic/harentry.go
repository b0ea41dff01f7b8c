package traffic

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/quotaspec/quotaspec/contract"
)

// entry converts the HAR's entry for the judge. It shares no lists with h, which is used again for the next entry.
//
// The first reason that applies wins: our own _skip, then another protocol, no HTTP, a cache, a preflight, a body that broke
// off.
func (h *harEntry) entry() Entry {
	e := Entry{Took: time.Duration(h.time * float64(time.Millisecond))}
	e.Started, _ = time.Parse(time.RFC3339Nano, h.started)
	scheme, origin, target := splitURL(h.request.url)
	e.Origin = origin
	ex := &e.Exchange
	ex.Unrecorded, ex.Origin = contract.UnrecordedFraming, origin
	ex.Request = contract.Request{Method: h.request.method, Target: target, Header: h.names.header(h.request.headers)}
	if _, host, ok := strings.Cut(origin, "://"); ok && ex.Request.Header.Get("Host") == "" {
		ex.Request.Header.Set("Host", host) // HTTP/2 sends it as :authority, which recorders omit
	}
	h.requestBody(ex)
	h.markRequest(ex)
	if h.hasResponse() {
		ex.Response = contract.Response{Status: int(h.response.status), Header: h.names.header(h.response.headers)}
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
	case h.fromCache, h.refreshed && ex.Response.Status == http.StatusNotModified, h.response.fromWorker:
		e.Skip = FromCache
	case ex.Request.IsPreflight():
		e.Skip = Preflight
	case h.hasResponse() && h.response.failed:
		e.Skip = CutOff
	}
	return e
}

// hasResponse reports whether the response was recorded. The log of a load script has none, and browsers record the status 0
// for a request that was blocked, aborted or lost.
func (h *harEntry) hasResponse() bool {
	return h.response.status >= 100 && h.response.status < 1000
}

// splitURL splits a URL without normalizing anything, because a request is judged as it was sent. Without "://" all of it is
// the target. A user and password are dropped.
//
//	splitURL("HTTPS://me:pw@h:1/a//b?c#d") = "https", "https://h:1", "/a//b?c"
func splitURL(raw string) (scheme, origin, target string) {
	written, rest, ok := strings.Cut(raw, "://")
	if !ok {
		return "", "", raw
	}
	scheme = strings.ToLower(written)
	rest, _, _ = strings.Cut(rest, "#")
	end := strings.IndexAny(rest, "/?")
	if end < 0 {
		end = len(rest)
	}
	host := rest[strings.LastIndexByte(rest[:end], '@')+1 : end]
	if target = rest[end:]; !strings.HasPrefix(target, "/") {
		target = "/" + target
	}
	if isAsWritten := scheme == written && len(host) == end; isAsWritten {
		return scheme, raw[:len(scheme)+len("://")+end], target
	}
	return scheme, scheme + "://" + host, target
}

// markRequest marks as unrecorded what the recorder, or our own Writer, removed from the request.
func (h *harEntry) markRequest(ex *contract.Exchange) {
	r := ex.Request
	if len(h.request.headers) == 0 {
		ex.Unrecorded |= contract.UnrecordedRequestHeaders
	}
	if h.request.credentials != noCredentials && !h.names.hasCredential(r.Header) {
		ex.Unrecorded |= contract.UnrecordedCredentials
	}
	switch path, query, _ := strings.Cut(r.Target, "?"); {
	case strings.Contains(path, Redacted):
		ex.Unrecorded |= contract.UnrecordedRequest
	case strings.Contains(query, Redacted):
		ex.Unrecorded |= contract.UnrecordedSecrets
	}
	if bytes.Contains(r.Body, []byte(Redacted)) {
		ex.Unrecorded |= contract.UnrecordedRequestBody
	}
}
