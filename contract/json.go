package contract

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// maxDepth bounds how deep a body may nest before the judge gives up on it.
const maxDepth = 512

// jsonFault is what encoding/json would have let through, or why a body is no JSON at all.
type jsonFault struct {
	id      string // the finding's id
	pointer string // the value that it is about
	got     string
}

// maxFaults bounds how many faults of one body are told.
const maxFaults = 100

// readJSON reads exactly one JSON value, strictly (RFC 8259, RFC 7493). Numbers stay as they were written (json.Number),
// since 7, 7.0 and 7e0 are not the same to every reader. Faults that leave the value readable come beside it;
// ok is false if there is no value.
func readJSON(data []byte) (value any, faults []jsonFault, ok bool) {
	r := &jsonReader{data: data}
	r.space()
	if r.at == len(data) {
		return nil, []jsonFault{{id: "body/empty", got: "no JSON value"}}, false
	}
	value = r.value()
	if r.broken != "" {
		return nil, append(r.faults, jsonFault{id: r.brokenID, got: fmt.Sprintf("%s at byte %d", r.broken, r.at)}), false
	}
	r.space()
	if rest := len(data) - r.at; rest > 0 {
		r.faults = append(r.faults, jsonFault{id: "body/trailing-bytes", got: fmt.Sprintf("%d more bytes after the value", rest)})
	}
	return value, r.faults, true
}

type jsonReader struct {
	data     []byte
	at       int
	path     []string // names and indices on the way to the value; a pointer is made of them only for a fault
	broken   string   // why reading stopped
	brokenID string
	faults   []jsonFault
}

// fail stops reading: the bytes are no JSON, or end too early.
func (r *jsonReader) fail(why string) any {
	if r.broken == "" {
		r.broken, r.brokenID = why, "body/not-json"
		if r.at >= len(r.data) {
			r.brokenID = "body/truncated"
		}
	}
	return nil
}

// fault notes what leaves the value readable.
func (r *jsonReader) fault(id, got string) {
	if len(r.faults) == maxFaults {
		return
	}
	pointer := ""
	for _, token := range r.path {
		pointer += "/" + escapePointer(token)
	}
	r.faults = append(r.faults, jsonFault{id, pointer, got})
}

func (r *jsonReader) peek() byte {
	if r.at < len(r.data) {
		return r.data[r.at]
	}
	return 0
}

func (r *jsonReader) space() {
	for r.at < len(r.data) {
		switch r.data[r.at] {
		case ' ', '\t', '\r', '\n':
			r.at++
		default:
			return
		}
	}
}

// within reads a value that has a name or an index.
func (r *jsonReader) within(token string) any {
	r.path = append(r.path, token)
	v := r.value()
	r.path = r.path[:len(r.path)-1]
	return v
}

func (r *jsonReader) value() any {
	if len(r.path) > maxDepth {
		r.broken, r.brokenID = fmt.Sprintf("nested deeper than %d levels", maxDepth), "body/too-deep"
		return nil
	}
	switch c := r.peek(); {
	case c == '{':
		return r.object()
	case c == '[':
		return r.array()
	case c == '"':
		return r.string()
	case c == '-' || '0' <= c && c <= '9':
		return r.number()
	case c == 't':
		return r.word("true", true)
	case c == 'f':
		return r.word("false", false)
	case c == 'n':
		return r.word("null", nil)
	}
	return r.fail("no JSON value")
}

func (r *jsonReader) word(word string, value any) any {
	for i := range len(word) {
		if r.peek() != word[i] {
			return r.fail("no word of JSON")
		}
		r.at++
	}
	return value
}

func (r *jsonReader) object() any {
	r.at++
	object := map[string]any{}
	r.space()
	if r.peek() == '}' {
		r.at++
		return object
	}
	for {
		r.space()
		if r.peek() != '"' {
			return r.fail("no member name")
		}
		name := r.string()
		r.space()
		if r.broken == "" && r.peek() != ':' {
			return r.fail("no colon after a member name")
		}
		if r.broken != "" {
			return nil
		}
		r.at++
		r.space()
		if _, twice := object[name]; twice {
			r.path = append(r.path, name)
			r.fault("body/duplicate-member", "the member twice")
			r.path = r.path[:len(r.path)-1]
		}
		object[name] = r.within(name)
		r.space()
		if r.broken != "" {
			return nil
		}
		switch r.peek() {
		case ',':
			r.at++
		case '}':
			r.at++
			return object
		default:
			return r.fail("no comma between members")
		}
	}
}

