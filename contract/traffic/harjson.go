package traffic

import (
	"bytes"
	"encoding/json"
	"unicode/utf16"
	"unicode/utf8"
)

// decoder reads a JSON text once, from value to value. Each method consumes the next value. Most of an entry does not matter to
// the judge; skip checks the syntax of such a value and allocates nothing:
//
//	d.object(func(name []byte) {
//		switch string(name) {
//		case "status":
//			status = numberOf(d.raw())
//		default:
//			d.skip()
//		}
//	})
//
// Names are case-sensitive. If a member occurs twice, callers see both, and the last one wins. After a syntax error bad is set
// and the text counts as ended, so that callers check once, at the end.
type decoder struct {
	data  []byte
	at    int
	depth int
	bad   bool // the text is not JSON
}

// maxDepth is how deeply an entry may nest.
const maxDepth = 10_000

func (d *decoder) fail() { d.bad, d.at = true, len(d.data) }

// next skips white space and returns the byte after it without consuming it; 0: the text has ended.
func (d *decoder) next() byte {
	for ; d.at < len(d.data); d.at++ {
		switch c := d.data[d.at]; c {
		case ' ', '\t', '\r', '\n':
		default:
			return c
		}
	}
	return 0
}

// object consumes an object. It calls member before each value, and member must consume that value. A value of another type is
// skipped.
func (d *decoder) object(member func(name []byte)) {
	if d.next() != '{' {
		d.skip()
		return
	}
	d.parts('}', func() {
		if d.next() != '"' {
			d.fail()
			return
		}
		name := unquote(d.quoted())
		if d.next() != ':' {
			d.fail()
			return
		}
		d.at++
		member(name)
	})
}

// array consumes an array. It calls element before each element, and element must consume it. A value of another type is
// skipped.
func (d *decoder) array(element func()) {
	if d.next() != '[' {
		d.skip()
		return
	}
	d.parts(']', element)
}

// parts consumes what stands between two brackets, separated by commas.
func (d *decoder) parts(closing byte, part func()) {
	d.at++
	if d.depth++; d.depth > maxDepth {
		d.fail()
	}
	for more := d.next() != closing; more; {
		part()
		switch d.next() {
		case ',':
			d.at++
		case closing:
			more = false
		default:
			d.fail()
			return
		}
	}
	d.at++
	d.depth--
}

// skip consumes a value of any type.
func (d *decoder) skip() {
	switch c := d.next(); c {
	case '{':
		d.object(func([]byte) { d.skip() })
	case '[':
		d.array(d.skip)
	case '"':
		d.quoted()
	case 't':
		d.literal("true")
	case 'f':
		d.literal("false")
	case 'n':
		d.literal("null")
	default:
		d.number()
	}
}

// raw consumes a value and returns it as it is written.
func (d *decoder) raw() []byte {
	d.next()
	start := d.at
	d.skip()
	return d.data[min(start, d.at):d.at]
}

// literal consumes true, false or null.
func (d *decoder) literal(word string) {
	if !bytes.HasPrefix(d.data[d.at:], []byte(word)) {
		d.fail()
		return
	}
	d.at += len(word)
}

// number consumes a number. Only digits without a leading zero are certain to be one; encoding/json decides about the rest.
func (d *decoder) number() {
	start, digits := d.at, true
	for ; d.at < len(d.data); d.at++ {
		c := d.data[d.at]
		if bytes.IndexByte([]byte("+-.eE"), c) >= 0 {
			digits = false
		} else if c < '0' || c > '9' {
			break
		}
	}
	number := d.data[start:d.at]
	leadingZero := len(number) > 1 && number[0] == '0'
	isPlain := digits && len(number) > 0 && !leadingZero
	if !isPlain && !json.Valid(number) {
		d.fail()
	}
}

// quoted consumes a string and returns what stands between its quotes, still escaped.
func (d *decoder) quoted() []byte {
	start := d.at + 1
	for i := start; i < len(d.data); i++ {
		switch c := d.data[i]; {
		case c == '"':
			d.at = i + 1
			return d.data[start:i]
		case c == '\\':
			n := escapeLength(d.data[i:])
			if n == 0 {
				d.fail()
				return nil
			}
			i += n - 1
		case c < ' ':
			d.fail()
			return nil
		}
	}
	d.fail()
	return nil
}

// The letters of the short escapes, and the characters that they stand for, in the same order.
const (
	escapeLetters = `"\/bfnrt`
	escapedChars  = "\"\\/\b\f\n\r\t"
)

// escapeLength returns the length of the escape that the text begins with; 0: there is none.
func escapeLength(text []byte) int {
	switch {
	case len(text) > 1 && bytes.IndexByte([]byte(escapeLetters), text[1]) >= 0:
		return 2
	case codeUnit(text) >= 0:
		return 6
	}
	return 0
}

// codeUnit returns the UTF-16 code unit of the escape that the text begins with, such as \u00e9; -1: there is none.
func codeUnit(text []byte) rune {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return -1
	}
	var char rune
	for _, c := range text[2:6] {
		digit := bytes.IndexByte([]byte("0123456789abcdef"), c|0x20)
		if digit < 0 || c < '0' {
			return -1
		}
		char = char<<4 | rune(digit)
	}
	return char
}

// unquote decodes what stands between the quotes of a string, as appendText does. If there is nothing to decode, it returns its
// argument.
func unquote(inner []byte) []byte {
	if bytes.IndexByte(inner, '\\') < 0 && utf8.Valid(inner) {
		return inner
	}
	return appendText(nil, inner)
}

// appendText decodes what stands between the quotes of a string and appends it. Half a surrogate pair and a byte that is not
// UTF-8 become U+FFFD. The escapes must be valid, as quoted checks.
func appendText(to, inner []byte) []byte {
	if !utf8.Valid(inner) {
		inner = []byte(string([]rune(string(inner)))) // one character for each byte
	}
	for {
		i := bytes.IndexByte(inner, '\\')
		if i < 0 {
			return append(to, inner...)
		}
		to, inner = append(to, inner[:i]...), inner[i:]
		if short := bytes.IndexByte([]byte(escapeLetters), inner[1]); short >= 0 {
			to, inner = append(to, escapedChars[short]), inner[2:]
			continue
		}
		char := codeUnit(inner)
		inner = inner[6:]
		if utf16.IsSurrogate(char) {
			if char = utf16.DecodeRune(char, codeUnit(inner)); char != utf8.RuneError {
				inner = inner[6:]
			}
		}
		to = utf8.AppendRune(to, char)
	}
}
