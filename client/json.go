package client

import (
	"bytes"
	"encoding/json"
	"fmt"
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

// kind is the type of a value in the words of encoding/json.
func (v value) kind() string {
	switch v[0] {
	case '{':
		return "object"
	case '[':
		return "array"
	case '"':
		return "string"
	case 't', 'f':
		return "bool"
	case 'n':
		return "null"
	}
	return "number"
}

// text is the string that a value is; null is an empty one.
func (v value) text(at string) (s string, err error) {
	if v[0] != '"' {
		if v.null() {
			return "", nil
		}
		return "", fmt.Errorf("unexpected %s at %q", v.kind(), at)
	}
	if bytes.IndexByte(v, '\\') < 0 && isASCII(v) {
		return string(v[1 : len(v)-1]), nil
	}
	err = json.Unmarshal(v, &s)
	return s, err
}

func isASCII(text []byte) bool {
	for _, c := range text {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

// only gives the one member of an object that has the name, nil if there is none or it is null.
func (v value) only(at, wanted string) (found value, err error) {
	if v.null() {
		return nil, nil
	}
	members, err := v.parts('{', at)
	if err != nil {
		return nil, err
	}
	told := false
	for name, member, ok := members.next(); ok; name, member, ok = members.next() {
		if string(name) != wanted {
			continue
		}
		if told {
			return nil, fmt.Errorf("%s are told twice", wanted)
		}
		if told = true; !member.null() {
			found = member
		}
	}
	return found, nil
}

// parts are what stands between the brackets of an object or a list.
func (v value) parts(bracket byte, at string) (parts, error) {
	if v[0] != bracket {
		return parts{}, fmt.Errorf("unexpected %s at %q", v.kind(), at)
	}
	return parts{rest: bytes.TrimSpace(v[1 : len(v)-1]), named: bracket == '{'}, nil
}

// parts are read one after the other.
type parts struct {
	rest  []byte
	named bool
}

// next gives the next element, or the next member and its name.
func (p *parts) next() (name []byte, v value, ok bool) {
	if len(p.rest) == 0 {
		return nil, nil, false
	}
	if p.named {
		end := length(p.rest)
		name = unquoted(p.rest[:end])
		p.rest = bytes.TrimSpace(bytes.TrimSpace(p.rest[end:])[1:]) // the colon
	}
	end := length(p.rest)
	v, p.rest = p.rest[:end], bytes.TrimSpace(p.rest[end:])
	if len(p.rest) > 0 {
		p.rest = bytes.TrimSpace(p.rest[1:]) // the comma
	}
	return name, v, true
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
