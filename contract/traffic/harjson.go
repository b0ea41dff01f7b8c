package traffic

import (
	"bytes"
	"encoding/json"
	"unicode/utf16"
	"unicode/utf8"
)

// decoder goes once through a JSON text, from value to value. Its methods take the value that comes next. What nobody asks for
// is checked and passed over, and nothing is built of it, since most of an entry is of no use to the judge:
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
// Names count as they are written, capital letters and all. Of a member that occurs twice the last value counts.
type decoder struct {
	data  []byte
	at    int
	depth int
	bad   bool // the text is not JSON; nothing comes next any more
}

// maxDepth is how deep an entry may nest.
const maxDepth = 10_000

func (d *decoder) fail() { d.bad, d.at = true, len(d.data) }

// next returns the first byte of what comes next; 0: the text has ended.
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

// object takes an object and calls the function in front of each value, which it must take. A value of another type is passed
// over.
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

// array takes an array and calls the function in front of each element, which it must take. A value of another type is passed
// over.
func (d *decoder) array(element func()) {
	if d.next() != '[' {
		d.skip()
		return
	}
	d.parts(']', element)
}

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

// skip takes a value of any type.
func (d *decoder) skip() {
	switch c := d.next(); c {
	case '{':
		d.object(func([]byte) { d.skip() })
	case '[':
		d.array(d.skip)
	case '"':
		d.quoted()
	case 't':
		d.word("true")
	case 'f':
		d.word("false")
	case 'n':
		d.word("null")
	default:
		d.number()
	}
}

// raw takes a value and returns it as it is written.
func (d *decoder) raw() []byte {
	d.next()
	start := d.at
	d.skip()
	return d.data[min(start, d.at):d.at]
}

func (d *decoder) word(word string) {
	if !bytes.HasPrefix(d.data[d.at:], []byte(word)) {
		d.fail()
		return
	}
	d.at += len(word)
}

func (d *decoder) number() {
	start, plain := d.at, true
	for ; d.at < len(d.data); d.at++ {
		c := d.data[d.at]
		if bytes.IndexByte([]byte("+-.eE"), c) >= 0 {
			plain = false
		} else if c < '0' || c > '9' {
			break
		}
	}
	number := d.data[start:d.at]
	plain = plain && (len(number) == 1 || len(number) > 1 && number[0] != '0')
	if !plain && !json.Valid(number) {
		d.fail()
	}
}

// quoted takes a string and returns what stands between its quotes.
func (d *decoder) quoted() []byte {
	start := d.at + 1
	for i := start; i < len(d.data); i++ {
		switch c := d.data[i]; {
		case c == '"':
			d.at = i + 1
			return d.data[start:i]
		case c == '\\':
			n := escape(d.data[i:])
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

// escapes are the letters of the short escapes, and meant is what they stand for.
const (
	escapes = `"\/bfnrt`
	meant   = "\"\\/\b\f\n\r\t"
)

// escape returns how many bytes the escape has that the text begins with; 0: it is none.
func escape(text []byte) int {
	switch {
	case len(text) > 1 && bytes.IndexByte([]byte(escapes), text[1]) >= 0:
		return 2
	case unit(text) >= 0:
		return 6
	}
	return 0
}

// unit returns the UTF-16 code unit that the text begins with, as \u00e9; -1: it begins with none.
func unit(text []byte) rune {
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

// unquote decodes what stands between the quotes of a string, as appendText does. Where nothing is to be decoded, the result
// is the argument.
func unquote(inner []byte) []byte {
	if bytes.IndexByte(inner, '\\') < 0 && utf8.Valid(inner) {
		return inner
	}
	return appendText(nil, inner)
}

// appendText decodes what stands between the quotes of a string and appends it. Half of a surrogate pair and a byte that is not
// UTF-8 become U+FFFD.
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
		if short := bytes.IndexByte([]byte(escapes), inner[1]); short >= 0 {
			to, inner = append(to, meant[short]), inner[2:]
			continue
		}
		char := unit(inner)
		inner = inner[6:]
		if utf16.IsSurrogate(char) {
			if char = utf16.DecodeRune(char, unit(inner)); char != utf8.RuneError {
				inner = inner[6:]
			}
		}
		to = utf8.AppendRune(to, char)
	}
}
