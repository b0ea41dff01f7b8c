package redact

import (
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/pointer"
)

// A secret may appear in three spellings that change all of its characters or their number: base64, hex, and + for a
// space. These are computed here, and searched for as they are. Escapes are decoded in the text instead (escape.go).
//
// Base64 encodes three bytes in four characters. So the spelling depends on the number of bytes before the secret,
// modulo three, and the characters at its ends also depend on the bytes around it. For a secret after one other byte:
//
//	base64("?secret")  P3NlY3JldA
//	independent of ?     NlY3Jld

// spellings returns the spellings of a value to search for, in lower case: plain, without its escapes, in hex and in base64.
func spellings(value string) []string {
	list := []string{}
	add := func(spelling string, shortest int) {
		if spelling = lower(spelling); len(spelling) >= shortest && !slices.Contains(list, spelling) {
			list = append(list, spelling)
		}
	}
	for _, plain := range []string{value, decodeAll(value), strings.ToValidUTF8(value, "\ufffd"), pointer.Escape(value)} {
		add(plain, minCredential)
		add(strings.ReplaceAll(plain, " ", "+"), minCredential)
	}
	add(hex.EncodeToString([]byte(value)), minPart)
	for before := range 3 {
		core := base64Core(value, before)
		add(core, minPart)
		add(toURLs.Replace(core), minPart)
	}
	return list
}

// toURLs turns base64 into the variant for URLs.
var toURLs = strings.NewReplacer("+", "-", "/", "_")

// base64Core returns the base64 characters that only depend on the value, if before bytes come before it (modulo
// three).
func base64Core(value string, before int) string {
	text := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("\x00", before) + value))
	from := (before*8 + 5) / 6
	to := (before + len(value)) * 8 / 6
	if from >= to {
		return ""
	}
	return text[from:to]
}

var capitals = newChars("ABCDEFGHIJKLMNOPQRSTUVWXYZ")

// lower returns a text with ASCII letters in lower case. Unlike strings.ToLower, it never changes the length.
func lower(text string) string {
	if capitals.index(text) == len(text) {
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
