// Package text makes texts of documents, providers and files safe to print, shortens them to fit into a line, and matches them
// with globs.
//
// A text that comes from elsewhere may contain escape sequences that a terminal would obey, or characters that reorder the text
// around them. [Visible] writes these as escapes and changes nothing else. [Printable] replaces them by dots, where the width
// matters. The functions that shorten count characters, not bytes.
//
// The judge and the command use this package. The server and the client do not, because they share no code with the judge.
package text

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Visible returns a text in which every character that a terminal would obey, or that would reorder other
// characters, is an escape: control characters as \x1b, format characters and others without a shape as \u202e,
// bytes that are not UTF-8 as \xff.
//
//	a\tb    unchanged, as are line breaks
//	ESC[2J  becomes \x1b[2J
//
// A JSON text keeps its value, because such characters can only be in its strings.
func Visible(s string) string {
	if !strings.ContainsFunc(s, isHidden) {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		notUTF8 := size == 1 && r == utf8.RuneError
		switch {
		case !isHidden(r):
			b.WriteString(s[:size])
		case r < ' ', notUTF8:
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

// isHidden reports whether Visible writes a character as an escape.
func isHidden(r rune) bool { return r != '\n' && r != '\t' && !isPrintable(r) }

// isPrintable reports whether a character has a shape. U+FFFD counts as having none, since it stands for bytes that
// are not UTF-8.
func isPrintable(r rune) bool { return r != utf8.RuneError && unicode.IsPrint(r) }

var breaks = strings.NewReplacer("\n", `\n`, "\t", `\t`)

// VisibleLine is [Visible] for a single line: line breaks and tabs become escapes too.
func VisibleLine(s string) string { return breaks.Replace(Visible(s)) }

// Printable replaces every character that [VisibleLine] would write as an escape by a dot (·). The text keeps its
// length in characters.
func Printable(s string) string {
	return strings.Map(func(r rune) rune {
		if isPrintable(r) {
			return r
		}
		return '·'
	}, s)
}
