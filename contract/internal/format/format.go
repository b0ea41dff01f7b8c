// Package format judges whether a text is of a format that OpenAPI or JSON Schema defines, by the grammar of the document that
// the format comes from and not by what a parser of it takes.
package format

import (
	"strings"
	"unicode/utf8"

	"github.com/quotaspec/quotaspec/contract/internal/pattern"
)

// formats are all formats of OpenAPI 3.0 to 3.2 and of JSON Schema 2020-12. Those of numbers judge a number as JSON writes it.
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

// Known says whether OpenAPI or JSON Schema defines a format. Any other is a name that only the author of the document knows.
func Known(name string) bool {
	_, ok := formats[name]
	return ok
}

// AppliesToNumbers says whether a format is one of numbers, such as int32. A format says nothing about values of the other kind.
func AppliesToNumbers(name string) bool { return formats[name].number }

// Validator returns what says whether a text is of a format: a string, or a number as JSON writes it where the format is one of
// numbers; nil if the format is not known.
func Validator(name string) func(text string) bool { return formats[name].valid }

func anyText(string) bool { return true }

func regex(text string) bool {
	_, err := pattern.Compile(text)
	return err == nil
}

// uuid takes the shape that RFC 9562 gives to all versions.
func uuid(text string) bool { return hasShape(text, "hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh") }

// base64 takes the encoding of RFC 4648, section 4: padded (section 3.2) and without line breaks (section 3.1).
func base64(text string) bool {
	data := strings.TrimRight(text, "=")
	return len(text)%4 == 0 && len(text)-len(data) <= 2 && !strings.ContainsFunc(data, isNoBase64)
}

func isNoBase64(r rune) bool {
	return r >= utf8.RuneSelf || !isAlphanumeric(byte(r)) && r != '+' && r != '/'
}
