package media

import (
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Best returns the entry of content that describes a media type: of the keys that match, the most specific (OpenAPI,
// Media Type Object); of equally specific ones the first; nil if none matches. These keys match application/a+json; v=1,
// the most specific first:
//
//	application/a+json; v=1   application/a+json   application/*+json   application/*   */*
//
// The type must have each parameter of the key with the same value. Only charset may be missing, because a sender may
// omit the usual one.
func Best(content []*spec.MediaType, t Type) *spec.MediaType {
	var best *spec.MediaType
	rank := 0
	for _, m := range content {
		key, err := Type{Name: t.Name}, error(nil)
		if m.Name != t.Name {
			key, err = Parse(m.Name)
		}
		if err != nil {
			continue
		}
		if r := rankOf(key, t); r > rank {
			best, rank = m, r
		}
	}
	return best
}

// The ranks of keys without parameters. Each parameter of a key adds 1, and a key has at most maxParams.
const (
	anyType = 100 * (iota + 1)
	anySubtype
	anySuffix
	exact
)

// rankOf returns how specific a key is that matches a type; 0 if it does not match.
func rankOf(key, t Type) int {
	rank := nameRank(key.Name, t.Name)
	if rank == 0 {
		return 0
	}
	for p := range key.paramList {
		isCharset := strings.EqualFold(p.name, "charset")
		got, ok := t.Param(p.name)
		isSame := got == p.unquoted()
		if isCharset {
			isSame = sameCharset(got, p.unquoted())
		}
		switch {
		case ok && isSame:
			rank++
		case ok || !isCharset:
			return 0
		}
	}
	return rank
}

func nameRank(key, name string) int {
	before, after, isRange := strings.Cut(key, "*")
	isFilled := len(name) > len(before)+len(after) && strings.HasPrefix(name, before) && strings.HasSuffix(name, after)
	switch {
	case key == name:
		return exact
	case key == "*/*":
		return anyType
	case !isRange || !isFilled || !strings.HasSuffix(before, "/"):
		return 0
	case after == "":
		return anySubtype
	case after[0] == '+':
		return anySuffix
	}
	return 0
}

// sameCharset compares the names of charsets without regard to case. UTF-8 is often written without its hyphen.
func sameCharset(a, b string) bool {
	return strings.EqualFold(a, b) || IsUTF8(a) && IsUTF8(b)
}

// IsUTF8 reports whether a charset is UTF-8.
func IsUTF8(charset string) bool {
	return strings.EqualFold(charset, "utf-8") || strings.EqualFold(charset, "utf8")
}
