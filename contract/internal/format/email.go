package format

import (
	"strings"
	"unicode/utf8"
)

// email takes an address as the rule Mailbox of RFC 5321, section 4.1.2 has it, with the lengths of section 4.5.3.1: without a name
// before it and without comments. The local part may be quoted.
func email(text string) bool {
	return mailbox(text, false)
}

// idnEmail takes characters beyond ASCII too, in the local part and in the host, as RFC 6531 does.
func idnEmail(text string) bool {
	return utf8.ValidString(text) && mailbox(text, true)
}

func mailbox(text string, international bool) bool {
	at := strings.LastIndexByte(text, '@')
	if at < 1 || at > 64 {
		return false
	}
	local, domain := text[:at], text[at+1:]
	if local[0] == '"' {
		return quotedString(local, international) && mailHost(domain, international)
	}
	return dotString(local, international) && mailHost(domain, international)
}

// dotString takes words of certain characters with single dots between.
func dotString(text string, international bool) bool {
	previous := byte('.')
	for i := range len(text) {
		c := text[i]
		if c == '.' && previous == '.' {
			return false
		}
		isForeign := international && c >= utf8.RuneSelf
		if c != '.' && !isAlphanumeric(c) && !has("!#$%&'*+-/=?^_`{|}~", c) && !isForeign {
			return false
		}
		previous = c
	}
	return previous != '.'
}

func quotedString(text string, international bool) bool {
	if len(text) < 2 || text[len(text)-1] != '"' {
		return false
	}
	text = text[1 : len(text)-1]
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch c {
		case '\\':
			if i++; i == len(text) {
				return false
			}
			c = text[i]
		case '"':
			return false
		}
		isPrintable, isForeign := ' ' <= c && c <= '~', international && c >= utf8.RuneSelf
		if !isPrintable && !isForeign {
			return false
		}
	}
	return true
}

// mailHost takes the name of a host, or an address in brackets.
func mailHost(text string, international bool) bool {
	if strings.HasPrefix(text, "[") && strings.HasSuffix(text, "]") {
		address := text[1 : len(text)-1]
		const tag = "ipv6:"
		if len(address) > len(tag) && strings.EqualFold(address[:len(tag)], tag) {
			return ipv6(address[len(tag):])
		}
		return ipv4(address)
	}
	return hostLabels(text, international)
}
