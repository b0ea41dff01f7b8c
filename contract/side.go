package contract

import (
	"strings"

	"github.com/quotaspec/quotaspec/internal/text"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Side is who is judged: the provider, which sends responses; the consumer, which sends requests; or both. An exchange has the
// findings of both. The side says which of them fail a test: that of a provider must not fail because a client sent nonsense,
// and that of a consumer must not fail because the provider's response is wrong.
type Side string

// The sides. The zero value means the same as Provider.
const (
	Provider Side = "provider"
	Consumer Side = "consumer"
	Both     Side = "both"
)

// ParseSide reads provider, consumer or both. The error names the nearest of them, or all.
func ParseSide(name string) (Side, error) {
	switch side := Side(name); side {
	case Provider, Consumer, Both:
		return side, nil
	}
	return Provider, text.Unknown("side", name, []string{string(Provider), string(Consumer), string(Both)})
}

// Side returns who must fix what is wrong: Consumer for a finding about the request, whose Pointer begins with /request, or
// about a response that a consumer expects; Provider for one about a response that was sent. It is "" for a finding about
// the document, which fails both.
func (f Finding) Side() Side {
	switch {
	case f.Expected, strings.HasPrefix(f.Pointer, "/request"):
		return Consumer
	case strings.HasPrefix(f.Pointer, "/response"):
		return Provider
	}
	return ""
}

// Fails reports whether the finding fails a test of a side. failOn is the weakest grade of promise that counts, usually
// spec.Recorded: broken promises that are only inferred, and things that the document does not mention, are then warnings.
// The side "" means Provider.
//
//	schema/type at /response/body            documented      fails the provider
//	schema/type at /request/body             documented      fails the consumer
//	header/undocumented at /request/headers  undocumented    fails the consumer if failOn is spec.Undocumented
//	parameter/undocumented at /request/query undocumented    fails the consumer, whatever failOn is
//
// The last is an exception. A provider that adds a member to a response breaks nobody, but a provider ignores a parameter
// that it does not know, so a consumer that sends one does not get what it asks for. The same goes for a member of a request
// body (member/undocumented), for a body that the operation does not take (body/undocumented), for a header that is a
// misspelling of a documented one (header/near-miss), and for all that a consumer expects of a response and the document
// does not mention. Any other header may be for somebody else, such as a proxy.
func (f Finding) Fails(side Side, failOn spec.Grade) bool {
	own := f.Side()
	if side == "" {
		side = Provider
	}
	if isJudged := side == Both || own == side || own == ""; !isJudged {
		return false
	}
	isRelied := f.Expected && f.Evidence.Grade == spec.Undocumented
	return f.Evidence.Grade <= failOn || isRelied || (own == Consumer && isIgnoredByProviders(f.ID))
}

// isIgnoredByProviders reports whether a finding is about something that a consumer sends and a provider does not read.
func isIgnoredByProviders(id string) bool {
	switch id {
	case "parameter/undocumented", "member/undocumented", "body/undocumented", "header/near-miss":
		return true
	}
	return false
}
