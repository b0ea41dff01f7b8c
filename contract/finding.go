package contract

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Finding is one way in which an exchange does not keep the contract.
type Finding struct {
	// ID is stable and in words: schema/required, body/duplicate-member, or the id of a rule such as showDomainQuota/type-filter.
	ID string
	// Evidence is what stands behind the promise that is broken.
	Evidence spec.Evidence
	// Pointer says where in the message: /response/body/quotas/resources/0/used, /request/query/type. Of DocumentFindings it leads
	// into the document.
	Pointer string
	// Node is what the document says. It is never nil in a finding of a Judge.
	Node *spec.Node
	Want string
	Got  string
}

// Request says whether it is the request that deviates: the consumer's doing, not the provider's.
func (d Finding) Request() bool { return strings.HasPrefix(d.Pointer, "/request") }

// Place is where in the document the broken promise stands: openapi/iam.yaml:120. It is empty without a Node.
func (d Finding) Place() string {
	if d.Node == nil {
		return ""
	}
	return d.Node.Place().String()
}

// lineLimit is how long a finding may be as a line.
const lineLimit = 120

// String gives the finding in one line of at most 120 characters.
func (d Finding) String() string {
	tail := fmt.Sprintf(" (%s, %s)", d.Evidence.Grade, text.ShortenPointer(text.Printable(d.Place()), 32))
	head := fmt.Sprintf("%s at %s: ", text.Shorten(text.Printable(d.ID), 34), text.ShortenPointer(text.Printable(d.Pointer), 28))
	room := lineLimit - utf8.RuneCountInString(head) - utf8.RuneCountInString(tail)
	return head + text.Shorten(text.Printable(fmt.Sprintf("want %s, got %s", text.Shorten(d.Want, max(room/2, room-12-utf8.RuneCountInString(d.Got))), d.Got)), room) + tail
}
