// Package media parses media types (RFC 9110, 8.3.1), and finds the entry of a document's content that describes one.
//
// A [Type] has its parameters as unparsed text, checked once by [Parse], and iterates over that text. So a media type in
// lower case costs no allocation, however many parameters it has. The package does not know how the bytes of a type are
// read: [Kind] only names the ways.
package media

import (
	"errors"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/wire"
)

// Type is a media type, such as application/json; version=2.
type Type struct {
	Name string // type and subtype in lower case

	params string // as written, from the first semicolon on, and known to be valid
}

var (
	errName      = errors.New("not of the form type/subtype")
	errParameter = errors.New("a parameter that is not name=value, or more than 100 of them")
	errDuplicate = errors.New("a duplicate parameter")
)

const jsonType = "application/json"

// maxParams limits the parameters of a type, since each is compared with all others.
const maxParams = 100

// Parse parses a media type. The error says in words which part is wrong: the name, a parameter, or a parameter that comes
// twice.
func Parse(text string) (Type, error) {
	switch text { // those of most bodies
	case jsonType:
		return Type{Name: text}, nil
	case jsonType + "; charset=utf-8", jsonType + ";charset=utf-8", jsonType + ";charset=UTF-8", jsonType + "; charset=UTF-8":
		return Type{Name: jsonType, params: text[len(jsonType):]}, nil
	}
	text = strings.Trim(text, " \t")
	end := strings.IndexByte(text, ';')
	if end < 0 {
		end = len(text)
	}
	name := strings.TrimRight(text[:end], " \t")
	t := Type{strings.ToLower(name), text[end:]}
	kind, subtype, slash := strings.Cut(name, "/")
	if !slash || !wire.IsToken(kind) || !wire.IsToken(subtype) {
		return Type{}, errName
	}
	count := 0
	for rest := t.params; rest != ""; count++ {
		p, after, ok := nextParam(rest)
		if !ok || count == maxParams {
			return Type{}, errParameter
		}
		if _, twice := (Type{params: after}).Param(p.name); twice {
			return Type{}, errDuplicate
		}
		rest = after
	}
	return t, nil
}

// Param returns the value of a parameter, without quotes. The case of the name does not matter.
func (t Type) Param(name string) (value string, ok bool) {
	for p := range t.paramList {
		if strings.EqualFold(p.name, name) {
			return p.unquoted(), true
		}
	}
	return "", false
}

// paramList yields the parameters in the order of the text.
func (t Type) paramList(yield func(param) bool) {
	for rest := t.params; rest != ""; {
		p, after, ok := nextParam(rest)
		if !ok {
			return
		}
		if p.name != "" && !yield(p) {
			return
		}
		rest = after
	}
}

// param is a parameter. Its value is as written: a token or a quoted string.
type param struct{ name, value string }

// unquoted returns the value without quotes and escapes.
func (p param) unquoted() string {
	if !strings.HasPrefix(p.value, `"`) {
		return p.value
	}
	quoted := p.value[1 : len(p.value)-1]
	if !strings.Contains(quoted, `\`) {
		return quoted
	}
	var b strings.Builder
	for i := 0; i < len(quoted); i++ {
		if quoted[i] == '\\' {
			i++
		}
		b.WriteByte(quoted[i])
	}
	return b.String()
}

// nextParam reads the semicolon at the beginning of params and the parameter after it. A semicolon alone is allowed, and
// gives a parameter without a name (RFC 9110, 5.6.6).
func nextParam(params string) (p param, after string, ok bool) {
	rest := strings.TrimLeft(params, " \t")
	if !strings.HasPrefix(rest, ";") {
		return p, "", rest == ""
	}
	rest = strings.TrimLeft(rest[1:], " \t")
	if rest == "" || rest[0] == ';' {
		return p, rest, true
	}
	name, rest, equals := strings.Cut(rest, "=")
	if !equals || !wire.IsToken(name) {
		return p, "", false
	}
	end := valueEnd(rest)
	if end <= 0 {
		return p, "", false
	}
	return param{name, rest[:end]}, rest[end:], true
}

// valueEnd returns the length of the value at the beginning of a text; -1 if it is invalid.
func valueEnd(text string) int {
	if !strings.HasPrefix(text, `"`) {
		end := strings.IndexAny(text, "; \t")
		if end < 0 {
			end = len(text)
		}
		if !wire.IsToken(text[:end]) {
			return -1
		}
		return end
	}
	for i := 1; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			return i + 1
		case c == '\\' && i+1 < len(text):
			i++
		case c == 0x7f, c < ' ' && c != '\t':
			return -1
		}
	}
	return -1
}
