package format

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// email accepts the rule Mailbox of RFC 5321, section 4.1.2, with the lengths of section 4.5.3.1. A display name or a
// comment is not part of it. The local part may be quoted.
func email(text string) bool {
	return mailbox(text, localPart, false)
}

// idnEmail also accepts characters beyond ASCII, in the local part and in the host (RFC 6531).
func idnEmail(text string) bool {
	return utf8.ValidString(text) && mailbox(text, foreignLocalPart, true)
}

var localPart, foreignLocalPart = localPartWith(``), localPartWith(`\x{80}-\x{10FFFF}`)

// localPartWith matches words separated by single dots, or a quoted text. The words and the text may also contain the
// range more.
func localPartWith(more string) *regexp.Regexp {
	word := "[-!#$%&'*+/=?^_`{|}~0-9A-Za-z" + more + `]+`
	quoted := `[ !#-\[\]-~` + more + `]|\\[ -~` + more + `]`
	return regexp.MustCompile(`^(` + word + `(\.` + word + `)*|"(` + quoted + `)*")$`)
}

func mailbox(text string, local *regexp.Regexp, international bool) bool {
	at := strings.LastIndexByte(text, '@')
	return 1 <= at && at <= 64 && local.MatchString(text[:at]) && mailHost(text[at+1:], international)
}

// mailHost accepts a host name, or an IP address in brackets.
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
