package contract

import (
	"errors"
	"fmt"
	"math/bits"
	"strings"

	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Result is the verdict on one exchange. Its methods Passed, Covered and Unchecked make their lists at each call from sets
// of indexes into the document, so that a result of which only Err is used stays small.
type Result struct {
	// Judged is false if the document has no such path or no such server, and for a CORS preflight. Err says which. Findings
	// then has at most one near miss of a path.
	Judged bool
	// Served reports whether the request was sent to a server of the document. The path may be unknown there. It is true if
	// the Origin of the exchange is empty.
	Served bool
	// Operation is the id of the operation, or of the operation that a near miss almost names. It is "" if the document has
	// the path but not the method, or has no such path.
	Operation string
	// Findings are those of the request, then those of the response; nil if there are none. They list 20 findings at most of
	// the same id, side and grade.
	Findings []Finding
	// More is the number of findings that Findings does not list.
	More int
	// Errors say why the exchange was not judged completely: an operation that cannot be judged, a rule that cannot be
	// evaluated, a limit of time or memory. An exchange with errors has not passed.
	Errors []error
	// NotChecked names, once each, the parts of the exchange that the document describes and the judge did not look at, such
	// as "response body in application/xml", "query parameter filter" and "callbacks". They neither pass nor fail.
	NotChecked []string

	judge           *Judge
	covered, passed bitset
	unchecked       []*spec.Node
	unknown         *Exchange // if it is not Judged: Err describes it, without secrets
}

// ErrUnknown is the error of a Result that is not Judged. [Result.Err] wraps it in one that names the path or the server.
var ErrUnknown = errors.New("the document has no such path")

// unknownError says why an exchange was not judged.
type unknownError string

func (e unknownError) Error() string { return string(e) }

func (e unknownError) Unwrap() error { return ErrUnknown }

// Err returns nil if the exchange was judged and the provider broke no promise graded documented or recorded. It is
// ErrFor(Provider, spec.Recorded). It does not fail because of a wrong request: to test a consumer, use [Result.ErrFor].
func (r Result) Err() error { return r.ErrFor(Provider, spec.Recorded) }

// ErrFor is the verdict on a side. It returns nil if the exchange was judged and no finding fails the side on promises of the
// grade failOn or a stronger one (see [Finding.Fails]):
//
//	result.ErrFor(contract.Consumer, spec.Recorded)    in a test of a client: is the request right?
//	result.ErrFor(contract.Provider, spec.Recorded)    in a test of a server: is the response right? The same as Err.
//	result.ErrFor(contract.Both, spec.Inferred)        in a test of both, with promises that are only inferred
//
// Otherwise it returns an error with one line for each such finding and for each of Errors. If the exchange was not judged,
// it fails each side: the error wraps [ErrUnknown], names the path or the server that the document does not have, and has a
// line for the path that was probably meant.
func (r Result) ErrFor(side Side, failOn spec.Grade) error {
	if !r.Judged {
		return r.unknownErr()
	}
	lines := []string{}
	for _, f := range r.Findings {
		if f.Fails(side, failOn) {
			lines = append(lines, f.String())
		}
	}
	if r.More > 0 && len(lines) > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", r.More))
	}
	for _, err := range r.Errors {
		lines = append(lines, err.Error())
	}
	if len(lines) == 0 {
		return nil
	}
	return errors.New(strings.Join(lines, "\n"))
}

// unknownErr returns the error of a result that is not Judged, with the near miss if there is one.
func (r Result) unknownErr() error {
	if r.unknown == nil {
		return ErrUnknown
	}
	secrets := r.judge.redactorOf(*r.unknown)
	path, _, _ := strings.Cut(originForm(r.unknown.Request.Target), "?")
	path = secrets.At("/request/path", path)
	method := r.unknown.Request.Method + " "
	var said string
	switch {
	case r.unknown.Request.IsPreflight():
		said = "a CORS preflight is not judged: " + method + path
	case !r.Served:
		said = "the document has no server for " + secrets.Hide(r.unknown.Origin) + path
	default:
		said = ErrUnknown.Error() + ": " + method + path
	}
	lines := []string{text.Shorten(text.Printable(said), maxGot)}
	if !r.Served && !r.unknown.Request.IsPreflight() {
		lines[0] += ": give its URL to Load or New"
	}
	for _, f := range r.Findings {
		lines = append(lines, f.String())
	}
	return unknownError(strings.Join(lines, "\n"))
}

// Passed returns the rules that were evaluated and held everywhere in the exchange, in the order of the document.
func (r Result) Passed() []*spec.Rule {
	list := []*spec.Rule{}
	for i := range r.passed.all() {
		list = append(list, r.judge.doc.Rules[i])
	}
	return list
}

// Covered returns the parts of the document that the exchange contained and the judge checked: the operation, parameters,
// the response, media types, headers and elements of enums. Whether they passed does not matter.
func (r Result) Covered() []*spec.Node {
	list := []*spec.Node{}
	for i := range r.covered.all() {
		list = append(list, r.judge.nodes[i])
	}
	return list
}

// Unchecked returns the parts of the document that the exchange contained and the judge did not check: those that NotChecked
// names, wholly or partly, and all parts of an exchange beyond the limits. Covered does not include them.
func (r Result) Unchecked() []*spec.Node { return r.unchecked }

// Covers reports whether other adds nothing to what r shows, so that a report can keep r alone: r passed and covered
// everything that other did, by the same judge.
func (r Result) Covers(other Result) bool {
	return r.judge == other.judge && r.passed.covers(other.passed) && r.covered.covers(other.covered)
}

// bitset is a set of small numbers, here indexes of Judge.nodes and of the rules of a document.
type bitset []uint64

func newBits(n int) bitset { return make(bitset, wordsOf(n)) }

// wordsOf returns how many words a set of the numbers below n has.
func wordsOf(n int) int { return (n + 63) / 64 }

func (b bitset) add(i int) { b[i/64] |= 1 << (i % 64) }

// remove removes the elements of another set.
func (b bitset) remove(other bitset) {
	for i, word := range other {
		b[i] &^= word
	}
}

// covers reports whether b contains a set of the same size.
func (b bitset) covers(other bitset) bool {
	for word, set := range other {
		if set&^b[word] != 0 {
			return false
		}
	}
	return true
}

func (b bitset) all() func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for word, set := range b {
			for ; set != 0; set &= set - 1 {
				if !yield(64*word + bits.TrailingZeros64(set)) {
					return
				}
			}
		}
	}
}
