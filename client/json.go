package client

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"iter"
	"unicode/utf8"
)

// value is a JSON value that encoding/json found valid, without white space around it. So the code here can go by brackets
// and quotes alone. It stands in for decoding into structs, which hides what is told twice or in another case.
type value []byte

func parseJSON(text []byte) (value, error) {
	if !json.Valid(text) {
		var nothing json.RawMessage
		return nil, json.Unmarshal(text, &nothing) // says what and where
	}
	return bytes.TrimSpace(text), nil
}

func (v value) null() bool { return v[0] == 'n' }

// unexpected is the error of a value where another type is documented. The types are in the words of encoding/json.
func (v value) unexpected(at string) error {
	types := map[byte]string{'{': "object", '[': "array", '"': "string", 't': "bool", 'f': "bool", 'n': "null"}
	return fmt.Errorf("unexpected %s at %q", cmp.Or(types[v[0]], "number"), at)
}

// text is the string that a value is; null is an empty one.
func (v value) text(at string) (s string, err error) {
	if v[0] != '"' && !v.null() {
		return "", v.unexpected(at)
	}
	if v[0] == '"' && bytes.IndexByte(v, '\\') < 0 && utf8.Valid(v) {
		return string(v[1 : len(v)-1]), nil
	}
	err = json.Unmarshal(v, &s)
	return s, err
}

// only gives the one member of an object that has the name, null if there is none. That of null is null.
func (v value) only(at, wanted string) (value, error) {
	found := value("null")
	if v.null() {
		return found, nil
	}
	if v[0] != '{' {
		return nil, v.unexpected(at)
	}
	told := false
	for name, member := range v.parts() {
		if string(name) != wanted {
			continue
		}
		if told {
			return nil, fmt.Errorf("%s are told twice", wanted)
		}
		told, found = true, member
	}
	return found, nil
}

// parts gives the members of an object with their names, or the elements of a list.
func (v value) parts() iter.Seq2[[]byte, value] {
	return func(yield func(name []byte, part value) bool) {
		for rest := bytes.TrimSpace(v[1 : len(v)-1]); len(rest) > 0; {
			var name []byte
			if v[0] == '{' {
				end := length(rest)
				name = unquoted(rest[:end])
				rest = bytes.TrimSpace(bytes.TrimSpace(rest[end:])[1:]) // the colon
			}
			end := length(rest)
			part := rest[:end]
			if rest = bytes.TrimSpace(rest[end:]); len(rest) > 0 {
				rest = bytes.TrimSpace(rest[1:]) // the comma
			}
			if !yield(name, value(part)) {
				return
			}
		}
	}
}

// unquoted is a name, whichever way it was written.
func unquoted(name []byte) []byte {
	if bytes.IndexByte(name, '\\') < 0 {
		return name[1 : len(name)-1]
	}
	text, _ := value(name).text("")
	return []byte(text)
}

// length is how long the value is with which a text begins.
func length(text []byte) int {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			for i++; text[i] != '"'; i++ {
				if text[i] == '\\' {
					i++
				}
			}
			if depth == 0 {
				return i + 1
			}
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		case ',', ':', ' ', '\t', '\r', '\n':
			if depth == 0 {
				return i
			}
		}
	}
	return len(text)
}
