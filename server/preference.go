package server

import (
	"strconv"
	"strings"
)

// preferences reads the Prefer headers of one request (RFC 7240): a list over all lines, names without regard to case, the
// first of a name counts, parameters after a semicolon are left aside. What is malformed is ignored.
func preferences(lines []string) map[string]string {
	found := map[string]string{}
	for _, line := range lines {
		for _, element := range splitOutsideQuotes(line, ',') {
			preference := splitOutsideQuotes(element, ';')[0]
			name, value, _ := strings.Cut(preference, "=")
			name = strings.ToLower(strings.TrimSpace(name))
			value, ok := unquote(strings.TrimSpace(value))
			if _, twice := found[name]; twice || !ok || !isToken(name) {
				continue
			}
			found[name] = value
		}
	}
	return found
}

func splitOutsideQuotes(s string, separator byte) []string {
	parts, start, quoted := []string{}, 0, false
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '"':
			quoted = !quoted
		case quoted && s[i] == '\\':
			i++
		case !quoted && s[i] == separator:
			parts, start = append(parts, s[start:i]), i+1
		}
	}
	return append(parts, s[start:])
}

// unquote reads a word: a token, a quoted string, or nothing.
func unquote(s string) (word string, ok bool) {
	if !strings.HasPrefix(s, `"`) {
		return s, s == "" || isToken(s)
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '"':
			return b.String(), i == len(s)-1
		case s[i] == '\\' && i+1 < len(s):
			i++
			b.WriteByte(s[i])
		default:
			b.WriteByte(s[i])
		}
	}
	return "", false
}

// word writes what unquote reads.
func word(s string) string {
	if isToken(s) {
		return s
	}
	return strconv.Quote(s)
}

func isToken(s string) bool {
	for i := range len(s) {
		c := s[i]
		alphanumeric := '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z'
		if !alphanumeric && !strings.ContainsRune("!#$%&'*+-.^_`|~", rune(c)) {
			return false
		}
	}
	return s != ""
}
