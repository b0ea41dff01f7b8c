// Package traffic provides exchanges that were not made for the judge: HAR files that others recorded, and a proxy between a
// consumer and a provider. It also writes HAR files, without the secrets of their exchanges.
//
// Each exchange becomes an Entry. What a recording does not contain (a body, a header, the whole response) is marked in
// Exchange.Unrecorded, so that the judge does not look at it. An exchange that cannot be judged at all is still an Entry, with
// the reason in Skip: it is counted, and never mistaken for one that keeps the contract. ReadHAR (harread.go) yields the
// entries of a file, Proxy (proxy.go) hands them to its observer, and Writer (harwrite.go) writes what either of them gives.
//
// The package judges nothing and knows no document.
package traffic

import (
	"net/http"
	"slices"
	"time"

	"github.com/quotaspec/quotaspec/contract"
)

// Entry is one exchange with its circumstances.
type Entry struct {
	Exchange contract.Exchange
	// Skip is why the exchange cannot be judged; empty: it can be. The exchange then holds what was recorded of it.
	Skip Reason
	// Interaction is the place of an entry of a Pact file. It is nil for others, which are at their Number.
	Interaction *Interaction

	File    string // that the entry comes from, for reports; empty: a proxy
	Origin  string // scheme and host of the provider: https://example.com:8443
	Number  int    // of the entry in its file or proxy, from 1
	Size    int    // in bytes of the HAR, unpacked; 0: it comes from the proxy
	Started time.Time
	Took    time.Duration // until the end of the response
}

// Reason says why an exchange cannot be judged.
type Reason string

// The reasons. Recorded HAR files contain them as _skip, so that their texts must not change.
const (
	NotHTTP    Reason = "not HTTP"                 // data:, blob:, a page of an extension, a tunnel; bytes that are not HTTP
	NoResponse Reason = "no answer"                // proxy only: refused, unreachable, timed out
	CutOff     Reason = "cut off"                  // the consumer left, or the recorder marked the body as broken off
	Upgraded   Reason = "another protocol"         // WebSocket and the like
	FromCache  Reason = "answered from a cache"    // or by a service worker: it is not what the provider sends now
	Preflight  Reason = "a preflight of a browser" // not a request of the consumer's own
	TooLarge   Reason = "larger than what is kept"
)

var reasons = []Reason{NotHTTP, NoResponse, CutOff, Upgraded, FromCache, Preflight, TooLarge}

// Reasons lists all reasons in a fixed order.
func Reasons() []Reason { return slices.Clone(reasons) }

// hasNoBody reports whether HTTP forbids the response a body, so that a missing body is complete (RFC 9110, 6.4.1).
func hasNoBody(method string, status int) bool {
	return method == http.MethodHead || status < 200 || status == http.StatusNoContent || status == http.StatusNotModified
}
