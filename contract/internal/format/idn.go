package format

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// separators replaces the dots that RFC 3490, section 3.1 treats like a full stop.
var separators = strings.NewReplacer("。", ".", "．", ".", "｡", ".")

// idnHostname accepts what hostname accepts, and labels of other scripts that IDNA 2008 allows (RFC 5890 to 5893).
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

// profile checks a name by UTS 46, without mapping characters. What IDNA 2008 requires beyond that is in idna2008.
var profile = idna.New(idna.ValidateLabels(true), idna.CheckHyphens(true), idna.CheckJoiners(true), idna.BidiRule(),
	idna.StrictDomainName(true), idna.VerifyDNSLength(true))

// idna2008 accepts a name with at least one label of another script, as Unicode or encoded with xn--:
//
//	bücher.example    xn--bcher-kva.example    accepted
//	Bücher.example                             refused: IDNA 2008 has no capitals, except in ASCII labels
//	xn--abc.example                            refused: it stands for a label that needs no encoding
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

// lowerASCIILabels converts ASCII labels to lower case. Their case has no meaning, whereas other labels must not have
// capitals.
func lowerASCIILabels(name string) string {
	labels := strings.Split(name, ".")
	for i, label := range labels {
		if isASCII(label) {
			labels[i] = strings.ToLower(label)
		}
	}
	return strings.Join(labels, ".")
}

// label2008 checks the characters of a label by RFC 5892. Letters, digits and marks are allowed, with the exceptions of
// section 2.6 and the contextual rules of appendix A.
func label2008(label []rune) bool {
	for i, r := range label {
		ok, hasRule := contextRule(label, i)
		switch {
		case hasRule:
			if !ok {
				return false
			}
		case strings.ContainsRune("ßς۽۾་〇-\u200c\u200d", r): // the profile has checked the joiners
		case strings.ContainsRune("ـߺ\u302e\u302f〱〲〳〴〵〻", r), isOldHangul(r), isSymbolMark(r):
			return false
		case !unicode.In(r, unicode.Ll, unicode.Lo, unicode.Lm, unicode.Mn, unicode.Mc, unicode.Nd):
			return false
		}
	}
	return true
}

// isOldHangul reports whether a character is only a part of a Hangul syllable (section 2.9).
func isOldHangul(r rune) bool {
	return 0x1100 <= r && r <= 0x11FF || 0xA960 <= r && r <= 0xA97F || 0xD7B0 <= r && r <= 0xD7FF
}

// isSymbolMark reports whether a mark belongs to the symbols of section 2.4.
func isSymbolMark(r rune) bool {
	return 0x20D0 <= r && r <= 0x20FF || 0x1D100 <= r && r <= 0x1D24F
}

// contextRule checks the character at i by the rule of RFC 5892, appendix A. If there is none for it, hasRule is false.
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
