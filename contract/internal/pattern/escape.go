package pattern

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
)

// escape translates a backslash and what follows, outside of a class.
func (t *translator) escape() (repeatable bool, err error) {
	switch {
	case t.take(`\b`):
		t.out.WriteString(t.boundaries[0])
		return false, nil
	case t.take(`\B`):
		t.out.WriteString(t.boundaries[1])
		return false, nil
	case t.ahead(`\k`):
		return true, t.namedReference()
	}
	if t.at+1 < len(t.source) && '1' <= t.source[t.at+1] && t.source[t.at+1] <= '9' {
		return true, t.numberedReference()
	}
	members, single, isSet, err := t.escaped()
	if err != nil {
		return false, err
	}
	if isSet {
		members.write(&t.out)
	} else {
		writeRune(&t.out, single)
	}
	return true, nil
}

func (t *translator) namedReference() error {
	if !t.ahead(`\k<`) {
		return t.fault(`\k is followed by the name of a group, as in \k<name>`)
	}
	name, err := t.name(t.at + len(`\k<`))
	if err != nil {
		return err
	}
	number, ok := t.names[name]
	if !ok {
		return t.fault("no group has the name %s", name)
	}
	t.at += len(`\k<`) + len([]rune(name)) + len(">")
	t.reference(number)
	return nil
}

func (t *translator) numberedReference() error {
	end := t.at + 1
	for end < len(t.source) && '0' <= t.source[end] && t.source[end] <= '9' {
		end++
	}
	text := string(t.source[t.at+1 : end])
	number, err := strconv.Atoi(text)
	if err != nil || number > t.groups {
		return t.fault(`\%s refers to a group that is not there`, text)
	}
	t.at = end
	t.reference(number)
	return nil
}

// reference writes a backreference so that a digit behind it stays a digit.
func (t *translator) reference(number int) {
	t.backtracks = true
	fmt.Fprintf(&t.out, `(?:\%d)`, number)
}

// control are the escapes of control characters by a letter.
var control = map[rune]rune{'f': '\f', 'n': '\n', 'r': '\r', 't': '\t', 'v': '\v'}

// escaped reads an escape that has the same meaning in a class and outside: a set or one character.
func (t *translator) escaped() (members set, single rune, isSet bool, err error) {
	if t.at+1 >= len(t.source) {
		return nil, 0, false, t.fault("a backslash escapes nothing")
	}
	r := t.source[t.at+1]
	if s, ok := classes[r]; ok {
		t.at += 2
		return s, 0, true, nil
	}
	if c, ok := control[r]; ok {
		t.at += 2
		return nil, c, false, nil
	}
	switch r {
	case 'p', 'P':
		members, err = t.propertyEscape()
		return members, 0, true, err
	case 'c':
		if t.at+2 < len(t.source) && isASCIILetter(t.source[t.at+2]) {
			single = t.source[t.at+2] % 32
			t.at += 3
			return nil, single, false, nil
		}
		return nil, 0, false, t.fault(`\c is followed by a letter from A to Z`)
	case '0':
		if t.at+2 < len(t.source) && '0' <= t.source[t.at+2] && t.source[t.at+2] <= '9' {
			return nil, 0, false, t.fault("ECMA-262 has no octal escapes")
		}
		t.at += 2
		return nil, 0, false, nil
	case 'x':
		if c, ok := t.hex(t.at+2, 2); ok {
			t.at += 4
			return nil, c, false, nil
		}
		return nil, 0, false, t.fault(`\x is followed by two hexadecimal digits`)
	case 'u':
		single, err = t.unicodeEscape()
		return nil, single, false, err
	}
	if r != '_' && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
		return nil, 0, false, t.fault(`ECMA-262 has no escape \%c`, r)
	}
	t.at += 2
	return nil, r, false, nil
}

func isASCIILetter(r rune) bool { return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' }

// hex reads a number of hexadecimal digits at a position.
func (t *translator) hex(from, count int) (rune, bool) {
	if from+count > len(t.source) {
		return 0, false
	}
	text := string(t.source[from : from+count])
	n, err := strconv.ParseUint(text, 16, 32)
	return rune(n), err == nil && n <= unicode.MaxRune
}

// unicodeEscape reads \u0041, a pair of surrogates as \ud83d\ude00, or \u{1F600}.
func (t *translator) unicodeEscape() (rune, error) {
	if t.ahead(`\u{`) {
		from := t.at + len(`\u{`)
		end := from
		for end < len(t.source) && t.source[end] != '}' {
			end++
		}
		if end < len(t.source) {
			if c, ok := t.hex(from, end-from); ok {
				t.at = end + 1
				return c, nil
			}
		}
		return 0, t.fault(`\u{…} holds hexadecimal digits of at most 10ffff`)
	}
	c, ok := t.hex(t.at+2, 4)
	if !ok {
		return 0, t.fault(`\u is followed by four hexadecimal digits`)
	}
	t.at += 6
	if utf16.IsSurrogate(c) && t.ahead(`\u`) {
		if low, ok := t.hex(t.at+2, 4); ok {
			if joined := utf16.DecodeRune(c, low); joined != unicode.ReplacementChar {
				t.at += 6
				return joined, nil
			}
		}
	}
	return c, nil
}

// propertyEscape reads \p{name} and \P{name}.
func (t *translator) propertyEscape() (set, error) {
	negated := t.source[t.at+1] == 'P'
	name, closed := "", false
	if rest := string(t.source[t.at+2 : min(t.at+2+80, len(t.source))]); strings.HasPrefix(rest, "{") {
		name, _, closed = strings.Cut(rest[1:], "}")
	}
	if !closed {
		return nil, t.fault(`\%c is followed by a property, as in \p{Letter}`, t.source[t.at+1])
	}
	members, ok := property(name)
	if !ok {
		return nil, t.fault("unknown Unicode property %q", name)
	}
	t.at += len(`\p{`) + len([]rune(name)) + len("}")
	if negated {
		return members.complement(), nil
	}
	return members, nil
}
