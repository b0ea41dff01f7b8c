package redact

import (
	"bytes"
	"encoding/json"
	"strings"
)

// json hides the secrets in a JSON text; if all is set, it hides every value. It also reports whether the text is valid, for
// which all is not needed. It does not parse the text but walks its tokens and copies everything else, so that a malformed text
// stays malformed in the same way:
//
//	{"token": "abc", "n": [1,}      {"token": "REDACTED", "n": [1,}
//	{"token": {"a": ["b", "c"]}}    {"token": {"a": ["REDACTED", "REDACTED"]}}
//
// In the second text, depth is more than 0 from the brace after the name token to its counterpart.
//
// Most strings are left alone after one look at the kinds of their characters, see mayHide.
func (s *scan) json(text string, nested int, all bool) (clean string, valid bool) {
	var out strings.Builder
	done := 0 // bytes of the text that are in out; since then, nothing has changed
	replace := func(i, end int, clean string) {
		if clean != text[i:end] {
			out.WriteString(text[done:i])
			out.WriteString(clean)
			done = end
		}
	}
	y := syntax{}
	next := false // the next value is secret, because of its name
	depth := 0    // number of open objects and arrays within a secret value
	if all {
		depth = 1
	}
	for i := 0; i < len(text); {
		end, named := i+1, next
		isSecret := named || depth > 0
		next = false
		switch text[i] {
		case '"':
			var seen kind
			end, seen = readString(text, i)
			isName := startsWithColon(text[end:])
			if isSecret && !isName || s.mayHide(seen) {
				replace(i, end, s.jsonString(text[i:end], nested, isSecret && !isName))
			}
			next = isName && !s.checking && s.isSecret(unquote(text[i:end]))
			y.string(text[i:end], seen)
		case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
			for end < len(text) && numberBytes[text[end]] {
				end++
			}
			replace(i, end, s.jsonNumber(text[i:end], isSecret))
			y.scalar(isNumber(text[i:end]))
		case 't', 'f', 'n':
			word := literal(text[i:])
			end = max(end, i+len(word))
			y.scalar(word != "")
		case '{', '[':
			if isSecret {
				depth++
			}
			y.begin(text[i])
		case '}', ']':
			depth = max(0, depth-1)
			y.end(text[i])
		case ',':
			y.comma()
		case ':':
			next = named // between a name and its value
			y.colon()
		case ' ', '\t', '\r', '\n':
			next = named
		default:
			y.broken = true
		}
		i = end
	}
	if done == 0 {
		return text, y.valid()
	}
	out.WriteString(text[done:])
	return out.String(), y.valid()
}

// isValid reports whether a text is one JSON value, as json.Valid does.
func isValid(text string) bool {
	_, valid := (&scan{Redactor: &Redactor{}, learning: true, checking: true}).json(text, maxNested, false)
	return valid
}

// startsWithColon reports whether a colon is next, after white space.
func startsWithColon(text string) bool {
	for i := range len(text) {
		if !spaces[text[i]] {
			return text[i] == ':'
		}
	}
	return false
}

// kind is a set of kinds of characters in a JSON string.
type kind uint8

const (
	kindQuote   kind = 1 << iota
	kindEscape       // a backslash
	kindControl      // must be escaped
	kindColon        // a colon and a slash may be those of ://
	kindSlash
	kindMark // begins JSON, or is between a name and its value
)

// kinds has the kind of each character.
var kinds = func() (table [256]kind) {
	for c := range ' ' {
		table[c] = kindControl
	}
	table['"'], table['\\'], table[':'], table['/'] = kindQuote, kindEscape, kindColon, kindSlash
	table['='], table['{'], table['['] = kindMark, kindMark, kindMark
	return table
}()

// mayHide reports whether text has to look at a string with such characters. Without them, the string contains no JSON, no
// parameter and no URL with a user, which is all that text looks for besides the learned secrets.
func (s *scan) mayHide(seen kind) bool {
	if s.checking {
		return false
	}
	const scheme = kindColon | kindSlash
	return s.hides() || seen&(kindEscape|kindMark) != 0 || seen&scheme == scheme
}

// readString returns the end of the string that begins at a quotation mark, and what is in it. kindQuote is missing if the string
// does not end.
func readString(text string, i int) (end int, seen kind) {
	for k := i + 1; k < len(text); k++ {
		of := kinds[text[k]]
		seen |= of
		switch of {
		case kindEscape:
			k++
		case kindQuote:
			return k + 1, seen
		}
	}
	return len(text), seen
}

// jsonString hides a string, or the secrets in it. The string may contain JSON or a URL.
func (s *scan) jsonString(quoted string, nested int, isSecret bool) string {
	plain := unquote(quoted)
	switch {
	case plain == "":
		return quoted
	case isSecret:
		s.learn(plain, minPart)
		return quote(Mark)
	}
	if clean := s.text(plain, nested); clean != plain {
		return quote(clean)
	}
	return quoted
}

// jsonNumber hides a number that may be secret. Short numbers are more likely counts.
func (s *scan) jsonNumber(number string, isSecret bool) string {
	if isSecret && len(number) >= minCredential {
		s.learn(number, minPart)
		return quote(Mark)
	}
	if !s.learning && s.learned[number] {
		return quote(Mark)
	}
	return number
}

// unquote decodes a JSON string. Of a malformed one it only removes the quotation marks.
func unquote(quoted string) string {
	inner := strings.TrimSuffix(strings.TrimPrefix(quoted, `"`), `"`)
	if !strings.Contains(inner, `\`) {
		return inner
	}
	var plain string
	if json.Unmarshal([]byte(quoted), &plain) != nil {
		return inner
	}
	return plain
}

// quote encodes a JSON string.
func quote(plain string) string {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	_ = e.Encode(plain) // cannot fail for a string and a buffer
	return strings.TrimSuffix(out.String(), "\n")
}
