package media

import (
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Best finds what a document says of a media type: of the keys of content that match it, the most specific (OpenAPI, Media
// Type Object), of equal ones the first; nil if none matches. From the most specific on, these match application/a+json; v=1:
//
//	application/a+json; v=1   application/a+json   application/*+json   application/*   */*
//
// Each parameter of a key must be there with the same value. Only charset may be absent, where the key names the usual one.
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

// The ranks of keys without parameters. A key may have so many parameters that matter.
const (
	anyType = 100 * (iota + 1)
	anySubtype
	anySuffix
	exact
)

// rankOf says how specific a key is that matches a type; 0: it does not match.
func rankOf(key, t Type) int {
	rank := nameRank(key.Name, t.Name)
	if rank == 0 {
		return 0
	}
	for p := range key.paramList {
		isCharset := strings.EqualFold(p.name, "charset")
		switch got, ok := t.Param(p.name); {
		case ok && (got == p.unquoted() || isCharset && sameCharset(got, p.unquoted())):
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

// sameCharset compares names of charsets, which have no case. UTF-8 is often written without its hyphen.
func sameCharset(a, b string) bool {
	return strings.EqualFold(a, b) || IsUTF8(a) && IsUTF8(b)
}

// IsUTF8 reports whether a charset is UTF-8.
func IsUTF8(charset string) bool {
	return strings.EqualFold(charset, "utf-8") || strings.EqualFold(charset, "utf8")
}
