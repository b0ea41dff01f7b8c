package breaking

// Kind is a kind of change: the ID of findings, and what it means.
type Kind struct{ ID, Means string }

// The ids of changes that nobody notices in an exchange.
const (
	proseID = "prose/changed"
	namesID = "names/changed"
)

// Kinds returns all kinds of changes, in the order of the documentation.
func Kinds() []Kind { return kinds }

// kinds is the table of all ids. A test makes sure that no other is used.
var kinds = []Kind{
	{"operation/removed", "the method of a path is gone"},
	{"operation/added", "the method of a path is new"},
	{"names/changed", "the operationId is another one, which generated code takes its names from"},
	{"server/removed", "a base URL is gone"},
	{"server/added", "a base URL is new"},
	{"security/loosened", "fewer credentials are needed"},
	{"security/tightened", "more credentials are needed"},
	{"security/changed", "other credentials or scopes are needed"},
	{"parameter/removed", "a parameter is gone"},
	{"parameter/added", "a parameter is new"},
	{"parameter/required", "a parameter is required now"},
	{"parameter/optional", "a parameter is no longer required"},
	{"parameter/encoding", "a parameter or header is written in another way: style, explode, media type"},
	{"request/removed", "the request has no body any more"},
	{"request/added", "the request has a body now"},
	{"request/required", "the body is required now"},
	{"request/optional", "the body is no longer required"},
	{"media-type/removed", "a media type of a body is gone"},
	{"media-type/added", "a media type of a body is new"},
	{"status/removed", "a status of the responses is gone"},
	{"status/added", "a status of the responses is new"},
	{"header/removed", "a header of a response is gone"},
	{"header/added", "a header of a response is new"},
	{"header/required", "a header of a response is always there now"},
	{"header/optional", "a header of a response may be missing now"},
	{"schema/added", "a value that was of any kind has a schema now"},
	{"schema/removed", "a value that had a schema may be of any kind now"},
	{"type/changed", "a value has other types"},
	{"type/added", "a value may have further types"},
	{"type/removed", "a value may have fewer types"},
	{"null/allowed", "a value may be null now"},
	{"null/forbidden", "a value may no longer be null"},
	{"enum/added", "a value may be one of further ones"},
	{"enum/removed", "a value may no longer be one of some"},
	{"enum/changed", "a value that was free must be one of a list now, or the other way round"},
	{"required/added", "members are required now"},
	{"required/removed", "members are no longer required"},
	{"property/added", "a member is new"},
	{"property/removed", "a member is gone"},
	{"bound/raised", "a bound, such as minimum or maxLength, is higher"},
	{"bound/lowered", "a bound is lower"},
	{"bound/added", "a bound is new"},
	{"bound/removed", "a bound is gone"},
	{"format/changed", "a text has another format"},
	{"pattern/changed", "a text has another pattern"},
	{"multiple-of/changed", "a number is a multiple of another one"},
	{"unique/changed", "the elements of a list must be unique now, or need no longer be"},
	{"additional/opened", "an object may have further members now"},
	{"additional/closed", "an object may no longer have further members"},
	{"additional/changed", "the patterns of the names of members are others"},
	{"alternative/added", "a value may be one of further alternatives (oneOf, anyOf)"},
	{"alternative/removed", "an alternative is gone"},
	{"alternatives/changed", "oneOf is anyOf now, or the other way round, or their number is another one"},
	{"condition/changed", "a condition on a value is another one: not, if, dependentRequired, contains"},
	{"read-only/changed", "only responses have a member now, or no longer"},
	{"write-only/changed", "only requests have a member now, or no longer"},
	{"discriminator/changed", "another member, or other values, select the alternative"},
	{"encoding/changed", "a body or text is encoded in another way: contentEncoding, encoding of a form"},
	{"default/changed", "the value of what is left out is another one"},
	{"rule/added", "a rule (x-rules) is new"},
	{"rule/removed", "a rule is gone"},
	{"rule/changed", "a rule says something else"},
	{"rule/grade", "a promise has another grade (x-evidence)"},
	{"error-codes/added", "a response has further error codes (x-error-codes)"},
	{"error-codes/removed", "error codes of a response are gone"},
	{"callback/changed", "an operation has other callbacks"},
	{"webhook/changed", "the document has other webhooks"},
	{"prose/changed", "texts for people are others: descriptions, examples, tags"},
}
