package server

import (
	"regexp"
	"strconv"
	"strings"
)

const (
	tokenPattern  = "[0-9A-Za-z!#$%&'*+.^_`|~-]+"
	quotedPattern = `"(?:[^"\\]|\\.)*"`
	valuePattern  = `\s*=\s*(` + tokenPattern + `|` + quotedPattern + `)?`
)

var (
	token = regexp.MustCompile(`^` + tokenPattern + `$`)
	// An element of the list ends before a comma outside of quotation marks. An unclosed quotation reaches to the end.
	listElement = regexp.MustCompile(`(?:[^",]|` + quotedPattern + `|".*$)+`)
	// A preference is a name, with or without a value, before parameters.
	preference  = regexp.MustCompile(`^\s*(` + tokenPattern + `)(?:` + valuePattern + `)?\s*(?:;.*)?$`)
	escapedByte = regexp.MustCompile(`\\(.)`)
)

// preferences parses the Prefer headers of one request (RFC 7240), which together are one list. Names are compared without
// regard to case, and the first preference of a name counts. Parameters after a semicolon and malformed elements are ignored.
func preferences(lines []string) map[string]string {
	found := map[string]string{}
	for _, line := range lines {
		for _, element := range listElement.FindAllString(line, -1) {
			m := preference.FindStringSubmatch(element)
			if m == nil {
				continue
			}
			name, value := strings.ToLower(m[1]), m[2]
			if strings.HasPrefix(value, `"`) {
				value = escapedByte.ReplaceAllString(value[1:len(value)-1], "$1")
			}
			if _, twice := found[name]; !twice {
				found[name] = value
			}
		}
	}
	return found
}

// word writes a value so that preferences can parse it: as a token, or quoted.
func word(s string) string {
	if token.MatchString(s) {
		return s
	}
	return strconv.Quote(s)
}
