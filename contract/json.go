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
	id      string // the deviation's id
	pointer string // the value that it is about
	got     string
}

// readJSON reads exactly one JSON value, strictly (RFC 8259, RFC 7493). Numbers stay as they were written (json.Number),
// since 7, 7.0 and 7e0 are not the same to every reader. Faults that leave the value readable come beside it;
// ok is false if there is no value.
func readJSON(data []byte) (value any, faults []jsonFault, ok bool) {
	r := &jsonReader{data: data}
	r.space()
	if r.at == len(data) {
		return nil, []jsonFault{{id: "body/empty", got: "no JSON value"}}, false
	}
	value = r.value("", 0)
	if r.broken != "" {
		id := "body/not-json"
		if r.at == len(data) {
			id = "body/truncated"
		}
		if r.deep {
			id = "body/too-deep"
		}
		return nil, append(r.faults, jsonFault{id: id, got: fmt.Sprintf("%s at byte %d", r.broken, r.at)}), false
	}
	r.space()
	if rest := len(data) - r.at; rest > 0 {
		r.faults = append(r.faults, jsonFault{id: "body/trailing-bytes", got: fmt.Sprintf("%d more bytes after the value", rest)})
	}
	return value, r.faults, true
}

type jsonReader struct {
	data   []byte
	at     int
	broken string // why reading stopped
	deep   bool
	faults []jsonFault
}

func (r *jsonReader) fail(why string) any {
	if r.broken == "" {
		r.broken = why
	}
	return nil
}

func (r *jsonReader) peek() byte {
	if r.at < len(r.data) {
		return r.data[r.at]
	}
	return 0
}

func (r *jsonReader) space() {
	for r.at < len(r.data) && strings.IndexByte(" \t\r\n", r.data[r.at]) >= 0 {
		r.at++
	}
}

func (r *jsonReader) value(pointer string, depth int) any {
	if depth > maxDepth {
		r.deep = true
		return r.fail(fmt.Sprintf("nested deeper than %d levels", maxDepth))
	}
	switch c := r.peek(); {
	case c == '{':
		return r.object(pointer, depth)
	case c == '[':
		return r.array(pointer, depth)
	case c == '"':
		return r.string(pointer)
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
	rest := r.data[r.at:]
	for i := range len(word) {
		if i == len(rest) {
			r.at = len(r.data)
			return r.fail("a cut off word")
		}
		if rest[i] != word[i] {
			return r.fail("an unknown word")
		}
	}
	r.at += len(word)
	return value
}

func (r *jsonReader) object(pointer string, depth int) any {
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
		name := r.string(pointer)
		r.space()
		if r.broken == "" && r.peek() != ':' {
			return r.fail("no colon after a member name")
		}
		if r.broken != "" {
			return nil
		}
		r.at++
		r.space()
		member := pointer + "/" + escapePointer(name)
		if _, twice := object[name]; twice {
			r.faults = append(r.faults, jsonFault{"body/duplicate-member", member, "the member twice"})
		}
		object[name] = r.value(member, depth+1)
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

func (r *jsonReader) array(pointer string, depth int) any {
	r.at++
	array := []any{}
	r.space()
	if r.peek() == ']' {
		r.at++
		return array
	}
	for {
		r.space()
		array = append(array, r.value(pointer+"/"+strconv.Itoa(len(array)), depth+1))
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

func (r *jsonReader) string(pointer string) string {
	var s strings.Builder
	r.at++
	for r.at < len(r.data) {
		switch c := r.data[r.at]; {
		case c == '"':
			r.at++
			return s.String()
		case c == '\\':
			r.escape(&s, pointer)
			if r.broken != "" {
				return ""
			}
		case c < ' ':
			r.fail("a control character in a string")
			return ""
		default:
			char, size := utf8.DecodeRune(r.data[r.at:])
			if char == utf8.RuneError && size == 1 {
				r.faults = append(r.faults, jsonFault{"body/invalid-utf8", pointer, fmt.Sprintf("byte %#x at %d", c, r.at)})
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

func (r *jsonReader) escape(s *strings.Builder, pointer string) {
	r.at++
	if char, ok := shortEscapes[r.peek()]; ok && r.at < len(r.data) {
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
		low := rune(-1)
		if save := r.at; r.peek() == '\\' {
			r.at++
			if low, ok = r.hex(); !ok || utf16.DecodeRune(char, low) == utf8.RuneError {
				low, r.at = -1, save
			}
		}
		if low < 0 {
			r.faults = append(r.faults, jsonFault{"body/lone-surrogate", pointer, fmt.Sprintf(`\u%04X alone`, char)})
		}
		char = utf16.DecodeRune(char, low)
	}
	s.WriteRune(char)
}

// hex reads uXXXX.
func (r *jsonReader) hex() (rune, bool) {
	if r.peek() != 'u' {
		return 0, false
	}
	if len(r.data)-r.at < 5 {
		r.at = len(r.data)
		return 0, false
	}
	n, err := strconv.ParseUint(string(r.data[r.at+1:r.at+5]), 16, 16)
	if err != nil {
		return 0, false
	}
	r.at += 5
	return rune(n), true
}

var (
	pointerEscaper   = strings.NewReplacer("~", "~0", "/", "~1")
	pointerUnescaper = strings.NewReplacer("~1", "/", "~0", "~")
)

// escapePointer makes a name a token of a JSON pointer (RFC 6901).
func escapePointer(name string) string { return pointerEscaper.Replace(name) }
