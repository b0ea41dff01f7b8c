package redact

import (
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/pointer"
)

// A secret may be repeated in other spellings. Three of them keep nothing of its characters and are looked for as they
// are: base64 (at each of the three places that a byte can have in it), hex, and the + of a query for a space. All
// others write single characters in another way: the escapes of URLs, JSON, Go and HTML. These are undone in the text
// instead (escape.go).

// spellings are the forms of a value that are looked for, in lower case: plain, with all escapes undone, and in base64
// and hex.
func spellings(value string) []string {
	forms := []string{}
	add := func(form string, shortest int) {
		if form = lower(form); len(form) >= shortest && !slices.Contains(forms, form) {
			forms = append(forms, form)
		}
	}
	for _, form := range []string{value, undoAll(value), strings.ToValidUTF8(value, "\ufffd"), pointer.Escape(value)} {
		add(form, minCredential)
		if strings.Contains(form, " ") {
			add(strings.ReplaceAll(form, " ", "+"), minCredential)
		}
	}
	add(hex.EncodeToString([]byte(value)), minPart)
	for before := range 3 {
		form := base64Core(value, before)
		add(form, minPart)
		add(toURLs.Replace(form), minPart)
	}
	return forms
}

// toURLs makes of base64 that of URLs.
var toURLs = strings.NewReplacer("+", "-", "/", "_")

// base64Core is the part of the base64 of a text with the value in it that is the same whatever stands around the
// value, when a number of bytes come before it (counted by threes).
func base64Core(value string, before int) string {
	text := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("\x00", before) + value))
	from := (before*8 + 5) / 6
	to := (before + len(value)) * 8 / 6
	if from >= to {
		return ""
	}
	return text[from:to]
}

// lower is a text with the letters of ASCII in lower case; it keeps its length.
func lower(text string) string {
	if strings.IndexFunc(text, func(r rune) bool { return r >= 'A' && r <= 'Z' }) < 0 {
		return text
	}
	small := []byte(text)
	for i, c := range small {
		if c >= 'A' && c <= 'Z' {
			small[i] = c + 'a' - 'A'
		}
	}
	return string(small)
}
