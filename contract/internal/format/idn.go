package format

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// separators are the dots that RFC 3490, section 3.1 names beside the full stop.
var separators = strings.NewReplacer("。", ".", "．", ".", "｡", ".")

// idnHostname takes the names that hostname takes, and labels of other scripts as IDNA 2008 (RFC 5890 to 5893) allows them.
func idnHostname(text string) bool {
	if !utf8.ValidString(text) {
		return false
	}
	text = separators.Replace(text)
	if isASCII(text) {
		return hostname(text)
	}
	return idna2008(text)
}

func isASCII(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf })
}

// profile holds a name against UTS 46 without mapping characters; what IDNA 2008 has beyond that stands in idna2008.
var profile = idna.New(idna.ValidateLabels(true), idna.CheckHyphens(true), idna.CheckJoiners(true), idna.BidiRule(),
	idna.StrictDomainName(true), idna.VerifyDNSLength(true))

// idna2008 judges a name with at least one label of another script, in its own characters or encoded.
func idna2008(name string) bool {
	name = lowerASCIILabels(name)
	encoded, err := profile.ToASCII(name)
	if err != nil || strings.HasSuffix(encoded, ".") {
		return false
	}
	decoded, err := profile.ToUnicode(encoded)
	if err != nil {
		return false
	}
	for label := range strings.SplitSeq(decoded, ".") {
		if isASCII(label) {
			if isEncoded(label) {
				return false
			}
			continue
		}
		if !label2008([]rune(label)) {
			return false
		}
	}
	return true
}

// lowerASCIILabels writes labels of plain letters small: their case has no meaning, whereas other labels may have no capitals.
func lowerASCIILabels(name string) string {
	labels := strings.Split(name, ".")
	for i, label := range labels {
		if isASCII(label) {
			labels[i] = strings.ToLower(label)
		}
	}
	return strings.Join(labels, ".")
}

// label2008 judges the characters of a label by RFC 5892: those that are letters, digits or marks, with its exceptions
// (section 2.6) and the contexts of appendix A.
func label2008(label []rune) bool {
	for i, r := range label {
		ok, hasRule := contextRule(label, i)
		switch {
		case hasRule:
			if !ok {
				return false
			}
		case strings.ContainsRune("ßς۽۾་〇-\u200c\u200d", r): // the joiners were judged by the profile
		case strings.ContainsRune("ـߺ\u302e\u302f〱〲〳〴〵〻", r), isOldHangul(r), isSymbolMark(r):
			return false
		case !unicode.In(r, unicode.Ll, unicode.Lo, unicode.Lm, unicode.Mn, unicode.Mc, unicode.Nd):
			return false
		}
	}
	return true
}

// isOldHangul says whether a character is a part of a Hangul syllable, which has characters of its own (section 2.9).
func isOldHangul(r rune) bool {
	return 0x1100 <= r && r <= 0x11FF || 0xA960 <= r && r <= 0xA97F || 0xD7B0 <= r && r <= 0xD7FF
}

// isSymbolMark says whether a mark belongs to the symbols of section 2.4.
func isSymbolMark(r rune) bool {
	return 0x20D0 <= r && r <= 0x20FF || 0x1D100 <= r && r <= 0x1D24F
}

// contextRule judges the character at i if appendix A of RFC 5892 has a rule for it.
func contextRule(label []rune, i int) (ok, hasRule bool) {
	before, after := rune(-1), rune(-1)
	if i > 0 {
		before = label[i-1]
	}
	if i+1 < len(label) {
		after = label[i+1]
	}
	switch r := label[i]; {
	case r == '·':
		return before == 'l' && after == 'l', true
	case r == '͵':
		return unicode.Is(unicode.Greek, after), true
	case r == '׳' || r == '״':
		return unicode.Is(unicode.Hebrew, before), true
	case r == '・':
		return slices.ContainsFunc(label, isJapanese), true
	case isArabicIndic(r):
		return !slices.ContainsFunc(label, isExtendedArabicIndic), true
	case isExtendedArabicIndic(r):
		return !slices.ContainsFunc(label, isArabicIndic), true
	}
	return false, false
}

func isJapanese(r rune) bool            { return unicode.In(r, unicode.Hiragana, unicode.Katakana, unicode.Han) }
func isArabicIndic(r rune) bool         { return 0x0660 <= r && r <= 0x0669 }
func isExtendedArabicIndic(r rune) bool { return 0x06F0 <= r && r <= 0x06F9 }
