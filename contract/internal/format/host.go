package format

import (
	"net/netip"
	"strings"
	"unicode/utf8"
)

func ipv4(text string) bool {
	address, err := netip.ParseAddr(text)
	return err == nil && address.Is4()
}

func ipv6(text string) bool {
	address, err := netip.ParseAddr(text)
	return err == nil && address.Is6() && address.Zone() == ""
}

// hostname accepts a name of RFC 1123, section 2.1. A label that begins with xn-- must encode a label of IDNA 2008.
func hostname(text string) bool {
	if !hostLabels(text, false) {
		return false
	}
	for label := range strings.SplitSeq(text, ".") {
		if isEncoded(label) {
			return idna2008(text)
		}
	}
	return true
}

// hostLabels accepts labels of letters, digits and inner hyphens, separated by dots. If international, a label may also
// have any character beyond ASCII.
func hostLabels(text string, international bool) bool {
	const maxName, maxLabel = 253, 63
	if len(text) > maxName {
		return false
	}
	for label := range strings.SplitSeq(text, ".") {
		if label == "" || len(label) > maxLabel || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for i := range len(label) {
			c := label[i]
			isForeign := international && c >= utf8.RuneSelf
			if !isAlphanumeric(c) && c != '-' && !isForeign {
				return false
			}
		}
	}
	return true
}

const encodedPrefix = "xn--"

func isEncoded(label string) bool {
	return len(label) >= len(encodedPrefix) && strings.EqualFold(label[:len(encodedPrefix)], encodedPrefix)
}
