package server

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// longestDelay bounds how long a request can ask to wait: a server that ends waits for what it began.
const longestDelay = 10 * time.Second

// wish is what a request prefers.
type wish struct {
	example *example // nil: the answer that there is without a wish
	delay   time.Duration
	applied []string
}

// wishOf reads "Prefer: code=404", "Prefer: example=policy", or both for that example of that code, and
// "Prefer: delay=250" in milliseconds. A documented answer is given before authentication, so that a test needs no
// credentials to see any error. What the document does not have, and a delay that is none or too long, is not applied, and
// the request is answered as usual (RFC 7240, section 2).
func (op *operation) wishOf(lines []string) (w wish) {
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

// apply says in the answer what is applied, and waits, unless the request ends before.
func (w wish) apply(ctx context.Context, answer http.Header) {
	answer.Set("Vary", "Prefer") // also for who sent none: a cache must not mix the answers up
	if len(w.applied) > 0 {
		answer.Set("Preference-Applied", strings.Join(w.applied, ", "))
	}
	if w.delay == 0 {
		return
	}
	select {
	case <-time.After(w.delay):
	case <-ctx.Done():
		panic(http.ErrAbortHandler) // nobody is there to be answered
	}
}
