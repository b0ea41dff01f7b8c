package command

import (
	"regexp"
	"strings"
)

// plainWord matches words in which a shell expands nothing.
var plainWord = regexp.MustCompile(`^[\w./:@%+,=-]+$`)

// ShellQuote returns s as one word of a shell command, in single quotes if it needs them.
func ShellQuote(s string) string {
	if plainWord.MatchString(s) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
