// Package format checks texts against the formats that OpenAPI and JSON Schema define, such as date-time and email.
//
// Each format has one function, which follows the grammar of the standard that defines the format. Parsers of the
// standard library are more lenient, and are only used where they agree with the grammar or after a check of the shape.
// Formats with a regular grammar and little use are regular expressions built from the rules of that grammar. Those that
// services send most allocate nothing.
//
// The package does not know schemas. Whether an unknown format matters is for its caller to decide.
package format

import (
	"strings"
	"unicode/utf8"

	"github.com/quotaspec/quotaspec/contract/internal/pattern"
)

// formats lists all formats of OpenAPI 3.0 to 3.2 and of JSON Schema 2020-12. The functions of formats for numbers take a
// JSON number.
var formats = map[string]struct {
	valid  func(text string) bool
	number bool
}{
	"int32":                 {int32Range, true},
	"int64":                 {int64Range, true},
	"float":                 {floatRange, true},
	"double":                {doubleRange, true},
	"byte":                  {valid: base64},
	"binary":                {valid: anyText},
	"password":              {valid: anyText},
	"date":                  {valid: date},
	"time":                  {valid: timeOfDay},
	"date-time":             {valid: dateTime},
	"duration":              {valid: duration},
	"email":                 {valid: email},
	"idn-email":             {valid: idnEmail},
	"hostname":              {valid: hostname},
	"idn-hostname":          {valid: idnHostname},
	"ipv4":                  {valid: ipv4},
	"ipv6":                  {valid: ipv6},
	"uri":                   {valid: uri},
	"uri-reference":         {valid: uriReference},
	"iri":                   {valid: iri},
	"iri-reference":         {valid: iriReference},
	"uri-template":          {valid: uriTemplate},
	"uuid":                  {valid: uuid},
	"json-pointer":          {valid: jsonPointer},
	"relative-json-pointer": {valid: relativeJSONPointer},
	"regex":                 {valid: regex},
}

// Known reports whether OpenAPI or JSON Schema defines a format. Any other name is a private one of the document.
func Known(name string) bool {
	_, ok := formats[name]
	return ok
}

// AppliesToNumbers reports whether a format is for numbers, such as int32, and not for strings. Values of the other type
// always satisfy a format.
func AppliesToNumbers(name string) bool { return formats[name].number }

// Validator returns the function that reports whether a text has a format; nil if the format is not known. The text is
// the content of a string or, if [AppliesToNumbers], a JSON number.
func Validator(name string) func(text string) bool { return formats[name].valid }

func anyText(string) bool { return true }

func regex(text string) bool {
	_, err := pattern.Compile(text)
	return err == nil
}

// uuid accepts the shape that all versions have in RFC 9562.
func uuid(text string) bool { return hasShape(text, "hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh") }

// base64 accepts the encoding of RFC 4648, section 4, with padding (section 3.2) and without line breaks (section 3.1).
func base64(text string) bool {
	data := strings.TrimRight(text, "=")
	isOther := func(r rune) bool {
		inAlphabet := r < utf8.RuneSelf && isAlphanumeric(byte(r)) || r == '+' || r == '/'
		return !inAlphabet
	}
	return len(text)%4 == 0 && len(text)-len(data) <= 2 && !strings.ContainsFunc(data, isOther)
}
