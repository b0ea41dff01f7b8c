package strictjson

import (
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// scalar reads a value that begins with c and is no container.
func (r *reader) scalar(c byte) bool {
	switch {
	case c == '"':
		return r.string()
	case c == '-' || '0' <= c && c <= '9':
		start := r.at
		if why := r.number(); why != "" {
			return r.fail(why)
		}
		return r.add(Number, start, r.at-start)
	case c == 't':
		return r.word(Bool, "true")
	case c == 'f':
		return r.word(Bool, "false")
	case c == 'n':
		return r.word(Null, "null")
	}
	return r.fail("no JSON value")
}

// add adds a scalar whose text is from at up to here.
func (r *reader) add(kind Kind, at, size int) bool {
	r.nodes = append(r.nodes, node{at: uint32(at), size: uint32(size), end: uint32(len(r.nodes)) + 1, kind: kind})
	return true
}

func (r *reader) word(kind Kind, word string) bool {
	start := r.at
	for i := range len(word) {
		if r.peek() != word[i] {
			return r.fail("no word of JSON")
		}
		r.at++
	}
	return r.add(kind, start, len(word))
}

// IsNumber reports whether a text is a number as JSON writes it, and nothing else.
func IsNumber(text string) bool {
	r := reader{tape: &tape{text: text}}
	return r.number() == "" && r.at == len(text)
}

// number goes to the end of a number, or says why it cannot.
func (r *reader) number() (why string) {
	if r.peek() == '-' {
		r.at++
	}
	switch c := r.peek(); {
	case c == '0':
		r.at++
	case !r.digits():
		return "a number without digits"
	}
	if r.peek() == '.' {
		r.at++
		if !r.digits() {
			return "a fraction without digits"
		}
	}
	if c := r.peek(); c == 'e' || c == 'E' {
		r.at++
		if c := r.peek(); c == '+' || c == '-' {
			r.at++
		}
		if !r.digits() {
			return "an exponent without digits"
		}
	}
	return ""
}

func (r *reader) digits() bool {
	text, at := r.text, r.at
	for at < len(text) && '0' <= text[at] && text[at] <= '9' {
		at++
	}
	isSome := at > r.at
	r.at = at
	return isSome
}

// string reads a string, of a value or of a name. Most strings are what they look like and stay in the text.
func (r *reader) string() bool {
	r.at++
	start := r.at
	text, at := r.text, start
	for at < len(text) && text[at] != '"' && text[at] != '\\' && ' ' <= text[at] && text[at] < utf8.RuneSelf {
		at++
	}
	r.at = at
	if at < len(text) && text[at] == '"' {
		r.at++
		return r.add(String, start, at-start)
	}
	return r.decode(start)
}

// decode reads a string to its end. Characters outside of ASCII stay in the text too. From the first that is not what it
// looks like on, an escape or a byte that is not UTF-8, the string is written anew.
func (r *reader) decode(start int) bool {
	isCopy, at := false, r.unescaped.Len()
	for r.at < len(r.text) {
		c := r.text[r.at]
		if c == '"' {
			r.at++
			if isCopy {
				r.decoded = r.unescaped.String()
				return r.add(String, len(r.text)+at, r.unescaped.Len()-at)
			}
			return r.add(String, start, r.at-1-start)
		}
		if c < ' ' {
			return r.fail("a control character in a string")
		}
		char, size := utf8.DecodeRuneInString(r.text[r.at:])
		isBroken := char == utf8.RuneError && size == 1
		if (isBroken || c == '\\') && !isCopy {
			isCopy = true
			r.unescaped.WriteString(r.text[start:r.at])
		}
		if c == '\\' {
			if !r.escape() {
				return false
			}
			continue
		}
		if isBroken {
			r.fault("body/invalid-utf8", fmt.Sprintf("byte %#x at %d", c, r.at))
		}
		if isCopy {
			r.unescaped.WriteRune(char)
		}
		r.at += size
	}
	return r.fail("a string without end")
}

// shortEscapes are the letters of the escapes of two characters, each followed by what it stands for.
const shortEscapes = "\"\"\\\\//b\bf\fn\nr\rt\t"

// escape reads an escape and writes the character.
func (r *reader) escape() bool {
	r.at++
	for i := 0; i < len(shortEscapes); i += 2 {
		if r.peek() == shortEscapes[i] {
			r.at++
			r.unescaped.WriteByte(shortEscapes[i+1])
			return true
		}
	}
	char, ok := r.hex()
	if !ok {
		return r.fail("an unknown escape")
	}
	if utf16.IsSurrogate(char) {
		if char, ok = r.pair(char); !ok {
			return false
		}
	}
	r.unescaped.WriteRune(char)
	return true
}

// pair reads the second half of a surrogate pair and gives the character of both. What follows a lone half is left to be
// read by itself.
func (r *reader) pair(half rune) (char rune, ok bool) {
	low, after := rune(utf8.RuneError), r.at
	if r.peek() == '\\' {
		r.at++
		if low, ok = r.hex(); !ok && r.at >= len(r.text) {
			return 0, r.fail("an unknown escape")
		}
	}
	if char = utf16.DecodeRune(half, low); char == utf8.RuneError {
		r.at = after
		r.fault("body/lone-surrogate", fmt.Sprintf(`\u%04X alone`, half))
	}
	return char, true
}

// hex reads uXXXX. It stops at the first byte that does not fit.
func (r *reader) hex() (char rune, ok bool) {
	if r.peek() != 'u' {
		return 0, false
	}
	r.at++
	for range 4 {
		digit := strings.IndexByte("0123456789abcdef", lower(r.peek()))
		if digit < 0 {
			return 0, false
		}
		char = char<<4 | rune(digit)
		r.at++
	}
	return char, true
}

// lower makes a capital letter a small one.
func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}
