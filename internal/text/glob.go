package text

import "strings"

// Matches reports whether a glob matches all of s. A * matches any text, including slashes and the empty text. No
// other character is special: op/* matches op/a/b, and op/[a] matches only itself.
//
// The parts between the stars must appear in s in this order. The first match of each part is the best one, because
// it leaves the most text for the next parts.
func Matches(glob, s string) bool {
	part, rest, starred := strings.Cut(glob, "*")
	if !starred {
		return s == glob
	}
	s, ok := strings.CutPrefix(s, part)
	for ok {
		if part, rest, starred = strings.Cut(rest, "*"); !starred {
			return strings.HasSuffix(s, part)
		}
		_, s, ok = strings.Cut(s, part)
	}
	return false
}
