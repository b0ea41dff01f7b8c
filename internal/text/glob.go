package text

import "strings"

// Matches reports whether the whole of s matches a glob. A * stands for any text, slashes and nothing too; no other
// character has a meaning: op/* matches op/a/b, and op/[a] matches itself only.
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
