package contract

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Finding is one broken promise of the document, of HTTP or of JSON, at one place of an exchange.
type Finding struct {
	// ID is stable and made of words: schema/required, body/duplicate-member, or the id of a rule of the document.
	ID string
	// Evidence says how sure the broken promise is and where it comes from, by the x-evidence of the document. A promise of a
	// document without x-evidence is documented, and its source is the document. A promise of HTTP, JSON or OpenAPI is
	// documented, and its source names that standard.
	Evidence spec.Evidence
	// Pointer is the place in the exchange: /response/body/items/0/size, /request/query/limit, /response/headers/location. In
	// findings of DocumentFindings it is the place in the document.
	Pointer string
	// Node is the promise in the document. It is never nil in a finding of a Judge.
	Node *spec.Node
	Want string // the promise in words: type integer, one of a, b; for a misspelt name, did you mean "limit"?
	Got  string // what the exchange had, without secrets, at most 500 characters
	// Expected marks a finding about a response that no provider sent, only a consumer expects (see Exchange.Expected).
	Expected bool
}

// Place returns the file and line of the broken promise: openapi/pets.yaml:120. It is "" without a Node.
func (f Finding) Place() string {
	if f.Node == nil {
		return ""
	}
	return f.Node.Place().String()
}

// IsServerError reports whether the provider failed, with a status from 500 to 599 that breaks a promise. Reports list such
// findings first.
//
//	status/server-error at /response/status: got 502         true
//	a rule with probe: invalid-parameter, got 500            true
//	status/no-answer to a method that nobody has, got 501    false
func (f Finding) IsServerError() bool {
	isStatus := f.Pointer == "/response/status" && len(f.Got) == 3 && f.Got[0] == '5'
	return f.ID == serverError || isStatus && f.ID != "status/no-answer"
}

// lineLimit is the maximum number of characters of Finding.String.
const lineLimit = 120

// String returns the finding as one printable line of at most 120 characters. Long parts are shortened, first Got and Want:
//
//	schema/type at /response/body/name: want type string, got number 7 (documented, pets.yaml:15)
//
// ID, Pointer and Place have a maximum each, so that together they leave room. Want and Got share that room: each has half of
// it, and Want has what a short Got leaves. A pointer is shortened in its middle, since its end says most. A suggestion is
// what helps most, so it stands alone if there is no room for more:
//
//	parameter/undocumented at /request/query/page_size: did you mean "pageSize"? (undocumented, pets.yaml:15)
func (f Finding) String() string {
	tail := fmt.Sprintf(" (%s, %s)", f.Evidence.Grade, text.ShortenPointer(text.Printable(f.Place()), 32))
	at := text.ShortenPointer(text.Printable(f.Pointer), 28)
	head := fmt.Sprintf("%s at %s: ", text.Shorten(text.Printable(f.ID), 34), at)
	limit := lineLimit - utf8.RuneCountInString(head) - utf8.RuneCountInString(tail)
	want, got := f.Want, utf8.RuneCountInString(f.Got)
	if i := strings.Index(want, didYouMean); i >= 0 && len("want , got ")+utf8.RuneCountInString(want)+got > limit {
		return head + text.Shorten(text.Printable(want[i:]), limit) + tail
	}
	want = text.Shorten(want, max(limit/2, limit-len("want , got ")-1-got))
	return head + text.Shorten(text.Printable(fmt.Sprintf("want %s, got %s", want, f.Got)), limit) + tail
}
