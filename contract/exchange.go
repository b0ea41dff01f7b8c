package contract

import (
	"net/http"

	"github.com/quotaspec/quotaspec/contract/internal/wire"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Exchange is one request and its response, wherever they come from.
type Exchange struct {
	Request  Request
	Response Response

	// Origin is the scheme and the host that the request was sent to, such as https://example.com:8443. Empty: any server of
	// the document, with its base path or without.
	Origin string
	// Probe names the probe that made the request: ValidRequest, a fault such as no-credentials, or repeat. What the document
	// says of it then applies too. Empty: traffic.
	Probe spec.Probe
	// Previous is the answer to the same request asked before, for the probe repeat.
	Previous *Response
	// Unrecorded is what the source of the exchange could not show. It is neither kept nor broken.
	Unrecorded Unrecorded
}

// Unrecorded is a set of parts of an exchange that its source does not show.
type Unrecorded uint8

// What a source may not show.
const (
	UnrecordedRequestHeaders  Unrecorded = 1 << iota // a recording of a body
	UnrecordedCredentials                            // a cleaned HAR
	UnrecordedResponseHeaders                        // an example of a manual; Content-Type may still be there
	UnrecordedFraming                                // a decoded body
	UnrecordedRequest                                // an example of a document, which says not what was asked
	UnrecordedResponse                               // the log of a load script; an aborted request
	UnrecordedResponseBody                           // a HAR without bodies, or with secrets taken out of them
)

// Request is what was asked.
type Request struct {
	Method string
	Target string // path and query as they were sent, not decoded
	Header http.Header
	Body   []byte // as sent, without chunks

	framingErrors []wire.FramingError
}

// IsPreflight says whether a browser asks by itself what a page may send (Fetch, CORS preflight). It is judged by no document.
func (r Request) IsPreflight() bool {
	return r.Method == http.MethodOptions && r.Header.Get("Origin") != "" && r.Header.Get("Access-Control-Request-Method") != ""
}

// Response is what was answered.
type Response struct {
	Status int
	Header http.Header
	Body   []byte // all bytes after the head, without chunks; a Content-Encoding still in place

	faults []wire.FramingError
}

// AddFramingError notes what the source of the exchange saw go wrong with the answer itself: that it did not come, or did not end.
// Without a status nothing else is judged of it.
func (r *Response) AddFramingError(id, got string) {
	r.faults = append(r.faults, wire.FramingError{ID: id, Got: got})
}

// What can go wrong with an answer itself.
const (
	NoResponse = "framing/no-answer"  // nothing came, or the connection ended before it did
	NotHTTP    = "framing/not-http"   // what came is no HTTP
	Unfinished = "framing/unfinished" // it began and did not end in time
	Endless    = "framing/endless"    // more came than anybody would read
)
