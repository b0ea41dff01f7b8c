package twojudges

import (
	"cmp"
	"fmt"
	"strings"
)

// exchangeKind is the reason why one judge finds something wrong with a side of an exchange and another does not. A finding
// is of the first kind that matches it. In patterns, * matches any text.
type exchangeKind struct {
	judge    string   // the other judge; "": each
	who      string   // who finds something wrong: we or they
	side     string   // request or response; "": either
	findings []string // patterns of our finding ids, or of names of the other judge
	in       []string // patterns of exchanges; nil: any
	alone    bool     // the other judge never checks this: it is set aside, and the rest of the side is compared
	right    string   // we, they or both
	reason   string
	clause   string
}

const kin, pb33f = "kin-openapi", "libopenapi-validator"

// exchangeKinds lists all kinds, ours first. Mutants have the names that quotaspec mutate prints.
var exchangeKinds = []exchangeKind{
	// What only we check.
	{who: "we", findings: below(ruleAreas), alone: true, right: "we",
		reason: "rules are an extension, x-rules",
		clause: "OpenAPI 3.0.4, Specification Extensions; the x-rules of the document"},
	{who: "we", side: "response", findings: []string{"error-code/*"}, alone: true, right: "we",
		reason: "error codes are an extension, x-error-codes",
		clause: "OpenAPI 3.0.4, Specification Extensions; the x-error-codes of the document"},
	{who: "we", side: "response",
		findings: []string{"member/of-resource", "status/valid-request", "status/no-*", "status/unknown-resource", "status/repeat",
			"status/server-error"},
		in: []string{"corpus probe-*"}, alone: true, right: "we",
		reason: "why a request was made, and the response before, are not in the messages",
		clause: "RFC 9110, 15: the status describes the result of the request; the responses of the document"},
	{who: "we", findings: []string{"framing/*"}, alone: true, right: "we",
		reason: "net/http has taken the framing away before another judge sees the message",
		clause: "RFC 9112, 2.1, 2.2, 4, 5, 6.1 to 6.3, 7.1 and 8; RFC 9110, 5.5, 6.4.1 and 8.6"},
	{judge: kin, who: "we", side: "request", findings: []string{"credentials/*"}, alone: true, right: "we",
		reason: "it leaves credentials to a function of the program",
		clause: "OpenAPI 3.0.4, Security Requirement Object"},
	{judge: pb33f, who: "we", side: "request", findings: []string{"credentials/doubled"}, alone: true, right: "we",
		reason: "it reads the first of several fields",
		clause: "RFC 9110, 5.3"},
	{who: "we", side: "request", alone: true, right: "we",
		findings: []string{"header/doubled"},
		in:       []string{"* at /request/headers/host", "corpus request-two-hosts"},
		reason:   "Host is no header in net/http",
		clause:   "RFC 9112, 3.2: more than one Host is a bad request"},
	{who: "we", side: "request", findings: []string{"query/malformed"}, alone: true, right: "we",
		reason: "url.Values drops what it cannot read",
		clause: "RFC 3986, 2.1 and 3.4"},
	{who: "we", side: "response", findings: []string{"body/duplicate-member"}, alone: true, right: "we",
		reason: "encoding/json keeps the last of several members of one name",
		clause: "RFC 8259, 4: names SHOULD be unique; RFC 7493 (I-JSON), 2.3: they MUST be"},
	{who: "we", side: "response", findings: []string{"body/invalid-utf8"}, alone: true, right: "we",
		reason: "encoding/json puts a replacement character in its place",
		clause: "RFC 8259, 8.1"},
	{who: "we", side: "response", findings: []string{"body/lone-surrogate"}, alone: true, right: "we",
		reason: "encoding/json puts a replacement character in its place",
		clause: "RFC 8259, 8.2: what a reader does is unpredictable; RFC 7493 (I-JSON), 2.1: there MUST be none"},
	{judge: kin, who: "we", alone: true, right: "both",
		findings: []string{"header/undocumented", "parameter/undocumented"},
		reason:   "OpenAPI forbids no further header or parameter; quotaspec warns of what the document does not declare",
		clause:   "OpenAPI 3.0.4, Parameter Object and Header Object; RFC 9110, 5.1: an unknown field is ignored"},
	{judge: kin, who: "we", side: "response", findings: []string{"member/undocumented"}, alone: true, right: "both",
		reason: "the schema forbids no further member; quotaspec warns of what the document does not declare",
		clause: "OpenAPI 3.0.4, Schema Object, additionalProperties; JSON Schema Validation wright-00, 5.18"},
	{judge: kin, who: "we", side: "request", findings: []string{"body/undocumented"}, alone: true, right: "both",
		reason: "the operation declares no body; quotaspec warns of one",
		clause: "OpenAPI 3.0.4, Operation Object, requestBody; RFC 9110, 9.3.1: content of a GET has no generally defined semantics"},

	// What the other judge does not require.
	{who: "we", side: "request", right: "we",
		findings: []string{"parameter/pattern"},
		in:       []string{"* at /request/headers/x-sdk-date*", "corpus request-malformed-date"},
		reason:   "headers of a signature are an extension, x-signing-headers",
		clause:   "OpenAPI 3.0.4, Specification Extensions; the x-signing-headers of the document"},
	{who: "we", side: "request", right: "we",
		findings: []string{"parameter/enum"},
		in:       []string{"corpus request-semicolon", "* (type=user;x=1)"},
		reason:   "url.Values drops a pair with a semicolon whole; a semicolon that delimits nothing is data",
		clause:   "RFC 3986, 2.2 and 3.4"},
	{who: "we", side: "request", findings: []string{"parameter/doubled"}, right: "we",
		reason: "it reads the first of several",
		clause: "OpenAPI 3.0.4, Parameter Object, Style Examples: a primitive value is written once; RFC 9110, 5.3 for headers"},
	{who: "we", side: "response", findings: []string{"header/doubled"}, right: "we",
		reason: "it reads the first of several fields",
		clause: "RFC 9110, 5.3"},
	{who: "we", side: "response", findings: []string{"media-type/doubled"}, right: "we",
		reason: "it reads the first of several fields",
		clause: "RFC 9110, 5.3 and 8.3"},
	{who: "we", side: "response", findings: []string{"media-type/malformed"}, right: "we",
		in:     []string{"corpus malformed-content-type", "corpus charset-twice", "* (application/json; charset)"},
		reason: "it takes what stands before the semicolon",
		clause: "RFC 9110, 8.3.1 and 5.6.6; RFC 6838, 4.3: a parameter twice is an error"},
	{who: "we", side: "response", findings: []string{"media-type/charset"}, right: "both",
		reason: "it leaves parameters of a media type alone; quotaspec reports a charset that JSON cannot be in",
		clause: "RFC 8259, 8.1: JSON is UTF-8; 11: it has no charset, and one has no effect"},
	{judge: kin, who: "we", side: "response", findings: []string{"body/trailing-bytes"}, right: "we",
		reason: "it decodes the first value and reads no further",
		clause: "RFC 8259, 2"},
	{who: "we", side: "response", findings: []string{"content-encoding/*"}, right: "we",
		reason: "it does not look at the content coding",
		clause: "RFC 9110, 8.4"},
	{judge: kin, who: "we", side: "response", findings: []string{"status/undocumented"}, right: "both",
		in:     []string{"*: status swapped at * (30*)", "corpus moved-permanently", "corpus not-modified*", "corpus *-redirect"},
		reason: "it judges no response with a status of 301, 304, 307 or 308; quotaspec reports each that is not listed",
		clause: "OpenAPI 3.0.4, Responses Object: a success and the known errors are listed, not every status"},
	{judge: pb33f, who: "we", side: "response", findings: []string{"body/empty"}, right: "we",
		reason: "it holds no body against no schema, even where a media type is promised",
		clause: "OpenAPI 3.0.4, Response Object, content; RFC 8259, 2"},
	{judge: pb33f, who: "we", side: "response", right: "we",
		findings: []string{"body/too-large"},
		in:       []string{"corpus image-gzip-bomb"},
		reason:   "the body unpacks to white space, which it takes for no body",
		clause:   "RFC 8259, 2"},
	{judge: pb33f, who: "we", side: "response", findings: []string{"schema/nullable", "schema/type"}, right: "we",
		in:     []string{"corpus null", "*: body replaced at /response/body"},
		reason: "it takes a body of null for no body",
		clause: "RFC 8259, 2 and 3; OpenAPI 3.0.4, Schema Object, nullable; OpenAPI 3.1.1, Data Types; JSON Schema Validation 2020-12, 6.1.1"},
	{judge: pb33f, who: "we", side: "request", right: "we",
		findings: []string{"method/undocumented"},
		in:       []string{"corpus method-head-*", "* (HEAD)"},
		reason:   "it takes HEAD for GET where no HEAD is documented",
		clause:   "OpenAPI 3.0.4, Path Item Object, head"},
	{judge: pb33f, who: "we", side: "request", right: "we",
		findings: []string{"path/unknown"},
		in:       []string{"*: path changed at *"},
		reason:   "it drops empty segments; to a server, /a/ and //a are not /a",
		clause:   "RFC 3986, 3.3: a segment may be empty; 6.2.3: an empty component keeps its delimiters"},

	// What the other judge requires beyond the standard, or where it checks something else.
	{who: "they", side: "request", right: "we",
		findings: []string{"path/missing", "path/no-route"},
		in:       []string{"corpus legal-escaped-path"},
		reason:   "it does not decode the path: %2D and a hyphen are the same",
		clause:   "RFC 3986, 2.3 and 6.2.2.2"},
	{who: "they", side: "request", right: "both",
		findings: []string{"path/*"},
		in:       []string{"corpus probe-unknown-path-*", "corpus probe-other-method-*"},
		reason:   "the probe asks for a path or a method that does not exist, to see what the provider responds",
		clause:   "the rules unknown-path and other-method of the document"},
	{judge: kin, who: "they", side: "response", right: "we",
		findings: []string{"invalid"},
		in:       []string{"corpus legal-deflate"},
		reason:   "nothing has undone the coding, which net/http leaves in place",
		clause:   "RFC 9110, 8.4.1.2"},
	{judge: pb33f, who: "they", side: "response", right: "we",
		findings: []string{"response/schema"},
		in:       []string{"corpus legal-deflate"},
		reason:   "nothing has undone the coding, which net/http leaves in place",
		clause:   "RFC 9110, 8.4.1.2"},
	{judge: pb33f, who: "they", side: "request", alone: true, right: "we",
		findings: []string{
			"strict/undeclared-header/x-sdk-*", "strict/undeclared-header/x-domain-id",
			"strict/undeclared-header/x-project-id", "strict/undeclared-header/x-security-token",
		},
		reason: "headers of a signature are an extension, x-signing-headers",
		clause: "OpenAPI 3.0.4, Specification Extensions; the x-signing-headers of the document"},
	{judge: pb33f, who: "they", side: "response", alone: true, right: "we",
		findings: []string{
			"strict/undeclared-header/server", "strict/undeclared-header/content-encoding", "strict/undeclared-header/x-frame-options",
		},
		reason: "a header of IANA's registry needs no declaration",
		clause: "RFC 9110, 5.1: an unknown field is ignored; 16.3.1: the registry"},
	{judge: pb33f, who: "they", side: "response", right: "we",
		findings: []string{"response/contentType", "response/schema"},
		in:       []string{"corpus method-head-*", "* (HEAD)"},
		reason:   "it judges a response to HEAD like one to GET",
		clause:   "RFC 9110, 9.3.2"},
}

