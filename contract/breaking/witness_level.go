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
//	  4XX or 5XX added            possibly
//	  media type added            possibly
//	  only an open schema         possibly
//	a request (provider)          compatible                  breaking
//	  only an open schema                                     possibly
//	any server                    compatible                  possibly

// Reasons why a change with a witness is not breaking.
const (
	whyClass    = "a program treats a status that it does not know as the x00 of its class (RFC 9110, 15)"
	whyMedia    = "a request with Accept does not get another media type"
	whyOpen     = "the schema is open: the member was never forbidden, but nothing is said about its value any more"
	whyOpened   = "the new schema describes no further member, it only allows any: a program must ignore those that it does not know"
	whyHeader   = "headers that a document does not describe may always be there, but nothing is said about its value any more"
	whySent     = "the schema is open: a provider ignores the member, or still takes it"
	whyServer   = "only its owner knows whether the server is still there"
	whyGenerate = "names in generated code change; no exchange shows it"
)

// levelOf returns the level of a change by its witness. related are the findings at the place of the change.
func levelOf(ch change, v verdict, related []contract.Finding) (Level, string) {
	side := ch.part.side()
	isRemoved := side == contract.Consumer && v.old.accepts && isPromiseGone(ch)
	if ch.part.kind == ofServer && v.old.accepts {
		return PossiblyBreaking, whyServer
	}
	if !v.breaks(side) && !isRemoved {
		return Compatible, ""
	}
	switch {
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

// isPromiseGone reports whether the change removes something that responses had.
func isPromiseGone(ch change) bool {
	return ch.id == "status/removed" || ch.id == "media-type/removed" || ch.id == "operation/removed"
}

func isError(status string) bool {
	return strings.HasPrefix(status, "4") || strings.HasPrefix(status, "5")
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

// withoutExchange returns the level of a change for which no exchange is looked for.
func withoutExchange(ch change) (level Level, why string, ok bool) {
	switch {
	case ch.prose, ch.id == "prose/changed":
		return Editorial, "", true
	case ch.id == "names/changed":
		return Compatible, whyGenerate, true
	case ch.id == "default/changed":
		return PossiblyBreaking, "no exchange shows it: a message without the value means something else now", true
	}
	return Editorial, "", false
}

// harmless are the changes that break nobody even if no exchange shows them: the new document describes or takes more than the
// old one, or promises more.
var harmless = map[string]string{
	"operation/added":    "nobody uses the operation yet",
	"server/added":       "nobody uses the server yet",
	"parameter/optional": "a request with the parameter is right as before",
	"request/optional":   "a request with the body is right as before",
	"header/required":    "the provider promises more",
	"header/added":       "a document need not describe every header",
	"property/added":     "the schema is open: the member was never forbidden",
}

// isOfPath reports whether the change is that a parameter of the path is described or not.
func (s *search) isOfPath() bool {
	p := either(s.ch.part.new.parameter, s.ch.part.old.parameter)
	isWhole := s.ch.id == "parameter/added" || s.ch.id == "parameter/removed"
	return isWhole && p.In == "path"
}

// withoutWitness returns the level of a change that no exchange shows, and why none does.
func withoutWitness(ch change, s *search) (Level, string) {
	const no = "no exchange shows it: "
	isUnknown := ch.id == "property/added" && s.accepts == 0 // it may be required
	if why, ok := harmless[ch.id]; ok && s.unread == "" && !isUnknown {
		return Compatible, no + why
	}
	p := ch.part
	isNewParameter := ch.id == "parameter/added" && !p.new.parameter.Required
	isRequest, isAccepted := !p.isResponse, s.accepts > 0
	level, why := PossiblyBreaking, "no right message with this part could be made of the schemas"
	switch {
	case s.unread != "":
		why = "bodies in " + s.unread + " are not judged"
	case p.kind == ofParameter && s.isOfPath():
		level, why = Compatible, "the segment of the path is as it was"
	case isNewParameter:
		level, why = Compatible, "nobody sends the parameter yet"
	case ch.id == "parameter/removed" && p.old.parameter.In == "header":
		why = "a header that the document does not describe may be for somebody else"
	case ch.id == "parameter/removed":
		why = "the new document says nothing about such a " + p.old.parameter.In + " parameter"
	case ch.id == "header/removed":
		why = "a document need not describe every header"
	case ch.id == "additional/closed" && isRequest:
		why = "requests with other members were never right; a provider may refuse now what it ignored"
	case ch.id == "additional/opened" && isRequest:
		level, why = Compatible, "requests with other members are not right even now"
	case ch.id == "status/removed" && isAccepted:
		why = "the new document has another response for the status"
	case ch.id == "server/removed" && isAccepted:
		why = "other servers of the document have the same paths"
	case ch.id == "operation/removed" && isAccepted:
		why = "another path of the new document takes the request"
	case s.isInferred:
		why = "the promise is only inferred, so that breaking it is only a warning"
	case isAccepted:
		why = "both documents accept and refuse the same of what was tried"
	case s.isHidden:
		why = "other changes of the operation have the same messages refused"
	case s.unjudged:
		why = "an operation of one of the documents cannot be judged"
	}
	return level, no + why
}
