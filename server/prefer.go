package server

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// longestDelay limits the delay that a request can prefer: a server that shuts down waits for open requests.
const longestDelay = 10 * time.Second

// preferred is the result of the Prefer headers of a request.
type preferred struct {
	example *example // nil: the usual response
	delay   time.Duration
	applied []string
}

// preferredBy reads "Prefer: code=404", "Prefer: example=policy", or both for that example of that code, and "Prefer:
// delay=250" in milliseconds. A documented response is sent before authentication, so that a test needs no credentials to see
// any error. A preference that the document does not have, or a delay that is invalid or too long, is ignored (RFC 7240,
// section 2).
func (op *operation) preferredBy(lines []string) (w preferred) {
	asked := preferences(lines)
	if ms, err := strconv.ParseUint(asked["delay"], 10, 32); err == nil && time.Duration(ms)*time.Millisecond <= longestDelay {
		w.delay = time.Duration(ms) * time.Millisecond
		w.applied = append(w.applied, "delay="+asked["delay"])
	}
	code, name := asked["code"], asked["example"]
	which := slices.IndexFunc(op.examples, func(e example) bool {
		return (code == "" || code == strconv.Itoa(e.status)) && (name == "" || name == e.name)
	})
	if which < 0 || code == "" && name == "" {
		return w
	}
	w.example = &op.examples[which]
	if code != "" {
		w.applied = append(w.applied, "code="+code)
	}
	if name != "" {
		w.applied = append(w.applied, "example="+word(name))
	}
	return w
}

// apply names the applied preferences in the response header, and waits for the delay or the end of the request.
func (w preferred) apply(ctx context.Context, header http.Header) {
	header.Set("Vary", "Prefer") // also without a preference: a cache must not mix the responses up
	if len(w.applied) > 0 {
		header.Set("Preference-Applied", strings.Join(w.applied, ", "))
	}
	if w.delay == 0 {
		return
	}
	select {
	case <-time.After(w.delay):
	case <-ctx.Done():
		panic(http.ErrAbortHandler) // the client is gone
	}
}
