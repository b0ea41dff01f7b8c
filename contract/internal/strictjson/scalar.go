package strictjson

import (
	"fmt"
	"math/bits"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// A scalar is checked while it is read, and its characters stay where they are: the node of a number or of a plain string is an
// offset into the text and a length. Only a string with an escape, or with a byte that is not UTF-8, is decoded, into a buffer
// that all strings of the text share:
//
//	{"a": 1.50, "b": "x\u0041"}    a: text[6:10]    b: decoded[0:2], which is xA
//
// A number is never converted here. Its digits are compared as digits (internal/decimal).

// readScalar reads a value that begins with c and is not a container.
func (r *reader) readScalar(c byte) bool {
	switch {
	case c == '"':
		return r.readString()
	case c == '-', '0' <= c && c <= '9':
		start := r.pos
		if problem := r.skipNumber(); problem != "" {
			return r.fail(problem)
		}
		return r.addScalar(Number, start, r.pos-start)
	case c == 't':
		return r.readLiteral(Bool, "true")
	case c == 'f':
		return r.readLiteral(Bool, "false")
	case c == 'n':
		return r.readLiteral(Null, "null")
	}
	return r.fail("no JSON value")
}

// addScalar appends a node. Its text begins at an offset of text or, beyond that, of decoded. It always returns true.
func (r *reader) addScalar(kind Kind, start, size int) bool {
	r.nodes = append(r.nodes, node{uint32(start), uint32(size), uint32(len(r.nodes)) + 1, nodeTraits{kind: kind}})
	return true
}

func (r *reader) readLiteral(kind Kind, word string) bool {
	start := r.pos
	for i := range len(word) {
		if r.peek() != word[i] {
			return r.fail("not true, false or null")
		}
		r.pos++
	}
	return r.addScalar(kind, start, len(word))
}

// IsNumber reports whether the whole text is a JSON number.
func IsNumber(text string) bool {
	r := reader{nodeList: &nodeList{text: text}}
	return r.skipNumber() == "" && r.pos == len(text)
}

// skipNumber moves to the end of a number. The problem is "" if it is one.
func (r *reader) skipNumber() (problem string) {
	if r.peek() == '-' {
		r.pos++
	}
	switch c := r.peek(); {
	case c == '0':
		r.pos++
	case !r.skipDigits():
		return "a number without digits"
	}
	if r.peek() == '.' {
		r.pos++
		if !r.skipDigits() {
			return "a fraction without digits"
		}
	}
	if c := r.peek(); c == 'e' || c == 'E' {
		r.pos++
		if c := r.peek(); c == '+' || c == '-' {
			r.pos++
		}
		if !r.skipDigits() {
			return "an exponent without digits"
		}
	}
	return ""
}

func (r *reader) skipDigits() bool {
	text, at := r.text, r.pos
	for at < len(text) && '0' <= text[at] && text[at] <= '9' {
		at++
	}
	hasDigits := at > r.pos
	r.pos = at
	return hasDigits
}

// readString reads a value or a name. Most strings need no decoding, and their node refers to the text itself.
func (r *reader) readString() bool {
	r.pos++
	start := r.pos
	at := plainEnd(r.text, start)
	r.pos = at
	if at < len(r.text) && r.text[at] == '"' {
		r.pos++
		return r.addScalar(String, start, at-start)
	}
	return r.readUnescaped(start)
}

// plainEnd returns the offset of the first byte from at on that is no plain character of a string: a quote, a backslash, a
// control character, a byte beyond ASCII, or the end.
func plainEnd(text string, at int) int {
	for ; at+8 <= len(text); at += 8 {
		if special := specialBytes(text[at : at+8]); special != 0 {
			return at + bits.TrailingZeros64(special)/8
		}
	}
	for at < len(text) && text[at] != '"' && text[at] != '\\' && ' ' <= text[at] && text[at] < utf8.RuneSelf {
		at++
	}
	return at
}

// specialBytes looks at eight bytes at once. The lowest bit that it sets is the highest one of the first byte that is no plain
// character; none is set if all are plain. It subtracts from each byte: the highest bit is set afterwards if it was set before
// or the byte was too small, as is a control character minus 0x20, and zero minus 1. What a byte borrows from the next one changes
// only bytes after it.
func specialBytes(text string) uint64 {
	_ = text[7]
	word := uint64(text[0]) | uint64(text[1])<<8 | uint64(text[2])<<16 | uint64(text[3])<<24 |
		uint64(text[4])<<32 | uint64(text[5])<<40 | uint64(text[6])<<48 | uint64(text[7])<<56
	const each = 0x0101010101010101
	quote, backslash := word^(each*'"'), word^(each*'\\')
	return (word | (word - each*' ') | (quote - each) | (backslash - each)) & (each * 0x80)
}

// readUnescaped reads the rest of a string that has more than plain ASCII. At the first escape or invalid byte it begins a
// decoded copy; until then the string can stay in the text.
//
//	"gr\u00fcn"   at the escape gr is copied, then ü and n are appended
func (r *reader) readUnescaped(start int) bool {
	isCopy, copyStart := false, r.unescaped.Len()
	for r.pos < len(r.text) {
		c := r.text[r.pos]
		if c == '"' {
			r.pos++
			if isCopy {
				r.decoded = r.unescaped.String()
				return r.addScalar(String, len(r.text)+copyStart, r.unescaped.Len()-copyStart)
			}
			return r.addScalar(String, start, r.pos-1-start)
		}
		if c < ' ' {
			return r.fail("a control character in a string")
		}
		char, size := utf8.DecodeRuneInString(r.text[r.pos:])
		isBroken := char == utf8.RuneError && size == 1
		if differs := isBroken || c == '\\'; differs && !isCopy {
			isCopy = true
			r.unescaped.WriteString(r.text[start:r.pos])
		}
		if c == '\\' {
			if !r.readEscape() {
				return false
			}
			continue
		}
		if isBroken {
			r.report("body/invalid-utf8", fmt.Sprintf("byte %#x at %d", c, r.pos))
		}
		if isCopy {
			r.unescaped.WriteRune(char)
		}
		r.pos += size
	}
	return r.fail("an unterminated string")
}

// shortEscapes lists pairs: the letter of an escape such as \n, and the byte it stands for.
const shortEscapes = "\"\"\\\\//b\bf\fn\nr\rt\t"

// readEscape decodes one escape, or the two of a surrogate pair.
func (r *reader) readEscape() bool {
	r.pos++
	for i := 0; i < len(shortEscapes); i += 2 {
		if r.peek() == shortEscapes[i] {
			r.pos++
			r.unescaped.WriteByte(shortEscapes[i+1])
			return true
		}
	}
	char, ok := r.readHex()
	if !ok {
		return r.fail("an invalid escape")
	}
	if utf16.IsSurrogate(char) {
		if char, ok = r.readLowSurrogate(char); !ok {
			return false
		}
	}
	r.unescaped.WriteRune(char)
	return true
}

// readLowSurrogate reads the second half of a surrogate pair and returns the character of both. After a lone half it goes
// back, so that what follows is read on its own.
func (r *reader) readLowSurrogate(half rune) (char rune, ok bool) {
	low, after := rune(utf8.RuneError), r.pos
	if r.peek() == '\\' {
		r.pos++
		if low, ok = r.readHex(); !ok && r.pos >= len(r.text) {
			return 0, r.fail("an invalid escape")
		}
	}
	if char = utf16.DecodeRune(half, low); char == utf8.RuneError {
		r.pos = after
		r.report("body/lone-surrogate", fmt.Sprintf(`\u%04X alone`, half))
	}
	return char, true
}

// readHex reads uXXXX. It stops at the first byte that does not fit.
func (r *reader) readHex() (char rune, ok bool) {
	if r.peek() != 'u' {
		return 0, false
	}
	r.pos++
	for range 4 {
		digit := strings.IndexByte("0123456789abcdefABCDEF", r.peek())
		if digit < 0 {
			return 0, false
		}
		if digit > 0xf {
			digit -= len("ABCDEF")
		}
		char = char<<4 | rune(digit)
		r.pos++
	}
	return char, true
}
