package format

import "regexp"

// The formats of this file have regular grammars and are rare in practice. So each is a regular expression composed like
// its grammar, which is easy to compare with the standard and fast enough.

// grammar returns a function that reports whether an expression matches a whole text.
func grammar(expression string) func(text string) bool {
	return regexp.MustCompile(`^(?s:` + expression + `)$`).MatchString
}

// pointer is the string representation of RFC 6901, section 5.
const pointer = `(/([^~/]|~[01])*)*`

var jsonPointer = grammar(pointer)

// relativeJSONPointer accepts the syntax of draft-bhutton-relative-json-pointer-00, section 3, which JSON Schema 2020-12
// refers to.
var relativeJSONPointer = grammar(`(0|[1-9][0-9]*)(#|` + pointer + `)`)

// duration accepts the grammar of RFC 3339, appendix A: weeks alone, or units from years to seconds with none left out in
// between. P1Y2D is invalid, since it lacks the months.
var duration = grammar(`P([0-9]+W|` + days + `|(` + days + `)?T(` + hours + `))`)

const (
	days  = `[0-9]+Y([0-9]+M([0-9]+D)?)?|[0-9]+M([0-9]+D)?|[0-9]+D`
	hours = `[0-9]+H([0-9]+M([0-9]+S)?)?|[0-9]+M([0-9]+S)?|[0-9]+S`
)

// uriTemplate accepts the grammar of RFC 6570, section 2, with the apostrophe of its erratum 6937. Outside of
// expressions, a template may have the characters of an IRI. So each expression is replaced by a valid character, and the
// rest is checked.
func uriTemplate(text string) bool {
	return consistsOf(templateExpression.ReplaceAllString(text, "~"), ":@/?#[]", true, true)
}

// templateExpression matches an optional operator and variables such as a.b, each with an optional length (a:3) or star (a*).
var templateExpression = regexp.MustCompile(`\{[+#./;?&=,!@|]?` + variable + `(,` + variable + `)*\}`)

const (
	variable     = variableName + `(\.` + variableName + `)*(\*|:[1-9][0-9]{0,3})?`
	variableName = `([0-9A-Z_a-z]|%[[:xdigit:]]{2})+`
)
