package oasdiff

// class is a kind of disagreement. A pattern matches one of the worst ids; in a pattern * stands for any text, and | separates
// several. A pair is of the first class that fits.
type class struct {
	ours, our     string // our level, and a pattern of our ids; "": any
	theirs, their string // the same of oasdiff
	pair          string // a pattern of the name of the pair; "": any
	right         string // one of rights
	reason        string
}

// rights say who is right about a class, as the owner of a program would judge that was built for the old document.
var rights = []string{"quotaspec", "both", "oasdiff"}

const (
	breaks   = "breaking"
	possibly = "possibly breaking"
)

var classes = []class{
	// what oasdiff does not compare
	{
		ours: possibly, our: "server/removed", theirs: nothing, right: "quotaspec",
		reason: "oasdiff compares no servers; programs that have the base URL call nothing",
	},
	{
		ours: breaks, our: "parameter/encoding", theirs: nothing, right: "quotaspec",
		reason: "oasdiff compares neither style nor explode; what is a list by one document is one text by the other",
	},
	{
		ours: possibly, our: "parameter/encoding|encoding/changed", theirs: nothing, right: "quotaspec",
		reason: "the same, and of forms; the same text may be read as another value, which both documents take",
	},
	{
		ours: breaks, our: "additional/opened", theirs: nothing, right: "quotaspec",
		reason: "oasdiff compares no additionalProperties; a strict reader stops at a member that the old document forbids",
	},
	{
		ours: possibly, our: "additional/opened", theirs: nothing, right: "both",
		reason: "the same, where the new document only allows other members: a program must ignore those that it does not know",
	},
	{
		ours: breaks, our: "schema/removed", theirs: nothing, right: "quotaspec",
		reason: "the same: the values of a map may be anything",
	},
	{
		ours: possibly, our: "additional/closed", theirs: nothing, right: "both",
		reason: "oasdiff compares no additionalProperties; only who sends what the old document does not name breaks",
	},
	{
		ours: breaks, our: "status/*", theirs: nothing, right: "quotaspec",
		reason: "oasdiff does not compare the default response, which allows statuses that the old document forbids",
	},
	{
		ours: possibly, our: "status/added", theirs: nothing, right: "quotaspec",
		reason: "the same; a program treats a status that it does not know as one of its class",
	},
	{
		ours: possibly, our: "condition/changed", theirs: nothing, right: "quotaspec",
		reason: "oasdiff does not compare not",
	},
	{
		ours: breaks, our: "rule/*|error-codes/*|security/changed", theirs: nothing, right: "quotaspec",
		reason: "rules, error codes and signing headers are extensions of ours, which oasdiff does not read",
	},
	{
		ours: possibly, our: "rule/*|error-codes/*|security/changed", theirs: nothing, right: "quotaspec",
		reason: "the same, where no exchange shows it",
	},

	// what oasdiff lists as information
	{
		ours: breaks, our: "status/removed", theirs: "INFO", their: "response-non-success-status-*", right: "quotaspec",
		reason: "a program that tells an absent thing from a fault by the 404 gets it no more, and nothing says what comes instead",
	},
	{
		ours: breaks, our: "status/added", theirs: "INFO", their: "response-success-status-added", right: "quotaspec",
		reason: "a program that knows 204 takes 202 for an error, or for done",
	},
	{
		ours: possibly, our: "status/added", theirs: "INFO", their: "response-non-success-status-*", right: "both",
		reason: "a program must treat an unknown status as the x00 of its class (RFC 9110, 15); whether yours does is for you to check",
	},
	{
		ours: possibly, our: "media-type/added", theirs: "INFO", their: "response-media-type-added", right: "both",
		reason: "a request with Accept does not get the new media type; one without may",
	},
	{
		ours: possibly, our: "header/removed", theirs: "INFO", their: "optional-response-header-removed", right: "both",
		reason: "no promise is broken, since the header was optional; a program that reads it gets it no more",
	},
	{
		ours: possibly, our: "property/removed", theirs: "INFO", their: "response-optional-property-removed", right: "both",
		reason: "the same of an optional member under an open schema",
	},
	{
		ours: breaks, our: "property/added", theirs: "INFO", their: "response-optional-property-added", right: "quotaspec",
		reason: "oasdiff does not see that the object is closed: the old document forbids the new member, and a strict reader stops at it",
	},
	{
		ours: possibly, our: "default/changed", theirs: "INFO", their: "*-default-value-*", right: "quotaspec",
		reason: "who sends no value gets another result; no exchange is wrong by either document",
	},
	{
		ours: breaks, our: "operation/removed", theirs: "INFO", their: "api-removed-with-deprecation", right: "both",
		reason: "oasdiff lets a deprecated operation go; programs that still call it break, and traffic shows whether there are any",
	},
	{
		ours: possibly, our: "security/loosened", theirs: "INFO", right: "both",
		reason: "no program breaks that sends credentials; what the provider now shows to everybody may be more than it should",
	},
	{
		ours: breaks, our: "discriminator/changed", theirs: "INFO", their: "response-property-discriminator-removed", right: "quotaspec",
		reason: "the old document promises that the member names one of the schemas",
	},

	// what oasdiff warns of
	{
		ours: breaks, our: "parameter/removed", theirs: "WARN", their: "request-parameter-removed", right: "quotaspec",
		reason: "the request is still sent, and the provider ignores the filter in it",
	},
	{
		ours: breaks, our: "property/removed", theirs: "WARN", their: "request-property-removed", right: "quotaspec",
		reason: "oasdiff does not see that the object is closed: the provider refuses the member",
	},
	{
		ours: breaks, our: "schema/removed", theirs: "WARN", their: "response-property-prefix-items-removed", right: "quotaspec",
		reason: "the elements may be anything",
	},
	{
		ours: "compatible", our: "schema/added", theirs: "WARN", their: "response-property-prefix-items-added", right: "quotaspec",
		reason: "the elements were anything and are numbers now, which every reader of anything takes",
	},

	// what oasdiff finds an error
	{
		ours: nothing, theirs: "ERR", their: "request-property-any-of-removed", pair: "*split into two files", right: "quotaspec",
		reason: "oasdiff tells alternatives apart by the text of their references, which name a file now",
	},
	{
		ours: nothing, theirs: "ERR", their: "request-property-became-not-nullable", pair: "*as OpenAPI 3.1", right: "quotaspec",
		reason: "`nullable: true` and the type `\"null\"` allow the same",
	},
	{
		ours: possibly, our: "status/added", theirs: "ERR", their: "response-success-status-removed", right: "both",
		reason: "2XX or default stands for 200, which is still documented; other statuses are new",
	},
	{
		ours: possibly, our: "property/removed", theirs: "ERR", pair: "document *: reference swapped*", right: "quotaspec",
		reason: "the whole body is only inferred, by x-evidence, and breaking it a warning",
	},
	{
		ours: possibly, our: "property/removed", theirs: "ERR", their: "response-required-property-removed", right: "both",
		reason: "the member is still required and only its schema is gone: oasdiff takes it for removed, quotaspec for open",
	},
	{
		ours: possibly, our: "media-type/added", theirs: "ERR", their: "response-media-type-removed", right: "quotaspec",
		reason: "`*/*` stands for application/json, which may still come, and which a request with Accept still gets",
	},
	{
		ours: possibly, our: "security/loosened", theirs: "ERR", their: "api-security-removed", right: "quotaspec",
		reason: "every request that had both credentials is still right; one of them is enough now",
	},
	{
		ours: "compatible", our: "parameter/added", theirs: "ERR", their: "new-request-path-parameter", right: "quotaspec",
		reason: "a parameter that the path does not name is in no request; the segment of the path is as it was",
	},
	{
		ours: possibly, our: "webhook/changed", their: "request-property-type-*", theirs: "ERR", right: "oasdiff",
		reason: "the judge has no webhooks: quotaspec says that one has changed, oasdiff what",
	},
	{
		ours: possibly, our: "webhook/changed", their: "request-property-type-*", theirs: "INFO", right: "oasdiff",
		reason: "the same",
	},
	{
		ours: possibly, our: "type/changed", theirs: "ERR", their: "response-property-type-changed", right: "both",
		reason: "the old texts are gone; rules of the document refuse all of the new type, so that no response is new",
	},
	{
		ours: possibly, our: "webhook/changed", theirs: "ERR", their: "webhook-removed", right: "both",
		reason: "the judge has no webhooks, so that no exchange shows it; who is called breaks if nobody calls",
	},
	{
		ours: possibly, our: "callback/changed", theirs: nothing, right: "quotaspec",
		reason: "oasdiff compares no callbacks",
	},
	{
		ours: breaks, our: "media-type/removed", theirs: "INFO", their: "response-media-type-name-specialized", right: "quotaspec",
		reason: "a program that accepts application/json does not get application/problem+json",
	},
	{
		ours: possibly, our: "status/added", theirs: "INFO", their: "response-success-status-added", right: "both",
		reason: "a rule of the document still refuses every success but 200",
	},
	{
		ours: breaks, our: "security/tightened", theirs: "INFO", their: "api-security-component-removed", right: "quotaspec",
		reason: "the scheme is gone, and with it the alternative that needs it; oasdiff compares only the names in the requirement",
	},
	{
		ours: possibly, our: "condition/changed|additional/changed|bound/*|type/added", theirs: "INFO", right: "oasdiff",
		reason: "the document promises more, or takes more; quotaspec found no exchange that shows it, and asks you to look",
	},
	{
		ours: possibly, our: "required/removed|null/allowed|bound/removed|schema/removed", theirs: "ERR", pair: "document *", right: "quotaspec",
		reason: "rules and error codes still refuse what the schema allows, such as an empty code, or the promise is only inferred, by " +
			"x-evidence, and breaking it a warning",
	},
	{
		ours:   possibly,
		our:    "condition/changed|additional/changed|media-type/removed",
		theirs: "ERR", right: "oasdiff",
		reason: "quotaspec found no exchange that shows it, and asks you to look",
	},
}
