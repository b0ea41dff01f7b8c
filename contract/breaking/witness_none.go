package breaking

import (
	"net"
	"net/url"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
)

// withoutExchange returns what is known of a change for which no exchange is looked for.
func withoutExchange(ch change) (s shown, ok bool) {
	const no = "no exchange shows it: "
	switch ch.id {
	case proseID:
		return shown{level: Editorial, nobody: true}, true
	case namesID:
		return shown{level: Compatible, nobody: true, why: "no exchange has it, but generated code takes its names from it"}, true
	case "callback/changed", "webhook/changed":
		return shown{level: PossiblyBreaking, side: contract.Consumer, why: no + "callbacks and webhooks are not judged"}, true
	case "default/changed":
		return shown{level: PossiblyBreaking, why: no + "a message without the value means something else now"}, true
	}
	return shown{}, false
}

// isForeign reports whether the change is about members that no message of its direction has.
func isForeign(ch change) bool {
	for _, s := range ch.path {
		if s.kind == toMember && (schemas{s.old, s.new}).isForeign(ch.part.isResponse) {
			return true
		}
	}
	isRequired := strings.HasPrefix(ch.id, "required/")
	members := membersOf(schemas{ch.oldSchema, ch.newSchema})
	return isRequired && !slices.ContainsFunc(ch.names, func(name string) bool {
		return !members.schemas(name).isForeign(ch.part.isResponse)
	})
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

// isLocal reports whether a base URL is that of the machine itself.
func isLocal(address string) bool {
	u, err := url.Parse(withDefaults(address))
	return err == nil && (u.Hostname() == "localhost" || net.ParseIP(u.Hostname()).IsLoopback())
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
	case ch.id == "read-only/changed" && p.isResponse, ch.id == "write-only/changed" && isRequest:
		level, why = Compatible, "readOnly says nothing about responses, and writeOnly nothing about requests"
	case isForeign(ch):
		level, why = Compatible, "only messages of the other direction have the member (readOnly, writeOnly)"
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
	case ch.id == "server/removed" && isAccepted && isLocal(ch.names[0]):
		why = "a request to localhost stands for one to any server"
	case ch.id == "server/removed" && isAccepted:
		why = "other servers of the document have the same paths"
	case ch.id == "operation/removed" && isAccepted:
		why = "another path of the new document takes the request"
	case isReadOtherwise(ch) && isAccepted:
		why = whyRead
	case s.isInferred:
		why = "the promise is only inferred, so that breaking it is only a warning"
	case isAccepted:
		why = "both documents accept and refuse the same of what was tried"
	case s.isHidden:
		why = "other changes of the operation have the same messages refused"
	case s.unjudged != "":
		why = "one of the documents cannot be judged: " + s.unjudged
	}
	return level, no + why
}
