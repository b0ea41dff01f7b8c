package probe

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// valueOf finds a value for a parameter: the principal's own, else one of the document, else one that fits the schema.
// known says that it was not made up.
func (d *deriver) valueOf(p *spec.Parameter, own map[string]string) (value any, known, ok bool) {
	if v, ok := own[p.Name]; ok {
		return v, true, true
	}
	s, named := p.Schema, examples(p.Example, p.Examples)
	if content := jsonOf(p.Content); s == nil && content != nil {
		s, named = content.Schema, append(named, examples(content.Example, content.Examples)...)
	}
	if len(named) > 0 {
		return named[0], true, true
	}
	if s == nil {
		return nil, false, false
	}
	for _, s := range []*spec.Schema{s, target(s)} {
		if value, ok := given(s); ok {
			return value, true, true
		}
	}
	value, ok = d.sample(s, p.In == "path") // an object without members leaves the path without a segment
	return value, false, ok && d.takes(s, value)
}

// put puts a parameter as it is written into a request.
func put(r *contract.Request, op *spec.Operation, p *spec.Parameter, text string) {
	switch p.In {
	case "path":
		putSegment(r, op, p.Name, text)
	case "query":
		addQuery(r, text)
	case "header":
		setHeader(r, p.Name, text)
	case "cookie":
		addCookie(r, p.Name+"="+text)
	}
}

// putSegment replaces what a parameter stands for in the path.
func putSegment(r *contract.Request, op *spec.Operation, name, value string) {
	path, query, hasQuery := strings.Cut(r.Target, "?")
	segments := strings.Split(path, "/")
	for i, template := range strings.Split(pathOf(op), "/") {
		if i < len(segments) && strings.Contains(template, "{"+name+"}") {
			segments[i] = strings.Replace(segments[i], "{"+name+"}", value, 1)
		}
	}
	r.Target = strings.Join(segments, "/")
	if hasQuery {
		r.Target += "?" + query
	}
}

func addQuery(r *contract.Request, part string) {
	if part == "" {
		return // a list without elements
	}
	separator := "?"
	if strings.Contains(r.Target, "?") {
		separator = "&"
	}
	r.Target += separator + part
}

// addCookie puts a cookie beside those that are there: they share one header (RFC 6265, 5.4).
func addCookie(r *contract.Request, pair string) {
	if there := r.Header.Get("Cookie"); there != "" {
		pair = there + "; " + pair
	}
	r.Header.Set("Cookie", pair)
}

// stylesOf are the styles in which a value can be written here, by the place of the parameter.
var stylesOf = map[string][]string{
	"path":   {"simple", "label", "matrix"},
	"query":  {"form", "spaceDelimited", "pipeDelimited", "deepObject"},
	"header": {"simple"},
	"cookie": {"form"},
}

// isWritten says whether a parameter can be written here at all.
func isWritten(p *spec.Parameter) bool { return slices.Contains(stylesOf[p.In], p.Style) }

// write writes a value as the parameter's place and style say, in a query together with the name. ok is false where they
// do not say how, such as for a list within a list.
func write(p *spec.Parameter, value any) (text string, ok bool) {
	if !isWritten(p) {
		return "", false
	}
	if p.Schema == nil {
		encoded, err := json.Marshal(value)
		if err != nil {
			return "", false
		}
		if p.In == "query" {
			return url.QueryEscape(p.Name) + "=" + url.QueryEscape(string(encoded)), true
		}
		return escaper(p)(string(encoded)), true
	}
	escape := escaper(p)
	name := url.QueryEscape(p.Name)
	switch v := value.(type) {
	case []any:
		list, ok := plainList(v, escape)
		return writeList(p, name, list), ok && p.In != "cookie" && listStyles[p.Style]
	case map[string]any:
		keys := slices.Sorted(maps.Keys(v))
		values := []any{}
		for _, key := range keys {
			values = append(values, v[key])
		}
		list, ok := plainList(values, escape)
		if !ok {
			return "", false
		}
		return writeObject(p, name, keys, list)
	}
	text = escape(plainText(value))
	switch {
	case p.In == "query":
		return name + "=" + text, true
	case p.Style == "label":
		return "." + text, true
	case p.Style == "matrix":
		return ";" + url.PathEscape(p.Name) + "=" + text, true
	}
	return text, true
}

// listStyles are those in which lists are written here.
var listStyles = map[string]bool{"simple": true, "form": true, "spaceDelimited": true, "pipeDelimited": true}

func writeList(p *spec.Parameter, name string, list []string) string {
	separator, ok := map[string]string{"spaceDelimited": "%20", "pipeDelimited": "%7C"}[p.Style]
	if !ok {
		separator = ","
	}
	switch {
	case p.In != "query":
		return strings.Join(list, separator)
	case !p.Explode:
		return name + "=" + strings.Join(list, separator)
	}
	parts := []string{}
	for _, text := range list {
		parts = append(parts, name+"="+text)
	}
	return strings.Join(parts, "&")
}

func writeObject(p *spec.Parameter, name string, keys, values []string) (string, bool) {
	parts := []string{}
	for i, key := range keys {
		key = url.QueryEscape(key)
		switch {
		case p.Style == "deepObject":
			parts = append(parts, name+"["+key+"]="+values[i])
		case p.Explode:
			parts = append(parts, key+"="+values[i])
		default:
			parts = append(parts, key, values[i])
		}
	}
	switch {
	case p.Style == "deepObject", p.In == "query" && p.Style == "form" && p.Explode:
		return strings.Join(parts, "&"), true
	case p.In == "query" && p.Style == "form":
		return name + "=" + strings.Join(parts, ","), true
	case p.Style == "simple":
		return strings.Join(parts, ","), true
	}
	return "", false
}

// escaper is how a value is escaped where the parameter stands.
func escaper(p *spec.Parameter) func(string) string {
	switch p.In {
	case "path":
		return url.PathEscape
	case "header":
		return func(text string) string { return text }
	}
	return url.QueryEscape
}

// plainList writes the elements of a list, which must be plain.
func plainList(values []any, escape func(string) string) ([]string, bool) {
	list := []string{}
	for _, v := range values {
		switch v.(type) {
		case []any, map[string]any, nil:
			return list, false
		}
		list = append(list, escape(plainText(v)))
	}
	return list, true
}

// plainText writes a value as people do: a number without an exponent, and an integer with all of its digits.
func plainText(value any) string {
	switch v := value.(type) {
	case json.Number:
		f, err := v.Float64()
		if err != nil || !strings.ContainsAny(v.String(), ".eE") {
			return v.String()
		}
		return plainText(f)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case []any, map[string]any:
		if text, err := json.Marshal(v); err == nil {
			return string(text)
		}
	}
	return fmt.Sprint(value)
}
