// Package traffic is where exchanges come from that nobody made for the judge: HAR files that others recorded, and a proxy
// between a consumer and a provider. It also writes HAR, without a secret in it.
//
// It judges nothing and knows no document. What a source cannot show is marked as unseen (a body, or the whole response, that
// was not recorded), and an exchange that cannot be judged at all is handed on with the reason, so that it is counted and never taken for one that keeps its contract.
package traffic

import (
	"net/http"
	"slices"
	"time"

	"github.com/quotaspec/quotaspec/contract"
)

// Entry is one exchange and what is known around it.
type Entry struct {
	Exchange contract.Exchange
	// Skip says why the exchange cannot be judged; empty: it can. The exchange then holds what there is of it.
	Skip Reason

	Origin  string // scheme and host of the provider: https://example.com:8443
	Number  int    // counts the entries of one source, from 1
	Size    int    // how many bytes it has in a HAR, unpacked; 0: it comes from no HAR
	Started time.Time
	Took    time.Duration
}

// Reason says why an exchange cannot be judged.
type Reason string

// The reasons.
const (
	NotHTTP    Reason = "not HTTP"                 // data:, blob:, an extension's page, a tunnel; bytes that are no HTTP
	NoResponse Reason = "no answer"                // by the proxy only: refused, unreachable, out of time
	CutOff     Reason = "cut off"                  // the consumer left, or the recorder says that the body broke off
	Upgraded   Reason = "another protocol"         // WebSocket and the like
	FromCache  Reason = "answered from a cache"    // or by a service worker: the provider did not say it now
	Preflight  Reason = "a preflight of a browser" // no call of the consumer's
	TooLarge   Reason = "larger than what is kept"
)

var reasons = []Reason{NotHTTP, NoResponse, CutOff, Upgraded, FromCache, Preflight, TooLarge}

// Reasons lists all reasons, for who counts by them.
func Reasons() []Reason { return slices.Clone(reasons) }

// hasNoBody says whether HTTP forbids the answer a body, so that its absence tells nothing (RFC 9110, 6.4.1).
func hasNoBody(method string, status int) bool {
	return method == http.MethodHead || status < 200 || status == http.StatusNoContent || status == http.StatusNotModified
}