// below returns the patterns of the ids in some areas: iam becomes iam/*.
func below(areas []string) []string {
	patterns := []string{}
	for _, area := range areas {
		patterns = append(patterns, area+"/*")
	}
	return patterns
}

// exchangeTables writes how often the judges agree about exchanges, and the kinds of disagreements.
func exchangeTables(tallies []tally) string {
	b := &strings.Builder{}
	b.WriteString("| beside quotaspec | OpenAPI | sides | both accept | both find something | one alone |\n" +
		strings.Repeat("|---", 6) + "|\n")
	for i, all := range tallies {
		fmt.Fprintf(b, "| %s | %s | %d | %d | %d | %d |\n", exchangeJudges[i].name, exchangeJudges[i].version,
			all.accepted+all.refused+all.differ, all.accepted, all.refused, all.differ)
	}
	b.WriteString("\n| finds something | side | finding | in |")
	for _, judge := range exchangeJudges {
		fmt.Fprintf(b, " %s, %s |", judge.name, judge.version)
	}
	b.WriteString(" set aside | right | reason | clause |\n|---|---|---|---|" + strings.Repeat("---|", len(tallies)+4) + "\n")
	for i, k := range exchangeKinds {
		who, right := map[string]string{"we": "quotaspec", "they": "the other", "both": "both"}, k.right
		fmt.Fprintf(b, "| %s | %s | %s | %s |", who[k.who], cmp.Or(k.side, "either"), code(k.findings), cmp.Or(code(k.in), "any"))
		for j, all := range tallies {
			if k.judge != "" && k.judge != exchangeJudges[j].name {
				b.WriteString(" |")
			} else {
				fmt.Fprintf(b, " %d |", all.kinds[i])
			}
		}
		fmt.Fprintf(b, " %s | %s | %s | %s |\n", map[bool]string{true: "yes"}[k.alone], who[right], k.reason, k.clause)
	}
	return b.String()
}

// code writes names as Markdown code.
func code(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return "`" + strings.Join(names, "`, `") + "`"
}
