package twojudges

import (
	"fmt"
	"slices"
	"strings"
)

// disagreementKinds lists why another judge disagrees about generated values, with the clause that decides. The kind of a
// disagreement depends on the keywords of its schema after shrinking, when all keywords that it does not need are gone.
var disagreementKinds = []struct {
	judge, who     string   // who finds something wrong: we or they
	all            []string // these keywords are in the schema
	any            []string // and at least one of these; nil: no other keyword but structural ones
	reason, clause string
}{
	{
		judge: "kin-openapi", who: "they",
		reason: "kin-openapi takes null only where it finds nullable; a schema without a type takes every value",
		clause: "OpenAPI 3.0.4, Schema Object: nullable adds null to the type beside it",
	},
	{
		judge: "kin-openapi", who: "we", all: []string{"nullable"}, any: []string{"enum"},
		reason: "kin-openapi takes null beside nullable whatever the enum is",
		clause: "JSON Schema Validation wright-00, 5.20, enum",
	},
	{
		judge: "kin-openapi", who: "we", all: []string{"nullable"}, any: []string{"allOf", "anyOf", "oneOf", "not"},
		reason: "kin-openapi takes null if the schema or a part of it is nullable, whatever the others say, and does not " +
			"match null with a schema without nullable",
		clause: "OpenAPI 3.0.4, Schema Object: nullable adds null to the type beside it; JSON Schema Validation wright-00, " +
			"5.22 to 5.25, allOf, anyOf, oneOf and not",
	},
	{
		judge: "kin-openapi", who: "we", any: []string{"format=date"},
		reason: "kin-openapi compares a date with a regular expression, and February has no day 29 in 2023",
		clause: "OpenAPI 3.0.4, Data Type Format: date is full-date; RFC 3339, 5.6 and 5.7",
	},
	{
		judge: "kin-openapi", who: "we", any: []string{"format=email", "format=ipv4", "format=ipv6", "format=uri", "format=uuid"},
		reason: "kin-openapi checks the format only if the program registers a validator for it",
		clause: "JSON Schema Validation wright-00, 7.2: a program may leave formats alone; 7.3.2 and 7.3.4 to 7.3.6; " +
			"OpenAPI 3.0.4, Data Type Format, and its Format Registry for uuid",
	},
	{
		judge: "kin-openapi", who: "they", all: []string{"not"},
		any: []string{"format=email", "format=ipv4", "format=ipv6", "format=uri", "format=uuid"}, reason: "the same, within not",
		clause: "JSON Schema Validation wright-00, 7.2, 7.3 and 5.25, not",
	},
	{
		judge: "kin-openapi", who: "we", any: []string{"multipleOf"},
		reason: "kin-openapi divides the nearest float64: 9007199254740993 becomes 9007199254740992",
		clause: "JSON Schema Validation wright-00, 3.2: numbers of any precision; 5.1, multipleOf",
	},
	{
		judge: "kin-openapi", who: "they", all: []string{"not"}, any: []string{"multipleOf"}, reason: "the same, within not",
		clause: "JSON Schema Validation wright-00, 3.2, 5.1, multipleOf, and 5.25, not",
	},
	{
		judge: "kin-openapi", who: "we", any: []string{"uniqueItems"},
		reason: "kin-openapi compares how the numbers are written: 1 and 1.0 are one number",
		clause: "JSON Schema Validation wright-00, 2 and 5.12, uniqueItems; JSON Schema Core wright-00, 4.3, instance equality",
	},
	{
		judge: "kin-openapi", who: "we", all: []string{"oneOf"},
		reason: "kin-openapi takes a schema whose parts are all empty for an empty one and does not count the matches",
		clause: "JSON Schema Validation wright-00, 5.24, oneOf",
	},
}

// structural are the keywords that mean nothing alone: they contain schemas, or remain when a schema shrinks.
var structural = []string{"$ref", "allOf", "anyOf", "oneOf", "not", "items", "properties", "additionalProperties", "type"}

// kindOf is the index of the kind of a disagreement, or -1.
func kindOf(judge, who string, c trial) int {
	left := keywords(c)
	meaningful := slices.DeleteFunc(slices.Clone(left), func(k string) bool { return slices.Contains(structural, k) })
	for i, k := range disagreementKinds {
		matches := len(meaningful) == 0
		if k.any != nil {
			matches = slices.ContainsFunc(k.any, func(keyword string) bool { return slices.Contains(left, keyword) })
		}
		for _, keyword := range k.all {
			matches = matches && slices.Contains(left, keyword)
		}
		isGeneral := k.all == nil && k.any == nil // the kind of null
		fits := c.value == nil || !isGeneral
		if k.judge == judge && k.who == who && matches && fits {
			return i
		}
	}
	return -1
}

// agreementFile has the tables of kinds.
const agreementFile = "../../docs/agreement.md"

// valueTable writes how often each kind of disagreement about values occurs, with its smallest example.
func valueTable(counts []int, examples []string) string {
	b := &strings.Builder{}
	b.WriteString("| beside quotaspec | finds something | values | smallest example: schema, value | reason | clause |\n" +
		strings.Repeat("|---", 6) + "|\n")
	for i, k := range disagreementKinds {
		who := map[string]string{"we": "quotaspec", "they": k.judge}[k.who]
		fmt.Fprintf(b, "| %s | %s | %d | %s | %s | %s |\n", k.judge, who, counts[i], examples[i], k.reason, k.clause)
	}
	return b.String()
}
