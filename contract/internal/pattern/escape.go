package pattern

import (
	"fmt"
	"regexp"
	"strconv"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// An escape is one of three things, and none of them stays an escape that an engine would read in its own way:
//
//	\b \B                        a condition, as goBoundaries or backtrackingBoundaries
//	\1 \k<name>                  a reference, as (?:\1)
//	\d \p{Lu} \n \x41 \u{1F600}  a set of characters, as a class of ranges; within a class it becomes part of that
//
// Any other letter after a backslash is an error, such as \z: with the flag u, ECMA-262 reserves it. A punctuation character
// stands for itself.

var (
	namedReference    = regexp.MustCompile(`^\\k` + groupName)
	numberedReference = regexp.MustCompile(`^\\([1-9][0-9]*)`)
	controlLetter     = regexp.MustCompile(`^\\c([A-Za-z])`)
	octal             = regexp.MustCompile(`^\\0[0-9]`)
	hexByte           = regexp.MustCompile(`^\\x([[:xdigit:]]{2})`)
	codeUnit          = regexp.MustCompile(`^\\u([[:xdigit:]]{4})`)
	codePoint         = regexp.MustCompile(`^\\u\{([[:xdigit:]]+)\}`)
	propertyName      = regexp.MustCompile(`^\\[pP]\{([^}]{0,80})\}`)
)

// escape translates an escape outside of a class.
func (t *translator) escape() (repeatable bool, err error) {
	switch {
	case t.accept(`\b`):
		t.out.WriteString(t.boundaries[0])
		return false, nil
	case t.accept(`\B`):
		t.out.WriteString(t.boundaries[1])
		return false, nil
	case t.isNext(`\k`) || numberedReference.MatchString(t.rest()):
		return true, t.reference()
	}
	members, _, err := t.memberEscape()
	if err != nil {
		return false, err
	}
	members.write(&t.out)
	return true, nil
}

// reference translates a backreference. Its parentheses, as in (?:\1), separate it from a digit that may follow.
func (t *translator) reference() error {
	began := t.at
	var number int
	if match := t.acceptMatch(numberedReference); match != nil {
		var err error
		if number, err = strconv.Atoi(match[1]); err != nil || number > t.groups {
			t.at = began
			return t.errorf(`\%s refers to a group that is not there`, match[1])
		}
	} else if !t.isNext(`\k<`) {
		return t.errorf(`\k is followed by the name of a group, as in \k<name>`)
	} else if match := t.acceptMatch(namedReference); match == nil {
		return t.errorf(wrongName)
	} else if number = t.names[match[1]]; number == 0 {
		t.at = began
		return t.errorf("no group has the name %s", match[1])
	}
	t.backtracks = true
	fmt.Fprintf(&t.out, `(?:\%d)`, number)
	return nil
}

// control has the control characters that a letter stands for.
var control = map[rune]rune{'f': '\f', 'n': '\n', 'r': '\r', 't': '\t', 'v': '\v'}

// memberEscape reads an escape that has the same meaning inside and outside of a class: one character, or a set.
func (t *translator) memberEscape() (members set, isSet bool, err error) {
	if t.rest() == `\` {
		return nil, false, t.errorf("a backslash escapes nothing")
	}
	r, size := utf8.DecodeRuneInString(t.rest()[1:])
	if s, ok := classes[r]; ok {
		t.at += 2
		return s, true, nil
	}
	if c, ok := control[r]; ok {
		t.at += 2
		return only(c), false, nil
	}
	switch r {
	case 'p', 'P':
		members, err = t.propertyEscape()
		return members, true, err
	case 'c':
		if match := t.acceptMatch(controlLetter); match != nil {
			return only(rune(match[1][0] % 32)), false, nil
		}
		return nil, false, t.errorf(`\c is followed by a letter from A to Z`)
	case '0':
		if octal.MatchString(t.rest()) {
			return nil, false, t.errorf("ECMA-262 has no octal escapes")
		}
		t.at += 2
		return only(0), false, nil
	case 'x':
		if match := t.acceptMatch(hexByte); match != nil {
			return only(hex(match[1])), false, nil
		}
		return nil, false, t.errorf(`\x is followed by two hexadecimal digits`)
	case 'u':
		c, err := t.unicodeEscape()
		return only(c), false, err
	}
	if isAlphanumeric := unicode.IsLetter(r) || unicode.IsDigit(r); isAlphanumeric && r != '_' {
		return nil, false, t.errorf(`ECMA-262 has no escape \%c`, r)
	}
	t.at += 1 + size
	return only(r), false, nil
}

// hex returns the code point with these hexadecimal digits; -1 if there is none.
func hex(digits string) rune {
	n, err := strconv.ParseUint(digits, 16, 32)
	if err != nil || n > unicode.MaxRune {
		return -1
	}
	return rune(n)
}

// unicodeEscape reads \u0041, a pair of surrogates as \ud83d\ude00, or \u{1F600}.
func (t *translator) unicodeEscape() (rune, error) {
	if t.isNext(`\u{`) {
		if match := codePoint.FindStringSubmatch(t.rest()); match != nil && hex(match[1]) >= 0 {
			t.at += len(match[0])
			return hex(match[1]), nil
		}
		return 0, t.errorf(`\u{…} holds hexadecimal digits of at most 10ffff`)
	}
	match := t.acceptMatch(codeUnit)
	if match == nil {
		return 0, t.errorf(`\u is followed by four hexadecimal digits`)
	}
	c := hex(match[1])
	if low := codeUnit.FindStringSubmatch(t.rest()); low != nil {
		if joined := utf16.DecodeRune(c, hex(low[1])); joined != unicode.ReplacementChar {
			t.at += len(low[0])
			return joined, nil
		}
	}
	return c, nil
}

// propertyEscape reads \p{name} and \P{name}.
func (t *translator) propertyEscape() (set, error) {
	match := propertyName.FindStringSubmatch(t.rest())
	if match == nil {
		return nil, t.errorf(`\%c is followed by a property, as in \p{Letter}`, t.rest()[1])
	}
	members, ok := property(match[1])
	if !ok {
		return nil, t.errorf("unknown Unicode property %q", match[1])
	}
	t.at += len(match[0])
	if match[0][1] == 'P' {
		return members.complement(), nil
	}
	return members, nil
}
