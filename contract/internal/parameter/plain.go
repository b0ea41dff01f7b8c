package parameter

import (
	"net/url"
	"slices"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Most parameters and headers are one plain text, such as the id in /pets/{id} and the limit in ?limit=1. What Read and
// ReadHeader find out about them at each call is the same each time, so IsPlain finds it out once:
//
//	limit: {in: query, schema: {type: integer}}                      plain: the text is the value
//	limit: {in: query, schema: {type: [integer, array]}}             not: the schema decides what 1,2 is
//	filter: {in: query, style: deepObject, schema: {type: object}}   not

// IsPlain reports whether Read returns one text as it was sent, decoded, for a parameter.
func IsPlain(p *spec.Parameter) bool {
	isUsual := p.In == "path" && p.Style == "simple" || p.In == "query" && p.Style == "form" || p.In == "header" && p.Style == "simple"
	return isUsual && isPlain(p.Name, p.Schema, p.Content)
}

// IsPlainHeader reports whether ReadHeader returns the text of the header as it was sent.
func IsPlainHeader(h *spec.Header) bool { return isPlain(h.Name, h.Schema, h.Content) }

func isPlain(name string, schema *spec.Schema, content []*spec.MediaType) bool {
	return schema != nil && len(content) == 0 && shapesOf(schema) == plain && !isSetCookie(name)
}

// ReadPlain returns what Read does for a parameter that IsPlain, with the text in place of the value. key is the name as
// http.Header has it. ok is false if Read has to read it after all: a header of several lines.
func ReadPlain(p *spec.Parameter, key string, raw *Raw) (text string, count int, problem string, ok bool) {
	switch p.In {
	case "header":
		text, count, ok = ReadPlainHeader(raw.Header[key])
		return text, count, "", ok
	case "path":
		for _, sent := range slices.Backward(raw.Path) {
			if sent.Name != p.Name {
				continue
			}
			text, err := url.PathUnescape(sent.Value)
			if err != nil {
				problem = badEscape
			}
			return text, 1, problem, true
		}
		return "", 0, "", true
	}
	for _, sent := range raw.Query.Pairs {
		if sent.Name != p.Name {
			continue
		}
		if count++; count == 1 {
			text = sent.Value
		}
	}
	if count == 1 && text == "" {
		return "", 1, Empty, true
	}
	text, _ = url.QueryUnescape(text) // ParseQuery has checked it
	return text, count, "", true
}

// ReadPlainHeader returns what ReadHeader does for a header that IsPlainHeader, with the text in place of the value. ok is
// false if ReadHeader has to read it after all: one of several lines.
func ReadPlainHeader(lines []string) (text string, count int, ok bool) {
	switch len(lines) {
	case 0:
		return "", 0, true
	case 1:
		return lines[0], 1, true
	}
	return "", 0, false
}
