package wire

import "strings"

// IsToken reports whether a text is a token (RFC 9110, 5.6.2). Names of methods, header fields and cookies must be tokens.
func IsToken(s string) bool {
	for i := range len(s) {
		if !inToken[s[i]] {
			return false
		}
	}
	return s != ""
}

// inToken has true for each byte that a token may contain.
var inToken = func() (in [256]bool) {
	for c := '!'; c <= '~'; c++ {
		in[c] = !strings.ContainsRune(`"(),/:;<=>?@[\]{}`, c)
	}
	return in
}()
