package redact

import (
	"math/bits"
	"net/http"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/internal/text"
)

// secretWords mark a name as that of a secret if it contains one. Case, hyphens, underscores and dots do not
// matter.
var secretWords = []string{
	"token", "secret", "password", "passwd", "passphrase", "signature", "credential",
	"apikey", "accesskey", "privatekey", "sessionid",
}

// separators are ignored in names.
var separators = strings.NewReplacer("-", "", "_", "", ".", "")

// maxName is the number of bytes of a name that are searched. Longer names are text.
const maxName = 1 << 10

// isSecretName reports whether a value with this name is secret.
func isSecretName(name string) bool {
	name = name[:min(len(name), maxName)]
	state := uint8(0)
	for i := range len(name) {
		if state = words[state][name[i]]; state >= found {
			return state == found || isSecretText(name)
		}
	}
	return false
}

// isSecretText is isSecretName for names with characters beyond ASCII, some of which have a lower case in ASCII.
func isSecretText(name string) bool {
	name = separators.Replace(strings.ToLower(name))
	return slices.ContainsFunc(secretWords, func(word string) bool { return strings.Contains(name, word) })
}

// words finds the secret words in one pass over a name. Each state stands for the longest beginning of a word at which the name
// read so far ends, and words[state][c] is the state after the character c. From "to", k leads to "tok" and s to "s".
var words = wordStates()

// These states end the search: a word was found, or a character beyond ASCII.
const (
	found    = 254
	notASCII = 255
)

func wordStates() [][256]uint8 {
	beginnings := []string{""}
	for _, word := range secretWords {
		for n := 1; n < len(word); n++ {
			if !slices.Contains(beginnings, word[:n]) {
				beginnings = append(beginnings, word[:n])
			}
		}
	}
	table := make([][256]uint8, len(beginnings))
	for state, beginning := range beginnings {
		for c := range 256 {
			read := separators.Replace(beginning + lower(string(rune(c))))
			switch {
			case c > 127:
				table[state][c] = notASCII
				continue
			case slices.ContainsFunc(secretWords, func(word string) bool { return strings.HasSuffix(read, word) }):
				table[state][c] = found
				continue
			}
			for !slices.Contains(beginnings, read) {
				read = read[1:]
			}
			table[state][c] = uint8(slices.Index(beginnings, read)) // fewer than found
		}
	}
	return table
}

// IsCredential reports whether the value of a header with this name is secret. More names may be given in addition
// to the well-known ones.
func IsCredential(name string, more []string) bool {
	switch name = http.CanonicalHeaderKey(name); {
	case strings.HasSuffix(name, "Authorization"), name == "Cookie", name == "Set-Cookie":
		return true
	case strings.HasPrefix(name, "Access-Control-"): // these contain names of headers, or say whether credentials are allowed
		return false
	}
	return isSecretName(name) || contains(more, name)
}

// isMisspelt reports whether a name is almost one of the redactor's: a consumer that sends X-Auth-Tokn has sent its token.
func (r *Redactor) isMisspelt(name string) bool {
	if len(name) > maxName || len(r.names) == 0 {
		return false
	}
	own := lettersOf(name)
	for i, n := range r.names {
		if own.near(r.letters[i]) && text.Edits(name, n) != text.Far {
			return true
		}
	}
	return false
}

// letters is the set of letters in a name, which rules out most names that are not near: one edit adds and removes at most one
// letter. Several characters share a bit, so a set may seem nearer than it is. 0 is a set that rules out nothing.
type letters uint64

func lettersOf(name string) (set letters) {
	for i := range len(name) {
		switch c := name[i]; {
		case c >= 128:
			return 0
		case c >= 'A' && c <= 'Z':
			set |= 1 << ((c + 'a' - 'A') % 64)
		case c != '-' && c != '_':
			set |= 1 << (c % 64)
		}
	}
	return set
}

// near reports whether one edit may turn one of two sets into the other.
func (l letters) near(other letters) bool {
	return l == 0 || other == 0 || bits.OnesCount64(uint64(l&^other)) <= 1 && bits.OnesCount64(uint64(other&^l)) <= 1
}

// contains reports whether a name is in a list, ignoring case.
func contains(names []string, name string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) })
}
