package traffic

import (
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"
)

// Redacted stands where a secret stood.
const Redacted = "REDACTED"

// secretWords make a name one of a secret. Case, hyphens and underscores do not matter.
var secretWords = []string{"token", "secret", "password", "passwd", "signature", "credential", "apikey", "accesskey", "privatekey"}

// separators are what does not count in a name.
var separators = strings.NewReplacer("-", "", "_", "", ".", "")

// isSecretName says whether what goes by this name must not be shown.
func isSecretName(name string) bool {
	name = separators.Replace(strings.ToLower(name))
	return slices.ContainsFunc(secretWords, func(word string) bool { return strings.Contains(name, word) })
}

// secret is a value that must not be shown, with the forms in which it may appear, in lower case.
type secret struct {
	value string
	forms []string
}

func newSecret(value string) secret {
	forms := []string{lower(value), hex.EncodeToString([]byte(value))}
	if strings.Contains(value, " ") {
		forms = append(forms, lower(strings.ReplaceAll(value, " ", "+")))
	}
	for _, alphabet := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for before := range 3 {
			if core := lower(base64Core(alphabet, value, before)); len(core) >= 6 && !slices.Contains(forms, core) {
				forms = append(forms, core)
			}
		}
	}
	// The longest first: a form may be part of another.
	slices.SortStableFunc(forms, func(a, b string) int { return len(b) - len(a) })
	return secret{value, forms}
}

// base64Core is the part of the base64 of a text with the value in it that is the same whatever stands around the value, when
// a number of bytes come before it (counted by threes).
func base64Core(alphabet *base64.Encoding, value string, before int) string {
	text := alphabet.EncodeToString([]byte(strings.Repeat("\x00", before) + value))
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
