package main

import (
	"strings"
	"unicode"
)

// A terminal shows most characters in one cell, those of Chinese, Japanese and Korean in two, and accents that are characters of
// their own in the cell of the letter before.

// wide are the characters of two cells, by blocks of Unicode.
var wide = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x1100, Hi: 0x115f, Stride: 1}, // Hangul Jamo
		{Lo: 0x2e80, Hi: 0x303e, Stride: 1}, // radicals, punctuation
		{Lo: 0x3041, Hi: 0xa4cf, Stride: 1}, // kana, ideographs, Yi
		{Lo: 0xac00, Hi: 0xd7a3, Stride: 1}, // Hangul
		{Lo: 0xf900, Hi: 0xfaff, Stride: 1}, // compatibility ideographs
		{Lo: 0xfe30, Hi: 0xfe6f, Stride: 1}, // compatibility forms
		{Lo: 0xff01, Hi: 0xff60, Stride: 1}, // full-width forms
		{Lo: 0xffe0, Hi: 0xffe6, Stride: 1},
	},
	R32: []unicode.Range32{
		{Lo: 0x1f300, Hi: 0x1f64f, Stride: 1}, // pictographs
		{Lo: 0x1f680, Hi: 0x1f6ff, Stride: 1},
		{Lo: 0x1f900, Hi: 0x1f9ff, Stride: 1},
		{Lo: 0x20000, Hi: 0x3fffd, Stride: 1}, // more ideographs
	},
}

// cells returns how many cells of a terminal a text takes, which has no escape sequences.
func cells(s string) (n int) {
	for _, r := range s {
		switch {
		case unicode.In(r, unicode.Mn, unicode.Me): // combining
		case unicode.Is(wide, r):
			n += 2
		default:
			n++
		}
	}
	return n
}

// lastCells returns the cells of the last line of a text.
func lastCells(s string) int { return cells(s[strings.LastIndex(s, "\n")+1:]) }
