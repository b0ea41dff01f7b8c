package contract

import (
	"net/http"

	"github.com/quotaspec/quotaspec/contract/internal/wire"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Exchange is one request and its response, from any source: a client, a server, a HAR, a recording, a probe.
type Exchange struct {
	Request  Request
	Response Response
	// Expected marks an exchange of a Pact file: the response is what a consumer expects, not what a provider sent, and it may
	// be a part of one. Nothing that it lacks is a finding, and rules about responses are not evaluated. What it has and the
	// document does not is a finding about the consumer. So is a path that the document does not have.
	Expected bool

	// Origin is the scheme and host of the request, such as https://example.com:8443. If it is empty, the request may have
	// been sent to any server of the document, with its base path or without.
	Origin string
	// Probe names the probe that made the request, such as valid-request, no-credentials or repeat. The judge then also
	// checks what the document promises for that probe. It is empty for traffic.
	Probe spec.Probe
	// Invented marks a probe with values that were made from schemas, without an example: the provider may refuse them, since
	// nothing has such an id. A documented refusal of a valid request is then only inferred to be wrong.
	Invented bool
	// Previous is the response to the same request sent before, for the probe repeat.
	Previous *Response
	// PreviousRequest is the request of Previous with the credential that it had: a token may be renewed between the two, and no
	// finding may show either. nil: it had that of Request.
	PreviousRequest *Request
	// Change is what was done to the resource before this exchange reads it again; nil: nothing is known. The response must
	// show it.
	Change *Change
	// Unrecorded lists what the recording did not contain. Promises about those parts are not judged.
	Unrecorded Unrecorded
}

// copied returns a copy that outlives judging.
func (ex Exchange) copied() *Exchange { return &ex }

// Unrecorded is a set of flags: the parts of an exchange that its recording did not contain.
type Unrecorded uint16

// Parts that a recording may not contain, each with an example of such a recording.
const (
	UnrecordedRequestHeaders  Unrecorded = 1 << iota // a recording of a body
	UnrecordedCredentials                            // a cleaned HAR
	UnrecordedResponseHeaders                        // an example of a manual; Content-Type may still be there
	UnrecordedFraming                                // a decoded body
	UnrecordedRequest                                // an example of a document, which has no request
	UnrecordedResponse                               // the log of a load script; an aborted request
	UnrecordedResponseBody                           // a HAR without bodies, or with secrets taken out of them
	UnrecordedRequestBody                            // an upload in the HAR of a browser; a body that a handler did not read to its end
	UnrecordedSecrets                                // a query in which a HAR has REDACTED for a secret
)

// Request is an HTTP request as it was sent. Header has canonical names, as net/http makes them.
type Request struct {
	Method string
	Target string // path and query as sent, not decoded: /pets/a%2Fb?limit=1
	Header http.Header
	Body   []byte // without the framing of chunks; any Content-Encoding still applied

	framingErrors []wire.FramingError
}

// IsPreflight reports whether the request is a CORS preflight, which a browser sends by itself (Fetch standard). The judge
// does not judge preflights.
func (r Request) IsPreflight() bool {
	return r.Method == http.MethodOptions && r.Header.Get("Origin") != "" && r.Header.Get("Access-Control-Request-Method") != ""
}

// Response is an HTTP response. Status 0 means that none was received; AddFramingError then says why.
type Response struct {
	Status int
	Header http.Header
	Body   []byte // without the framing of chunks; any Content-Encoding still applied

	framingErrors []wire.FramingError
}

// AddFramingError records that no complete HTTP response was received: id is [NoResponse], [NotHTTP], [Unfinished] or
// [Endless], got describes what happened. If Status is 0, the judge reports only these errors about the response.
func (r *Response) AddFramingError(id, got string) {
	r.framingErrors = append(r.framingErrors, wire.FramingError{ID: id, Got: got})
}

// Ids of AddFramingError, which are also the ids of the findings.
const (
	NoResponse = "framing/no-answer"  // the connection failed or ended before a response
	NotHTTP    = "framing/not-http"   // the bytes received are not HTTP
	Unfinished = "framing/unfinished" // the response began and did not end in time
	Endless    = "framing/endless"    // the response is larger than the limit of the reader
)
