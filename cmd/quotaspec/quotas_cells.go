package main

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// cells returns how many cells of a terminal a text takes, which has no escape sequences. A terminal shows most characters in one
// cell, those of Chinese, Japanese and Korean in two, and accents that are characters of their own in the cell of the letter before.
func cells(s string) (n int) {
	for _, r := range s {
		kind := width.LookupRune(r).Kind()
		switch {
		case unicode.In(r, unicode.Mn, unicode.Me): // combining
		case kind == width.EastAsianWide, kind == width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}

// lastCells returns the cells of the last line of a text.
func lastCells(s string) int { return cells(s[strings.LastIndex(s, "\n")+1:]) }
