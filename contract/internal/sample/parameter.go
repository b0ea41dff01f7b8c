package sample

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// A parameter is written as its style and explode say. The judge reads parameters with code of its own, so that both would have
// to be wrong in the same way to agree on a wrong text. A test reads back what Parameter writes.

// stylesOf are the supported styles by the place of the parameter.
var stylesOf = map[string][]string{
	"path":   {"simple", "label", "matrix"},
	"query":  {"form", "spaceDelimited", "pipeDelimited", "deepObject"},
	"header": {"simple"},
	"cookie": {"form"},
}

// CanWrite reports whether the style of a parameter is supported.
func CanWrite(p *spec.Parameter) bool { return slices.Contains(stylesOf[p.In], p.Style) }

// Parameter serializes a value in the parameter's style; in a query, with the name. ok is false if the style does not define
// it, such as for a list within a list.
func Parameter(p *spec.Parameter, value any) (text string, ok bool) {
	if !CanWrite(p) {
		return "", false
	}
	if p.Schema == nil { // described by content: JSON
		encoded, err := json.Marshal(value)
		if err != nil {
			return "", false
		}
		value = string(encoded)
	}
	switch value.(type) {
	case []any, map[string]any:
		return writeParts(p, value)
	}
	text = escaper(p)(PlainText(value))
	switch {
	case p.In == "query":
		return url.QueryEscape(p.Name) + "=" + text, true
	case p.Style == "label":
		return "." + text, true
	case p.Style == "matrix":
		return ";" + url.PathEscape(p.Name) + "=" + text, true
	}
	return text, true
}

// separators are those of the elements of a list, by style.
var separators = map[string]string{"simple": ",", "form": ",", "spaceDelimited": "%20", "pipeDelimited": "%7C"}

// objectStyles are the styles that support objects.
var objectStyles = []string{"simple", "form", "deepObject"}

// writeParts serializes a list, or an object with its members sorted by name. The parts must be scalars.
//
//	form, explode: R=100&G=200   form: color=R,100,G,200   deepObject: color[R]=100&color[G]=200
func writeParts(p *spec.Parameter, value any) (text string, ok bool) {
	list, isList := value.([]any)
	object, _ := value.(map[string]any)
	keys := slices.Sorted(maps.Keys(object))
	for _, key := range keys {
		list = append(list, object[key])
	}
	separator, ok := separators[p.Style]
	hasStyle := isList && ok || !isList && slices.Contains(objectStyles, p.Style)
	if p.In == "cookie" || !hasStyle {
		return "", false
	}
	name, escape, parts := url.QueryEscape(p.Name), escaper(p), []string{}
	inPairs := p.In == "query" && (p.Explode || p.Style == "deepObject")
	for i, v := range list {
		switch v.(type) {
		case []any, map[string]any, nil:
			return "", false
		}
		text := escape(PlainText(v))
		switch {
		case isList && inPairs:
			parts = append(parts, name+"="+text)
		case isList:
			parts = append(parts, text)
		case p.Style == "deepObject":
			parts = append(parts, name+"["+url.QueryEscape(keys[i])+"]="+text)
		case p.Explode:
			parts = append(parts, url.QueryEscape(keys[i])+"="+text)
		default:
			parts = append(parts, url.QueryEscape(keys[i]), text)
		}
	}
	switch {
	case inPairs:
		return strings.Join(parts, "&"), true
	case p.In == "query":
		return name + "=" + strings.Join(parts, separator), true
	}
	return strings.Join(parts, separator), true
}

// escaper is the escaping function for the place of a parameter.
func escaper(p *spec.Parameter) func(string) string {
	switch p.In {
	case "path":
		return url.PathEscape
	case "header":
		return func(text string) string { return text }
	}
	return url.QueryEscape
}

// PlainText writes a value as text. Numbers have no exponent, and integers all of their digits.
func PlainText(value any) string {
	switch v := value.(type) {
	case json.Number:
		f, err := v.Float64()
		if err != nil || !strings.ContainsAny(v.String(), ".eE") {
			return v.String()
		}
		return PlainText(f)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case []any, map[string]any:
		if text, err := json.Marshal(v); err == nil {
			return string(text)
		}
	}
	return fmt.Sprint(value)
}
