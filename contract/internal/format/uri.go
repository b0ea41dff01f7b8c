package format

import (
	"strings"
	"unicode/utf8"
)

// This file follows the grammar of RFC 3986 and, for formats that allow characters beyond ASCII, of RFC 3987. A reference
// is split at its delimiters, and each component is checked for its characters:
//
//	https://user@example.com:80/a?b=c#d    scheme https, authority user@example.com:80, path /a, query b=c, fragment d
//	a:b                                    scheme a, path b; as a relative reference it would have to be ./a:b
//
// Percent-encoded bytes are allowed in each component but the scheme and the port; they are not decoded.

func uri(text string) bool          { return isReference(text, true, false) }
func uriReference(text string) bool { return isReference(text, false, false) }
func iri(text string) bool          { return isReference(text, true, true) }
func iriReference(text string) bool { return isReference(text, false, true) }

// isReference accepts scheme://authority/path?query#fragment, without a scheme too unless needsScheme.
func isReference(text string, needsScheme, international bool) bool {
	rest, fragment, _ := strings.Cut(text, "#")
	path, query, _ := strings.Cut(rest, "?")
	if scheme, after, ok := strings.Cut(path, ":"); ok && isScheme(scheme) {
		path = after
	} else if segment, _, _ := strings.Cut(path, "/"); needsScheme || strings.Contains(segment, ":") {
		return false
	}
	if authority, ok := strings.CutPrefix(path, "//"); ok {
		authority, path, _ = strings.Cut(authority, "/")
		if !isAuthority(authority, international) {
			return false
		}
	}
	return consistsOf(path, ":@/", international, false) && consistsOf(query, ":@/?", international, true) &&
		consistsOf(fragment, ":@/?", international, false)
}

// isScheme accepts a letter, then letters, digits and "+-.".
func isScheme(text string) bool {
	for i := range len(text) {
		c := text[i]
		isLater := isDigit(c) || containsByte("+-.", c) // allowed after the first character
		if isRight := isLetter(c) || (isLater && i > 0); !isRight {
			return false
		}
	}
	return text != ""
}

// isAuthority accepts user@host:port.
func isAuthority(text string, international bool) bool {
	if user, rest, ok := strings.Cut(text, "@"); ok {
		if !consistsOf(user, ":", international, false) {
			return false
		}
		text = rest
	}
	port := text[len(strings.TrimRight(text, "0123456789")):]
	host, hasPort := strings.CutSuffix(text[:len(text)-len(port)], ":")
	if !hasPort {
		host = text
	}
	if address, ok := strings.CutPrefix(host, "["); ok {
		address, ok = strings.CutSuffix(address, "]")
		isAddress := ipv6(address) || isLaterAddress(address)
		return ok && isAddress
	}
	return consistsOf(host, "", international, false)
}

// isLaterAddress accepts an address of an IP version after 6, such as v7.x.
var isLaterAddress = grammar(`[vV][[:xdigit:]]+\.[-._~!$&'()*+,;=:0-9A-Za-z]+`)

// consistsOf reports whether a text has only unreserved characters, sub-delimiters, percent-encoded bytes and the extra
// characters. If international, characters of the rule ucschar are allowed too and, if also private, those of iprivate.
func consistsOf(text, extra string, international, private bool) bool {
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case isAlphanumeric(c), containsByte("-._~!$&'()*+,;=", c), containsByte(extra, c):
		case c == '%':
			if i += 2; i >= len(text) || !isHex(text[i-1]) || !isHex(text[i]) {
				return false
			}
		case c >= utf8.RuneSelf && international:
			r, size := utf8.DecodeRuneInString(text[i:])
			if isAllowed := isUCS(r) || private && isPrivate(r); !isAllowed {
				return false
			}
			i += size - 1
		default:
			return false
		}
	}
	return true
}

// isUCS reports whether a character belongs to the rule ucschar. The last two code points of each plane are not characters.
func isUCS(r rune) bool {
	switch {
	case r < 0x10000:
		return 0xA0 <= r && r <= 0xD7FF || 0xF900 <= r && r <= 0xFDCF || 0xFDF0 <= r && r <= 0xFFEF
	case r < 0xF0000:
		return r&0xFFFF <= 0xFFFD && (r < 0xE0000 || r >= 0xE1000)
	}
	return false
}

// isPrivate reports whether a character belongs to the rule iprivate.
func isPrivate(r rune) bool {
	return 0xE000 <= r && r <= 0xF8FF || r >= 0xF0000 && r&0xFFFF <= 0xFFFD
}
