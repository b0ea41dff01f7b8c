package format

import (
	"strings"
	"unicode/utf8"
)

// uriTemplate takes the grammar of RFC 6570, section 2, with the apostrophe of its erratum 6937.
func uriTemplate(text string) bool {
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c == '{':
			length := strings.IndexByte(text[i:], '}')
			if length < 0 || !isExpression(text[i+1:i+length]) {
				return false
			}
			i += length
		case c == '%':
			if !isEscape(text, i) {
				return false
			}
			i += 2
		case c >= utf8.RuneSelf:
			r, size := utf8.DecodeRuneInString(text[i:])
			if !isUCS(r) && !isPrivate(r) {
				return false
			}
			i += size - 1
		case c <= ' ' || c == 0x7F || has("\"<>\\^`|}", c):
			return false
		}
	}
	return true
}

// isExpression judges what stands in braces: an operator, if any, and variables.
func isExpression(text string) bool {
	if text != "" && has("+#./;?&=,!@|", text[0]) {
		text = text[1:]
	}
	for variable := range strings.SplitSeq(text, ",") {
		if !isVariable(variable) {
			return false
		}
	}
	return true
}

// isVariable judges a name such as a.b, with a length (a:3) or a star behind it.
func isVariable(text string) bool {
	name, length, hasLength := strings.Cut(text, ":")
	if hasLength {
		if length == "" || len(length) > 4 || length[0] == '0' || !allDigits(length) {
			return false
		}
	} else {
		name = strings.TrimSuffix(name, "*")
	}
	afterDot := true
	for i := 0; i < len(name); i++ {
		switch c := name[i]; {
		case c == '.' && !afterDot:
			afterDot = true
			continue
		case isEscape(name, i):
			i += 2
		case !isAlphanumeric(c) && c != '_':
			return false
		}
		afterDot = false
	}
	return !afterDot
}
