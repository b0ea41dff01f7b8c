package redact

import (
	"bytes"
	"encoding/json"
	"strings"
)

// json hides the secrets in a JSON text; if all is set, it hides every value. It does not parse the text but walks
// its tokens and copies everything else, so that a malformed text stays malformed in the same way:
//
//	{"token": "abc", "n": [1,}      {"token": "REDACTED", "n": [1,}
//	{"token": {"a": ["b", "c"]}}    {"token": {"a": ["REDACTED", "REDACTED"]}}
//
// In the second text, depth is more than 0 from the brace after the name token to its counterpart.
func (s *scan) json(text string, nested int, all bool) string {
	var out strings.Builder
	done := 0 // bytes of the text that are in out; since then, nothing has changed
	replace := func(i, end int, clean string) {
		if clean != text[i:end] {
			out.WriteString(text[done:i])
			out.WriteString(clean)
			done = end
		}
	}
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
			end = stringEnd(text, i)
			isName := strings.HasPrefix(strings.TrimLeft(text[end:], " \t\r\n"), ":")
			replace(i, end, s.jsonString(text[i:end], nested, !isName && isSecret))
			next = isName && s.isSecret(unquote(text[i:end]))
		case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
			end = len(text) - len(strings.TrimLeft(text[i:], "+-.eE0123456789"))
			replace(i, end, s.jsonNumber(text[i:end], isSecret))
		case '{', '[':
			if isSecret {
				depth++
			}
		case '}', ']':
			depth = max(0, depth-1)
		case ':', ' ', '\t', '\r', '\n':
			next = named // between a name and its value
		}
		i = end
	}
	if done == 0 {
		return text
	}
	out.WriteString(text[done:])
	return out.String()
}

// stringEnd returns the end of the string that begins at a quotation mark.
func stringEnd(text string, i int) int {
	for k := i + 1; k < len(text); k++ {
		switch text[k] {
		case '\\':
			k++
		case '"':
			return k + 1
		}
	}
	return len(text)
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
