package text

import (
	"strings"
	"unicode/utf8"
)

// OneLine gives a text with each run of white space, line breaks too, as one space.
func OneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// FirstLine gives the first line of a text that is not empty, without the white space around it.
func FirstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return strings.TrimSpace(line)
}

// Shorten cuts a text to a number of characters, of which the last is then "…". A limit below 1 leaves nothing.
func Shorten(s string, limit int) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	if limit < 1 {
		return ""
	}
	return string([]rune(s)[:limit-1]) + "…"
}

// ShortenPointer cuts a pointer or a path to a number of characters. It takes from the middle, since both ends say more:
// /response/body/quotas/0/used becomes /respo…otas/0/used. A limit below 1 leaves nothing.
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
