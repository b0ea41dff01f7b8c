package format

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// email takes an address as the rule Mailbox of RFC 5321, section 4.1.2 has it, with the lengths of section 4.5.3.1: without a name
// before it and without comments. The local part may be quoted.
func email(text string) bool {
	return mailbox(text, localPart, false)
}

// idnEmail takes characters beyond ASCII too, in the local part and in the host, as RFC 6531 does.
func idnEmail(text string) bool {
	return utf8.ValidString(text) && mailbox(text, foreignLocalPart, true)
}

var localPart, foreignLocalPart = localPartWith(``), localPartWith(`\x{80}-\x{10FFFF}`)

// localPartWith takes words with single dots between, or a text in quotation marks, also of some more characters.
func localPartWith(more string) *regexp.Regexp {
	word := "[-!#$%&'*+/=?^_`{|}~0-9A-Za-z" + more + `]+`
	quoted := `[ !#-\[\]-~` + more + `]|\\[ -~` + more + `]`
	return regexp.MustCompile(`^(` + word + `(\.` + word + `)*|"(` + quoted + `)*")$`)
}

func mailbox(text string, local *regexp.Regexp, international bool) bool {
	at := strings.LastIndexByte(text, '@')
	return 1 <= at && at <= 64 && local.MatchString(text[:at]) && mailHost(text[at+1:], international)
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
