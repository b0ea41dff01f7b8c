package breaking

import (
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
)

// The level of a change is what its witness shows, with few exceptions. Each exception says why, in words for somebody who owns
// a program on one of the two sides:
//
//	                              NEW accepts, OLD refuses    OLD accepts, NEW refuses
//	a response (consumer)         breaking                    compatible: fewer responses are right
//	  a status, media type gone                               breaking: what was promised is gone
//	  4XX, 5XX, default added     possibly
//	  media type added            possibly
//	  only an open schema         possibly
//	  a member gone, another type                             possibly: what was described does not come any more
//	  another style, encoding     possibly                    possibly: the same text may be read as another value
//	a request (provider)          compatible                  breaking
//	  only an open schema                                     possibly
//	any server                    compatible                  possibly

// Reasons why a change with a witness is not breaking.
const (
	whyClass   = "a program treats a status that it does not know as the x00 of its class (RFC 9110, 15)"
	whyMedia   = "a request with Accept does not get another media type"
	whyOpen    = "the schema is open: the member was never forbidden, but nothing is said about its value any more"
	whyOpened  = "the new schema describes no further member, it only allows any: a program must ignore those that it does not know"
	whyHeader  = "headers that a document does not describe may always be there, but nothing is said about its value any more"
	whyGone    = "no response is new, but the old document described the member, and it does not come any more"
	whyType    = "no response is new, but none with a value of the old type is right any more"
	whyRead    = "what is right by both documents may be read as another value"
	whyUnsent  = "the old document does not describe the parameter, so that nobody sends it yet"
	whyIgnored = "no right request becomes wrong, but the provider ignores what it asks for"
	whySent    = "the schema is open: a provider ignores the member, or still takes it"
	whyServer  = "only its owner knows whether the server is still there"
)

// levelOf returns the level of a change by its witness. related are the findings at the place of the change.
func levelOf(ch change, v verdict, related []contract.Finding) (Level, string) {
	side := ch.part.side()
	isRemoved := side == contract.Consumer && v.old.accepts && isPromiseGone(ch)
	if ch.part.kind == ofServer && v.old.accepts {
		return PossiblyBreaking, whyServer
	}
	if !v.breaks(side) && !isRemoved {
		return levelOfMild(ch)
	}
	switch {
	case ch.id == "parameter/added" && !ch.part.new.parameter.Required:
		return Compatible, whyUnsent
	case isOptionalHeaderGone(ch):
		return PossiblyBreaking, whyHeader
	case ch.id == "status/added" && isError(ch.part.status):
		return PossiblyBreaking, whyClass
	case ch.id == "media-type/added" && ch.part.isResponse:
		return PossiblyBreaking, whyMedia
	case side == contract.Consumer && has(v.new.findings, "header/undocumented", ch):
		return PossiblyBreaking, whyHeader
	case side == contract.Consumer && has(v.new.findings, "member/undocumented", ch):
		return PossiblyBreaking, whyOpen
	case ch.id == "additional/opened" && isOnlyOpen(v.new.findings, related):
		return PossiblyBreaking, whyOpened
	case side == contract.Provider && isOnlyUndocumented(related):
		return PossiblyBreaking, whySent
	}
	return Breaking, ""
}

// levelOfMild returns the level of a change whose witness breaks nobody. A program may miss what does not come any more.
func levelOfMild(ch change) (Level, string) {
	switch {
	case isReadOtherwise(ch):
		return PossiblyBreaking, whyRead
	case ch.id == "parameter/removed":
		return PossiblyBreaking, whyIgnored
	case ch.part.isResponse && (ch.id == "property/removed" || ch.id == "write-only/changed"):
		return PossiblyBreaking, whyGone
	case ch.part.isResponse && ch.id == "type/changed":
		return PossiblyBreaking, whyType
	}
	return Compatible, ""
}

// isReadOtherwise reports whether a parameter, header or form is written in another way, so that one text has two meanings.
func isReadOtherwise(ch change) bool {
	was, is := ch.part.old.parameter, ch.part.new.parameter
	if ch.id == "parameter/encoding" {
		return was != nil && is != nil && (was.Style != is.Style || was.Explode != is.Explode || len(was.Content) != len(is.Content))
	}
	return ch.id == "encoding/changed" && ch.oldSchema == nil && ch.newSchema == nil
}

func isOptionalHeaderGone(ch change) bool {
	return ch.id == "header/removed" && ch.part.old.parameter != nil && !ch.part.old.parameter.Required
}

// isPromiseGone reports whether the change removes something that responses had.
func isPromiseGone(ch change) bool {
	return ch.id == "status/removed" || ch.id == "media-type/removed" || ch.id == "operation/removed"
}

// isError reports whether a status is one of refusals and faults. The default is for these, too.
func isError(status string) bool {
	return strings.HasPrefix(status, "4") || strings.HasPrefix(status, "5") || status == "default"
}

// has reports whether findings have one of an id at the place of a change.
func has(findings []contract.Finding, id string, ch change) bool {
	for _, f := range findings {
		if f.ID == id && compare(ch.pointer(), f.Pointer) == samePlace {
			return true
		}
	}
	return false
}

// isOnlyOpen reports whether what the old document refuses is, in the new one, a member that it does not describe.
func isOnlyOpen(of, refused []contract.Finding) bool {
	for _, f := range refused {
		isUndocumented := func(other contract.Finding) bool {
			return other.ID == "member/undocumented" && other.Pointer == f.Pointer
		}
		if !slices.ContainsFunc(of, isUndocumented) {
			return false
		}
	}
	return len(refused) > 0
}

// isOnlyUndocumented reports whether a request is refused only for members that an open schema does not describe.
func isOnlyUndocumented(failing []contract.Finding) bool {
	for _, f := range failing {
		if f.ID != "member/undocumented" || !strings.HasPrefix(f.Pointer, "/request/body") {
			return false
		}
	}
	return len(failing) > 0
}
