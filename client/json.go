package client

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"iter"
	"unicode/utf8"
)

// value is one JSON value as its bytes, without white space around it. json.Valid has accepted the whole text before, so the
// code below finds the parts of a value by brackets, quotes and commas alone: in {"a":[1,2],"b":3} the member a ends at the
// bracket that closes [1,2]. Decoding into structs would lose members that occur twice or differ in case.
type value []byte

// parseJSON returns the value of a text. The error is that of encoding/json, which names the offending character.
func parseJSON(text []byte) (value, error) {
	if !json.Valid(text) {
		var discard json.RawMessage
		return nil, json.Unmarshal(text, &discard)
	}
	return bytes.TrimSpace(text), nil
}

func (v value) null() bool { return v[0] == 'n' }

// kind names the JSON type of the value as encoding/json does.
func (v value) kind() string {
	kinds := map[byte]string{'{': "object", '[': "array", '"': "string", 't': "bool", 'f': "bool", 'n': "null"}
	return cmp.Or(kinds[v[0]], "number")
}

// text decodes a string. Null is an empty string.
func (v value) text() (s string, err error) {
	switch {
	case v[0] != '"' && !v.null():
		return "", fmt.Errorf("want a string, got %s", v.kind())
	case v[0] == '"' && bytes.IndexByte(v, '\\') < 0 && utf8.Valid(v):
		return string(v[1 : len(v)-1]), nil
	}
	err = json.Unmarshal(v, &s)
	return s, err
}

// member returns the value of the member with that name, which may occur once. It is null if there is no such member, or if v
// is null itself.
func (v value) member(wanted string) (value, error) {
	found, count := value("null"), 0
	if v.null() {
		return found, nil
	}
	if v[0] != '{' {
		return nil, fmt.Errorf("want an object with the member %s, got %s", wanted, v.kind())
	}
	for name, member := range v.parts() {
		if string(name) == wanted {
			found = member
			count++
		}
	}
	if count > 1 {
		return nil, fmt.Errorf("%w %s", errDuplicate, wanted)
	}
	return found, nil
}

// parts yields the members of an object with their names, or the elements of an array without names.
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

// unquoted decodes the name of a member, with its escapes if it has any.
func unquoted(name []byte) []byte {
	if bytes.IndexByte(name, '\\') < 0 {
		return name[1 : len(name)-1]
	}
	text, _ := value(name).text()
	return []byte(text)
}

// length returns the number of bytes of the value at the beginning of a text.
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
