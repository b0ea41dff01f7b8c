package text

import (
	"strings"
	"unicode/utf8"
)

// OneLine replaces each run of white space, including line breaks, by one space.
func OneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// FirstLine returns the first line that is not empty, without the white space around it.
func FirstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return strings.TrimSpace(line)
}

// Shorten cuts a text to a number of characters, the last of which is then "…". If the limit is below 1, nothing is
// left.
func Shorten(s string, limit int) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	if limit < 1 {
		return ""
	}
	return string([]rune(s)[:limit-1]) + "…"
}

// ShortenPointer cuts a pointer or path to a number of characters. It removes the middle, because the ends say
// more: /response/body/quotas/0/used becomes /respo…otas/0/used. If the limit is below 1, nothing is left.
func ShortenPointer(p string, limit int) string {
	runes := []rune(p)
	if len(runes) <= limit {
		return p
	}
	if limit < 1 {
		return ""
	}
	front := limit / 3
	return string(runes[:front]) + "…" + string(runes[len(runes)-(limit-front-1):])
}

// Wrap breaks a text between words into lines of a number of characters; a longer word is a line of its own. White space between
// words becomes one space.
func Wrap(s string, width int) []string {
	lines, line := []string{}, ""
	for _, word := range strings.Fields(s) {
		if line != "" && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width {
			lines, line = append(lines, line), ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	return append(lines, line)
}
