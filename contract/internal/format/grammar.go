package format

import "regexp"

// These formats have regular grammars, and services send few of their texts: an expression that is the grammar, piece by piece,
// is plain and fast enough.

// grammar returns what takes the texts that an expression matches as a whole.
func grammar(expression string) func(text string) bool {
	return regexp.MustCompile(`^(?s:` + expression + `)$`).MatchString
}

// pointer is the string representation of RFC 6901, section 5.
const pointer = `(/([^~/]|~[01])*)*`

var jsonPointer = grammar(pointer)

// relativeJSONPointer takes the syntax of the draft of relative JSON pointers, section 3, as JSON Schema 2020-12 refers to it.
var relativeJSONPointer = grammar(`(0|[1-9][0-9]*)(#|` + pointer + `)`)

// duration takes the grammar of RFC 3339, appendix A: weeks alone, or years to seconds without a unit left out between two: P1Y2D
// lacks the months.
var duration = grammar(`P([0-9]+W|` + days + `|(` + days + `)?T(` + hours + `))`)

const (
	days  = `[0-9]+Y([0-9]+M([0-9]+D)?)?|[0-9]+M([0-9]+D)?|[0-9]+D`
	hours = `[0-9]+H([0-9]+M([0-9]+S)?)?|[0-9]+M([0-9]+S)?|[0-9]+S`
)

// uriTemplate takes the grammar of RFC 6570, section 2, with the apostrophe of its erratum 6937: beside expressions stands what
// an IRI may have.
func uriTemplate(text string) bool {
	return consistsOf(templateExpression.ReplaceAllString(text, "~"), ":@/?#[]", true, true)
}

// templateExpression is an operator, if any, and variables such as a.b, with a length (a:3) or a star behind them.
var templateExpression = regexp.MustCompile(`\{[+#./;?&=,!@|]?` + variable + `(,` + variable + `)*\}`)

const (
	variable     = variableName + `(\.` + variableName + `)*(\*|:[1-9][0-9]{0,3})?`
	variableName = `([0-9A-Z_a-z]|%[[:xdigit:]]{2})+`
)
