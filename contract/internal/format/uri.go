package format

import (
	"strings"
	"unicode/utf8"
)

// The grammar of this file is that of RFC 3986, and of RFC 3987 where characters beyond ASCII are taken.

func uri(text string) bool          { return isReference(text, true, false) }
func uriReference(text string) bool { return isReference(text, false, false) }
func iri(text string) bool          { return isReference(text, true, true) }
func iriReference(text string) bool { return isReference(text, false, true) }

// isReference judges scheme://authority/path?query#fragment.
func isReference(text string, needsScheme, international bool) bool {
	rest, fragment, _ := strings.Cut(text, "#")
	rest, query, _ := strings.Cut(rest, "?")
	scheme, hasScheme := cutScheme(rest)
	if needsScheme && !hasScheme {
		return false
	}
	if hasScheme {
		rest = rest[len(scheme)+1:]
	} else if segment, _, _ := strings.Cut(rest, "/"); strings.Contains(segment, ":") {
		return false
	}
	path := rest
	if strings.HasPrefix(rest, "//") {
		authority := rest[2:]
		path = ""
		if slash := strings.IndexByte(authority, '/'); slash >= 0 {
			authority, path = authority[:slash], authority[slash:]
		}
		if !isAuthority(authority, international) {
			return false
		}
	}
	return consistsOf(path, ":@/", international, false) && consistsOf(query, ":@/?", international, true) &&
		consistsOf(fragment, ":@/?", international, false)
}

// cutScheme gives the scheme before the first colon, if one may stand there.
func cutScheme(text string) (scheme string, ok bool) {
	for i := range len(text) {
		c := text[i]
		if c == ':' {
			return text[:i], i > 0
		}
		if !isLetter(c) && (i == 0 || !isDigit(c) && !has("+-.", c)) {
			return "", false
		}
	}
	return "", false
}

// isAuthority judges user@host:port.
func isAuthority(text string, international bool) bool {
	if user, rest, ok := strings.Cut(text, "@"); ok {
		if !consistsOf(user, ":", international, false) {
			return false
		}
		text = rest
	}
	if address, ok := strings.CutPrefix(text, "["); ok {
		address, port, ok := strings.Cut(address, "]")
		return ok && isLiteralAddress(address) && (port == "" || port[0] == ':' && allDigits(port[1:]))
	}
	host, port, _ := strings.Cut(text, ":")
	return consistsOf(host, "", international, false) && allDigits(port)
}

// isLiteralAddress judges what stands in brackets: an address of IPv6, or of a later version as v1.x.
func isLiteralAddress(text string) bool {
	if text == "" || text[0]|0x20 != 'v' {
		return ipv6(text)
	}
	version, address, ok := strings.Cut(text[1:], ".")
	if !ok || version == "" || address == "" {
		return false
	}
	for i := range len(version) {
		if !isHex(version[i]) {
			return false
		}
	}
	return !strings.Contains(address, "%") && consistsOf(address, ":", false, false)
}

// consistsOf takes unreserved characters, sub-delimiters, percent-encoded bytes and the extra ones; international: those of the
// rule ucschar too, private: those of iprivate.
func consistsOf(text, extra string, international, private bool) bool {
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case isAlphanumeric(c), has("-._~!$&'()*+,;=", c), has(extra, c):
		case c == '%':
			if !isEscape(text, i) {
				return false
			}
			i += 2
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

// isUCS says whether a character is one of the rule ucschar: all planes have two characters at their end that are none.
func isUCS(r rune) bool {
	switch {
	case r < 0x10000:
		return 0xA0 <= r && r <= 0xD7FF || 0xF900 <= r && r <= 0xFDCF || 0xFDF0 <= r && r <= 0xFFEF
	case r < 0xF0000:
		return r&0xFFFF <= 0xFFFD && (r < 0xE0000 || r >= 0xE1000)
	}
	return false
}

func isPrivate(r rune) bool {
	return 0xE000 <= r && r <= 0xF8FF || r >= 0xF0000 && r&0xFFFF <= 0xFFFD
}