func (r *jsonReader) array() any {
	r.at++
	array := []any{}
	r.space()
	if r.peek() == ']' {
		r.at++
		return array
	}
	for {
		r.space()
		array = append(array, r.within(strconv.Itoa(len(array))))
		r.space()
		if r.broken != "" {
			return nil
		}
		switch r.peek() {
		case ',':
			r.at++
		case ']':
			r.at++
			return array
		default:
			return r.fail("no comma between elements")
		}
	}
}

func (r *jsonReader) number() any {
	start := r.at
	if r.peek() == '-' {
		r.at++
	}
	switch c := r.peek(); {
	case c == '0':
		r.at++
	case '1' <= c && c <= '9':
		r.digits()
	default:
		return r.fail("a number without digits")
	}
	if r.peek() == '.' {
		r.at++
		if !r.digits() {
			return r.fail("a fraction without digits")
		}
	}
	if c := r.peek(); c == 'e' || c == 'E' {
		r.at++
		if c := r.peek(); c == '+' || c == '-' {
			r.at++
		}
		if !r.digits() {
			return r.fail("an exponent without digits")
		}
	}
	return json.Number(r.data[start:r.at])
}

func (r *jsonReader) digits() bool {
	start := r.at
	for c := r.peek(); '0' <= c && c <= '9'; c = r.peek() {
		r.at++
	}
	return r.at > start
}

func (r *jsonReader) string() string {
	r.at++
	for i, c := range r.data[r.at:] { // most strings are what they look like
		if c == '"' {
			text := string(r.data[r.at : r.at+i])
			r.at += i + 1
			return text
		}
		if c == '\\' || c < ' ' || c >= utf8.RuneSelf {
			break
		}
	}
	var s strings.Builder
	for r.at < len(r.data) {
		switch c := r.data[r.at]; {
		case c == '"':
			r.at++
			return s.String()
		case c == '\\':
			r.escape(&s)
			if r.broken != "" {
				return ""
			}
		case c < ' ':
			r.fail("a control character in a string")
			return ""
		default:
			char, size := utf8.DecodeRune(r.data[r.at:])
			if char == utf8.RuneError && size == 1 {
				r.fault("body/invalid-utf8", fmt.Sprintf("byte %#x at %d", c, r.at))
			}
			s.WriteRune(char)
			r.at += size
		}
	}
	r.fail("a string without end")
	return ""
}

var shortEscapes = map[byte]rune{
	'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t',
}

func (r *jsonReader) escape(s *strings.Builder) {
	r.at++
	if char, ok := shortEscapes[r.peek()]; ok {
		r.at++
		s.WriteRune(char)
		return
	}
	char, ok := r.hex()
	if !ok {
		r.fail("an unknown escape")
		return
	}
	if utf16.IsSurrogate(char) {
		low, after := rune(utf8.RuneError), r.at
		if r.peek() == '\\' {
			r.at++
			if low, ok = r.hex(); !ok && r.at >= len(r.data) {
				r.fail("an unknown escape")
				return
			}
		}
		half := char
		if char = utf16.DecodeRune(half, low); char == utf8.RuneError {
			r.at = after // what follows is read by itself
			r.fault("body/lone-surrogate", fmt.Sprintf(`\u%04X alone`, half))
		}
	}
	s.WriteRune(char)
}

// hex reads uXXXX. What is no such thing is left at its first wrong byte.
func (r *jsonReader) hex() (rune, bool) {
	if r.peek() != 'u' {
		return 0, false
	}
	r.at++
	n := rune(0)
	for range 4 {
		digit := strings.IndexByte("0123456789abcdef", r.peek()|0x20)
		if digit < 0 || r.at >= len(r.data) || r.data[r.at] < '0' {
			return 0, false
		}
		n = n<<4 | rune(digit)
		r.at++
	}
	return n, true
}

var (
	pointerEscaper   = strings.NewReplacer("~", "~0", "/", "~1")
	pointerUnescaper = strings.NewReplacer("~1", "/", "~0", "~")
)

// escapePointer makes a name a token of a JSON pointer (RFC 6901).
func escapePointer(name string) string { return pointerEscaper.Replace(name) }
