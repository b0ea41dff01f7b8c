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

// hostname takes a name as RFC 1123, section 2.1 has it; a label that begins with xn-- must stand for one of IDNA 2008.
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

// hostLabels takes labels of letters, digits and inner hyphens with dots between, international: of all characters beyond ASCII too.
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
