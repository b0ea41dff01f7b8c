package wire

import "strings"

// IsToken reports whether a text is a token, as the names of methods, header fields and cookies must be (RFC 9110, 5.6.2).
func IsToken(s string) bool {
	for i := range len(s) {
		if !inToken[s[i]] {
			return false
		}
	}
	return s != ""
}

// inToken says of each byte whether it may stand in a token.
var inToken = func() (in [256]bool) {
	for c := '!'; c <= '~'; c++ {
		in[c] = !strings.ContainsRune(`"(),/:;<=>?@[\]{}`, c)
	}
	return in
}()
