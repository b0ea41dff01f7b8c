package contract

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/quotaspec/quotaspec/openapi"
)

// Finding is one way in which an exchange does not keep the contract.
type Finding struct {
	// ID is stable and in words: schema/required, body/duplicate-member, or the id of a rule such as showDomainQuota/type-filter.
	ID string
	// Evidence is what stands behind the promise that is broken.
	Evidence openapi.Evidence
	// Pointer says where in the message: /response/body/quotas/resources/0/used, /request/query/type.
	Pointer string
	// Place says where in the document: openapi/iam.yaml:120.
	Place string
	// Node is the same as a JSON pointer into the document.
	Node string
	Want string
	Got  string
}

// Request says whether it is the request that deviates: the consumer's doing, not the provider's.
func (d Finding) Request() bool { return strings.HasPrefix(d.Pointer, "/request") }

// lineLimit is how long a finding may be as a line.
const lineLimit = 120

// String gives the finding in one line of at most 120 characters.
func (d Finding) String() string {
	tail := fmt.Sprintf(" (%s, %s)", d.Evidence.Grade, shortenPointer(printable(d.Place), 32))
	head := fmt.Sprintf("%s at %s: ", shorten(printable(d.ID), 34), shortenPointer(printable(d.Pointer), 28))
	room := lineLimit - utf8.RuneCountInString(head) - utf8.RuneCountInString(tail)
	return head + shorten(printable(fmt.Sprintf("want %s, got %s", shorten(d.Want, max(room/2, room-12-utf8.RuneCountInString(d.Got))), d.Got)), room) + tail
}

// shorten cuts a text to a number of characters; a number below one leaves nothing.
func shorten(s string, limit int) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	if limit < 1 {
		return ""
	}
	return string([]rune(s)[:limit-1]) + "…"
}

// shortenPointer leaves out the middle of a pointer: both its ends tell more.
func shortenPointer(p string, limit int) string {
	runes := []rune(p)
	if len(runes) <= limit {
		return p
	}
	front := limit / 3
	return string(runes[:front]) + "…" + string(runes[len(runes)-(limit-front-1):])
}

// printable makes a text safe for one line of a terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return '·'
		}
		return r
	}, s)
}
