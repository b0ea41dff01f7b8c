package traffic

import (
	"encoding/binary"
	"encoding/json"
	"math/bits"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// decoder reads a JSON text once, from value to value. Each method consumes the next value. Most of an entry does not matter to
// the judge; skip checks the syntax of such a value and allocates nothing:
//
//	for more := d.open('{'); more; more = d.more('{') {
//		switch d.name() {
//		case "status":
//			status = numberOf(d.raw())
//		default:
//			d.skip()
//		}
//	}
//
// Names are case-sensitive. If a member occurs twice, callers see both, and the last one wins. After a syntax error bad is set
// and the text counts as ended, so that loops end and callers check once, at the end.
type decoder struct {
	data  string
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

// open consumes the bracket that begins an object or a list, and reports whether a part follows, which the caller must consume.
// An empty one is consumed whole. A value of another type is skipped.
func (d *decoder) open(bracket byte) bool {
	if d.next() != bracket {
		d.skip()
		return false
	}
	d.at++
	if d.depth++; d.depth > maxDepth {
		d.fail()
	}
	if d.next() != closing(bracket) {
		return true
	}
	d.at++
	d.depth--
	return false
}

// more consumes what stands behind a part, and reports whether another part follows.
func (d *decoder) more(bracket byte) bool {
	switch d.next() {
	case ',':
		d.at++
		return true
	case closing(bracket):
		d.at++
		d.depth--
	default:
		d.fail()
	}
	return false
}

// closing returns the bracket that ends what the other one began.
func closing(bracket byte) byte { return bracket + 2 }

// name consumes the name of a member and the colon.
func (d *decoder) name() string {
	inner, isPlain := d.escapedName()
	if isPlain {
		return inner
	}
	return unquote(inner)
}

// escapedName does the same and returns what stands between the quotes, as quoted does.
func (d *decoder) escapedName() (inner string, isPlain bool) {
	if d.next() != '"' {
		d.fail()
		return "", true
	}
	inner, isPlain = d.quoted()
	if d.next() != ':' {
		d.fail()
		return "", true
	}
	d.at++
	return inner, isPlain
}

// skip consumes a value of any type.
func (d *decoder) skip() {
	switch c := d.next(); c {
	case '{':
		for more := d.open('{'); more; more = d.more('{') {
			d.escapedName()
			d.skip()
		}
	case '[':
		for more := d.open('['); more; more = d.more('[') {
			d.skip()
		}
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
func (d *decoder) raw() string {
	d.next()
	start := d.at
	d.skip()
	return d.data[min(start, d.at):d.at]
}

// text consumes a value and returns it decoded if it is a string, else "".
func (d *decoder) text() string {
	if d.next() != '"' {
		d.skip()
		return ""
	}
	inner, isPlain := d.quoted()
	if isPlain {
		return inner
	}
	return unquote(inner)
}

// literal consumes true, false or null.
func (d *decoder) literal(word string) {
	if !strings.HasPrefix(d.data[d.at:], word) {
		d.fail()
		return
	}
	d.at += len(word)
}

// number consumes a number. Only digits without a leading zero are certain to be one; encoding/json decides about the rest.
func (d *decoder) number() {
	start, digits := d.at, true
	for ; d.at < len(d.data); d.at++ {
		switch c := d.data[d.at]; {
		case c-'0' <= 9:
			continue
		case strings.IndexByte("+-.eE", c) >= 0:
			digits = false
			continue
		}
		break
	}
	number := d.data[start:d.at]
	leadingZero := len(number) > 1 && number[0] == '0'
	isPlain := digits && len(number) > 0 && !leadingZero
	if !isPlain && !json.Valid([]byte(number)) {
		d.fail()
	}
}

// quoted consumes a string and returns what stands between its quotes, still escaped. A plain one is ASCII without escapes, so
// that there is nothing to decode.
func (d *decoder) quoted() (inner string, isPlain bool) {
	data, start := d.data, d.at+1
	isPlain = true
	for i := start; i < len(data); {
		if i+8 <= len(data) {
			eight := wordAt(data, i)
			stops := stopsIn(eight)
			if eight&highBits&^stops&(stops-1) != 0 { // a byte before the first stop, or any if there is none
				isPlain = false
			}
			if stops == 0 {
				i += 8
				continue
			}
			i += bits.TrailingZeros64(stops) / 8
		}
		switch c := data[i]; {
		case c == '"':
			d.at = i + 1
			return data[start:i], isPlain
		case c == '\\':
			n := escapeLength(data[i:])
			if n == 0 {
				d.fail()
				return "", false
			}
			i, isPlain = i+n, false
		case c < ' ':
			d.fail()
			return "", false
		default:
			i, isPlain = i+1, isPlain && c < utf8.RuneSelf
		}
	}
	d.fail()
	return "", false
}

// Strings are read eight bytes at a time, each word as one number with the first byte in its lowest bits.
const (
	eachByte = 0x0101_0101_0101_0101 // times c: c in each of eight bytes
	highBits = 0x80 * eachByte
)

// wordAt returns the eight bytes from i on.
func wordAt[T string | []byte](data T, i int) uint64 {
	b := data[i : i+8]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

// stopsIn marks the bytes at which a string stops being plain: a quote, a backslash, a control character. It sets their high
// bits; the lowest bit that is set is right, while those above it may be wrong, because of the borrow of the subtraction.
func stopsIn(eight uint64) uint64 {
	quote, backslash := eight^('"'*eachByte), eight^('\\'*eachByte)
	return ((quote-eachByte)&^quote | (backslash-eachByte)&^backslash | (eight-' '*eachByte)&^eight) & highBits
}

// escaped has the characters that the short escapes stand for, by their letters.
var escaped = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// escapeLength returns the length of the escape that the text begins with; 0: there is none.
func escapeLength(text string) int {
	switch {
	case len(text) > 1 && escaped[text[1]] != 0:
		return 2
	case codeUnit(text) >= 0:
		return 6
	}
	return 0
}

// codeUnit returns the UTF-16 code unit of the escape that the text begins with, such as \u00e9; -1: there is none.
func codeUnit(text string) rune {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return -1
	}
	var char rune
	for _, c := range []byte(text[2:6]) {
		digit := strings.IndexByte("0123456789abcdef", c|0x20)
		if digit < 0 || c < '0' {
			return -1
		}
		char = char<<4 | rune(digit)
	}
	return char
}

// unquote decodes what stands between the quotes of a string, as appendText does. If there is nothing to decode, it returns its
// argument.
func unquote(inner string) string {
	if strings.IndexByte(inner, '\\') < 0 && utf8.ValidString(inner) {
		return inner
	}
	return string(appendText(nil, inner))
}

// appendText decodes what stands between the quotes of a string and appends it. Half a surrogate pair and a byte that is not
// UTF-8 become U+FFFD. The escapes must be valid, as quoted checks. It may overwrite the eight bytes behind the result.
func appendText(to []byte, inner string) []byte {
	start, n := len(to), len(to)
	to = slices.Grow(to, len(inner)+8)
	to = to[:cap(to)]
	for i := 0; i < len(inner); {
		if i+8 <= len(inner) {
			eight := wordAt(inner, i)
			binary.LittleEndian.PutUint64(to[n:], eight) // behind a stop, the next ones overwrite it
			stops := stopsIn(eight)
			if stops == 0 {
				i, n = i+8, n+8
				continue
			}
			before := bits.TrailingZeros64(stops) / 8
			i, n = i+before, n+before
		}
		c := inner[i]
		if c != '\\' {
			to[n] = c
			i, n = i+1, n+1
			continue
		}
		if short := escaped[inner[i+1]]; short != 0 {
			to[n] = short
			i, n = i+2, n+1
			continue
		}
		char := codeUnit(inner[i:])
		i += 6
		if utf16.IsSurrogate(char) {
			if char = utf16.DecodeRune(char, codeUnit(inner[i:])); char != utf8.RuneError {
				i += 6
			}
		}
		n += utf8.EncodeRune(to[n:], char)
	}
	if to = to[:n]; !utf8.Valid(to[start:]) {
		to = append(to[:start], string([]rune(string(to[start:])))...) // one character for each byte
	}
	return to
}
