package traffic

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/quotaspec/quotaspec/contract"
)

// harEntry is what is read of an entry. Recorders differ; what they leave out stays at its zero value, and so does a member
// of another type than HAR wants. Members of type any are read by isSet, or are
// the text of a body, which may be of any type too.
type harEntry struct {
	Started string       `json:"startedDateTime"`
	Time    number       `json:"time"` // milliseconds
	Request *harRequest  `json:"request"`
	Answer  *harResponse `json:"response"`
	Cache   struct {
		After any `json:"afterRequest"`
	} `json:"cache"`
	FromCache any    `json:"_fromCache"`    // Chromium: "disk" or "memory"
	Resource  string `json:"_resourceType"` // Chromium and mitmproxy: "websocket", among others
	Skip      Reason `json:"_skip"`         // our own
}

type harRequest struct {
	Method   string    `json:"method"`
	URL      string    `json:"url"`
	Headers  []harPair `json:"headers"`
	BodySize number    `json:"bodySize"`
	Post     *harPost  `json:"postData"`
}

type harPost struct {
	MimeType string    `json:"mimeType"`
	Text     any       `json:"text"`
	Encoding string    `json:"encoding"`
	Coded    string    `json:"_encoding"` // our own: HAR has no binary request
	Params   []harPair `json:"params"`
}

type harResponse struct {
	Status  number     `json:"status"`
	Headers []harPair  `json:"headers"`
	Content harContent `json:"content"`
	Error   any        `json:"_error"`                   // Chromium and mitmproxy: why it broke off
	Worker  any        `json:"_fetchedViaServiceWorker"` // Chromium
}

type harContent struct {
	Size        number `json:"size"`
	Compression number `json:"compression"`
	MimeType    string `json:"mimeType"`
	Text        any    `json:"text"`
	Encoding    string `json:"encoding"`
}

type harPair struct {
	Name  string `json:"name"`
	Value text   `json:"value"`
}

// read decodes an entry. A member of another type is passed over; without a method and a URL there is no exchange.
func (h *harEntry) read(data []byte) error {
	err := json.Unmarshal(data, h)
	kind, isType := errors.AsType[*json.UnmarshalTypeError](err)
	switch {
	case isType && kind.Field == "":
		return fmt.Errorf("want an object, got %s", kind.Value)
	case err != nil && !isType:
		return errSyntax
	case h.Request == nil:
		return errors.New("no request in it")
	case h.Request.Method == "":
		return errors.New("request.method is missing")
	case h.Request.URL == "":
		return errors.New("request.url is missing")
	}
	return nil
}

// entry is the HAR's entry as the judge takes it.
func (h *harEntry) entry() Entry {
	e := Entry{Took: time.Duration(float64(h.Time) * float64(time.Millisecond))}
	e.Started, _ = time.Parse(time.RFC3339Nano, h.Started)
	scheme, origin, target := splitURL(h.Request.URL)
	e.Origin = origin
	ex := &e.Exchange
	ex.Unseen, ex.Origin = contract.UnseenFraming, origin
	ex.Request = contract.Request{Method: h.Request.Method, Target: target, Header: headerOf(h.Request.Headers)}
	if _, host, ok := strings.Cut(origin, "://"); ok && ex.Request.Header.Get("Host") == "" {
		ex.Request.Header.Set("Host", host) // HTTP/2 has it in :authority, and recorders leave it out
	}
	h.requestBody(ex)
	h.requestSeen(ex)
	if h.answered() {
		ex.Response = contract.Response{Status: int(h.Answer.Status), Header: headerOf(h.Answer.Headers)}
		h.responseBody(ex)
	} else {
		ex.Unseen |= contract.UnseenResponse
	}
	switch {
	case slices.Contains(reasons, h.Skip):
		e.Skip = h.Skip
	case scheme == "ws", scheme == "wss", h.Resource == "websocket", ex.Response.Status == http.StatusSwitchingProtocols:
		e.Skip = Upgraded
	case scheme != "http" && scheme != "https", ex.Request.Method == http.MethodConnect:
		e.Skip = NotHTTP
	case isSet(h.FromCache), h.Cache.After != nil && ex.Response.Status == http.StatusNotModified, h.Answer != nil && isSet(h.Answer.Worker):
		e.Skip = FromCache
	case ex.Request.IsPreflight():
		e.Skip = Preflight
	case h.answered() && isSet(h.Answer.Error):
		e.Skip = CutOff
	}
	return e
}

// answered says whether the response was recorded: the log of a load script has none, and a browser gives the status 0 to
// a request that was blocked, aborted or lost.
func (h *harEntry) answered() bool {
	return h.Answer != nil && h.Answer.Status >= 100 && h.Answer.Status < 1000
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

// headerOf reads a list of headers. The pseudo headers of HTTP/2 are none, and some recorders join doubled ones by lines.
func headerOf(list []harPair) http.Header {
	header := http.Header{}
	for _, pair := range list {
		if pair.Name == "" || pair.Name[0] == ':' {
			continue
		}
		for value := range strings.SplitSeq(string(pair.Value), "\n") {
			header.Add(pair.Name, strings.Trim(value, " \t\r"))
		}
	}
	return header
}

// requestSeen marks what was cleaned out of the request, by its recorder or by us.
func (h *harEntry) requestSeen(ex *contract.Exchange) {
	r := ex.Request
	if len(h.Request.Headers) == 0 {
		ex.Unseen |= contract.UnseenRequestHeaders
	}
	if !carriesCredential(r.Header) {
		ex.Unseen |= contract.UnseenCredentials
	}
	if strings.Contains(r.Target, Redacted) || bytes.Contains(r.Body, []byte(Redacted)) {
		ex.Unseen |= contract.UnseenRequest
	}
}
