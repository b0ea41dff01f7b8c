package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Visible writes what a terminal would obey instead of show, or what would reorder the text around it, as an escape:
// control characters as \x1b, those of format and others without a shape as \u202e, bytes that are no UTF-8 as \xff. Line
// breaks and tabs stay. JSON stays the same value, since it has no such character but in its strings.
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

func isHidden(r rune) bool {
	return r != '\n' && r != '\t' && (r == utf8.RuneError || !unicode.IsPrint(r))
}

// visibleLine is the same in one line.
func visibleLine(s string) string {
	return strings.NewReplacer("\n", `\n`, "\t", `\t`).Replace(Visible(s))
}
