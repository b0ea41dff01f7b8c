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
	// An element of the list reaches to a comma outside of quotation marks. A quotation without end takes all that is left.
	listElement = regexp.MustCompile(`(?:[^",]|` + quotedPattern + `|".*$)+`)
	// A preference is a name, with or without a value, before parameters.
	preference  = regexp.MustCompile(`^\s*(` + tokenPattern + `)(?:` + valuePattern + `)?\s*(?:;.*)?$`)
	escapedByte = regexp.MustCompile(`\\(.)`)
)

// preferences reads the Prefer headers of one request (RFC 7240): a list over all lines, names without regard to case, the
// first of a name counts, and parameters after a semicolon are ignored, as is what is malformed.
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

// word writes a value so that preferences reads it: as a token, or quoted.
func word(s string) string {
	if token.MatchString(s) {
		return s
	}
	return strconv.Quote(s)
}
