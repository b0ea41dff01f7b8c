package contract

import (
	"errors"
	"fmt"
	"math/bits"
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Result is what the judge says of one exchange.
type Result struct {
	Judged    bool      // false: the document knows neither the path nor the probe; Findings holds a near miss of a path at most
	Served    bool      // the request was sent to a server of the document, or came near one of its paths there
	Operation string    // the operation's id; "" where the path is known and the method is not
	Findings  []Finding // of the request and of the response, in the order of judging; nil: none
	More      int       // findings beyond those that are listed
	Errors    []error   // why the document or one of its rules cannot judge the exchange: never a pass
	// NotChecked names, once each, the parts of the exchange that the document describes and the judge does not look at, such as
	// "response body in application/xml", "query parameter filter" or "callbacks", and patterns that take too long on a text.
	// They are neither kept nor broken.
	NotChecked []string

	judge           *Judge
	covered, passed bitset
	unchecked       []*spec.Node
}

// ErrUnknown is the error of a Result whose exchange the document does not know.
var ErrUnknown = errors.New("the document does not know the path")

// Err is nil only if the document knows the exchange and the provider keeps every promise of grade recorded or a surer one.
// Otherwise it has one line for each finding that fails, and for what kept the judge from judging all.
func (r Result) Err() error {
	if !r.Judged {
		return ErrUnknown
	}
	lines := []string{}
	for _, f := range r.Findings {
		if !f.Request() && f.Evidence.Grade <= spec.Recorded {
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

// Passed returns the promises that were evaluated and hold, in the order of the document.
func (r Result) Passed() []*spec.Rule {
	list := []*spec.Rule{}
	for i := range r.passed.all() {
		list = append(list, r.judge.doc.Rules[i])
	}
	return list
}

// Covered returns the parts of the document that the exchange had and that were checked: the operation, parameters, the response,
// media types, headers, and elements of enums.
func (r Result) Covered() []*spec.Node {
	list := []*spec.Node{}
	for i := range r.covered.all() {
		list = append(list, r.judge.nodes[i])
	}
	return list
}

// Unchecked returns the parts of the document that the exchange had and that were not checked: those of which NotChecked
// names the whole or a part, and all that an exchange had that was not judged to its end. Seen does not have them.
func (r Result) Unchecked() []*spec.Node { return r.unchecked }

// Covers reports whether all that other kept and saw is kept and seen by r too, so that r can stand for both.
func (r Result) Covers(other Result) bool {
	return r.judge == other.judge && r.passed.covers(other.passed) && r.covered.covers(other.covered)
}

// bitset is a set of small numbers.
type bitset []uint64

func newBits(n int) bitset { return make(bitset, (n+63)/64) }

func (b bitset) add(i int) { b[i/64] |= 1 << (i % 64) }

// remove takes out those of another set.
func (b bitset) remove(other bitset) {
	for i, word := range other {
		b[i] &^= word
	}
}

// covers reports whether all of a set of the same size is in b.
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
