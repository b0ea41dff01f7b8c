package contract

import (
	"fmt"
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Side is who is judged: the provider, which sends responses; the consumer, which sends requests; or both.
type Side string

// The sides. The zero value means the same as Provider.
const (
	Provider Side = "provider"
	Consumer Side = "consumer"
	Both     Side = "both"
)

// ParseSide reads provider, consumer or both. The error lists them.
func ParseSide(text string) (Side, error) {
	switch side := Side(text); side {
	case Provider, Consumer, Both:
		return side, nil
	}
	return Provider, fmt.Errorf("unknown side %q: want provider, consumer or both", text)
}

// Side returns who must fix what is wrong: Consumer for a finding about the request or an expected response, Provider for one
// about a response that was sent. It is empty for a finding about the document.
func (f Finding) Side() Side {
	switch {
	case f.Expected, strings.HasPrefix(f.Pointer, "/request"):
		return Consumer
	case strings.HasPrefix(f.Pointer, "/response"):
		return Provider
	}
	return ""
}

// Fails reports whether the finding fails a run that judges a side and fails on promises of a grade or higher:
//
//	schema/type at /request/body     documented      fails Consumer and Both, on each grade
//	header/undocumented at /request  undocumented    fails them on undocumented only
//	parameter/undocumented           undocumented    fails them on each grade
//
// The last is an exception. A provider that adds a member to a response breaks nobody, but a provider ignores a parameter
// that it does not know, so a consumer that sends one does not get what it asks for. The same goes for members of a request
// body and for a body that the operation does not take, and for all that a consumer expects of a response.
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

// isIgnoredByProviders reports whether a finding is about something that a request has and a provider does not read.
func isIgnoredByProviders(id string) bool {
	return id == "parameter/undocumented" || id == "member/undocumented" || id == "body/undocumented"
}
