// Package text makes texts of documents, providers and files safe to print, fits them into a line, and matches
// them with globs.
//
// It serves the judge and the command. Server and client do not use it: they share no code with the judge.
package text

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Visible writes each character that a terminal would obey, or that would reorder the text around it, as an escape:
// control characters as \x1b, those of format and others without a shape as \u202e, bytes that are not UTF-8 as \xff.
// Line breaks and tabs stay. JSON keeps its value, since only its strings can have such characters.
func Visible(s string) string {
	if !strings.ContainsFunc(s, isHidden) {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		switch {
		case !isHidden(r):
			b.WriteString(s[:size])
		case r < ' ' || size == 1 && r == utf8.RuneError:
			fmt.Fprintf(&b, `\x%02x`, s[0])
		default:
			for _, unit := range utf16.Encode([]rune{r}) {
				fmt.Fprintf(&b, `\u%04x`, unit)
			}
		}
		s = s[size:]
	}
	return b.String()
}

func isHidden(r rune) bool { return r != '\n' && r != '\t' && !isPrintable(r) }

// isPrintable reports whether a character has a shape. U+FFFD has none of its own: it stands for bytes that are not UTF-8.
func isPrintable(r rune) bool { return r != utf8.RuneError && unicode.IsPrint(r) }

var breaks = strings.NewReplacer("\n", `\n`, "\t", `\t`)

// VisibleLine is [Visible] in one line: line breaks and tabs are escapes too.
func VisibleLine(s string) string { return breaks.Replace(Visible(s)) }

// Printable replaces each character that Visible would write as an escape, and each line break and tab, by a dot (·).
// The text keeps its length in characters.
func Printable(s string) string {
	return strings.Map(func(r rune) rune {
		if isPrintable(r) {
			return r
		}
		return '·'
	}, s)
}
