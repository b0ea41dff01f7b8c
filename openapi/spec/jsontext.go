package spec

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

func (r *jsonReader) rune() rune {
	c, _ := utf8.DecodeRune(r.data[r.at:])
	return c
}

// number reads the literal of a number (RFC 8259, 6).
func (r *jsonReader) number() string {
	start := r.at
	digits := func() {
		first := r.at
		for '0' <= r.next() && r.next() <= '9' {
			r.at++
		}
		if r.at == first {
			r.fail("want a digit")
		}
	}
	if r.next() == '-' {
		r.at++
	}
	if r.next() == '0' {
		r.at++
	} else {
		digits()
	}
	if r.next() == '.' {
		r.at++
		digits()
	}
	if c := r.next(); c == 'e' || c == 'E' {
		if r.at++; r.next() == '+' || r.next() == '-' {
			r.at++
		}
		digits()
	}
	return string(r.data[start:r.at])
}

// text reads a string and undoes its escapes.
func (r *jsonReader) text() string {
	r.at++
	start := r.at
	for ; r.at < len(r.data); r.at++ { // most have no escape
		switch c := r.data[r.at]; {
		case c == '"':
			r.at++
			return r.valid(string(r.data[start : r.at-1]))
		case c == '\\':
			return r.escapedText(start)
		case c < ' ':
			r.fail("a control character in a string")
		}
	}
	r.fail("the file ends within a string")
	return ""
}

func (r *jsonReader) valid(text string) string {
	if !utf8.ValidString(text) {
		r.fail("bytes that are no UTF-8")
	}
	return text
}

func (r *jsonReader) escapedText(start int) string {
	text := append([]byte{}, r.data[start:r.at]...)
	for r.at < len(r.data) {
		switch c := r.data[r.at]; {
		case c == '"':
			r.at++
			return r.valid(string(text))
		case c == '\\':
			text = r.escape(text)
		case c < ' ':
			r.fail("a control character in a string")
		default:
			text = append(text, c)
			r.at++
		}
	}
	r.fail("the file ends within a string")
	return ""
}

// escape reads one escape and adds what it stands for.
func (r *jsonReader) escape(text []byte) []byte {
	const letters, meanings = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
	r.at++
	for i := range len(letters) {
		if r.next() == letters[i] {
			r.at++
			return append(text, meanings[i])
		}
	}
	if r.next() != 'u' {
		r.fail("an escape that JSON does not have")
	}
	first := r.hex()
	if utf16.IsSurrogate(first) && r.at+1 < len(r.data) && r.data[r.at] == '\\' && r.data[r.at+1] == 'u' {
		before := r.at
		r.at++
		if pair := utf16.DecodeRune(first, r.hex()); pair != utf8.RuneError {
			return utf8.AppendRune(text, pair)
		}
		r.at = before
	}
	return utf8.AppendRune(text, first) // a surrogate alone is U+FFFD
}

// hex reads the four digits after \u.
func (r *jsonReader) hex() rune {
	r.at++
	if r.at+4 > len(r.data) {
		r.fail("the file ends within a string")
	}
	n, err := strconv.ParseUint(string(r.data[r.at:r.at+4]), 16, 16)
	if err != nil {
		r.fail(`want four hexadecimal digits after \u`)
	}
	r.at += 4
	return rune(n)
}
