package redact

import (
	"bytes"
	"encoding/json"
	"strings"
)

// json hides what is secret in a JSON text; if all is set, every value in it. Every other byte stays as it is, so that
// a malformed text keeps its faults.
func (p *pass) json(text string, nested int, all bool) string {
	var out strings.Builder
	done := 0 // bytes of the text that are in out; the rest stayed as it is so far
	replace := func(i, end int, clean string) {
		if clean != text[i:end] {
			out.WriteString(text[done:i])
			out.WriteString(clean)
			done = end
		}
	}
	next := false // the value that follows is secret
	depth := 0    // how deep within a value that is secret
	if all {
		depth = 1
	}
	for i := 0; i < len(text); {
		end := i + 1
		switch c := text[i]; {
		case c == '"':
			end = stringEnd(text, i)
			isName := isMemberName(text[end:])
			replace(i, end, p.jsonString(text[i:end], nested, !isName && (next || depth > 0)))
			next = isName && p.isSecret(unquote(text[i:end]))
		case c == '-' || c >= '0' && c <= '9':
			end = numberEnd(text, i)
			replace(i, end, p.jsonNumber(text[i:end], next || depth > 0))
			next = false
		default:
			switch {
			case (c == '{' || c == '[') && (next || depth > 0):
				depth++
			case (c == '}' || c == ']') && depth > 0:
				depth--
			}
			next = next && (c == ':' || c == ' ' || c == '\t' || c == '\r' || c == '\n')
		}
		i = end
	}
	if done == 0 {
		return text
	}
	out.WriteString(text[done:])
	return out.String()
}

// stringEnd finds the end of a string that begins at a quotation mark.
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

func numberEnd(text string, i int) int {
	return len(text) - len(strings.TrimLeft(text[i:], "+-.eE0123456789"))
}

// isMemberName says whether the string before this text is the name of a member.
func isMemberName(after string) bool {
	return strings.HasPrefix(strings.TrimLeft(after, " \t\r\n"), ":")
}

// jsonString hides a string, or what is secret in it, also as JSON in JSON.
func (p *pass) jsonString(quoted string, nested int, isSecret bool) string {
	plain := unquote(quoted)
	switch {
	case plain == "":
		return quoted
	case isSecret:
		p.learn(plain, minPart)
		return quote(Mark)
	}
	if clean := p.text(plain, nested); clean != plain {
		return quote(clean)
	}
	return quoted
}

// jsonNumber hides a number that may be a secret. Short ones count something.
func (p *pass) jsonNumber(number string, isSecret bool) string {
	if isSecret && len(number) >= minCredential {
		p.learn(number, minPart)
		return quote(Mark)
	}
	if !p.learning && p.learned[number] {
		return quote(Mark)
	}
	return number
}

// unquote decodes a string of JSON; a malformed one stays as it is, without its quotation marks.
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

func quote(plain string) string {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	_ = e.Encode(plain) // a string and a buffer: neither fails
	return strings.TrimSuffix(out.String(), "\n")
}
