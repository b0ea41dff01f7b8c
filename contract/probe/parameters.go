package probe

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi"
)

// valueOf finds a value for a parameter: the principal's own, else one of the document, else one that fits the schema.
// known says that it was not made up.
func valueOf(p openapi.Parameter, own map[string]string) (value any, known, ok bool) {
	if v, ok := own[p.Name]; ok {
		return v, true, true
	}
	if p.Example != nil {
		return p.Example, true, true
	}
	for _, name := range slices.Sorted(maps.Keys(p.Examples)) {
		if example := p.Examples[name].Value; example != nil && example.Value != nil {
			return example.Value, true, true
		}
	}
	schema := p.Schema
	if schema == nil {
		_, content := jsonOf(p.Content)
		if content == nil {
			return nil, false, false
		}
		if content.Example != nil {
			return content.Example, true, true
		}
		schema = content.Schema
	}
	value, ok = sample(schema, false, 0)
	s := schema.Value
	return value, ok && (s.Example != nil || s.Default != nil || len(s.Enum) > 0), ok
}

// put puts a parameter as it is written into a request.
func put(r *contract.Request, op *openapi.Operation, p openapi.Parameter, text string) {
	switch p.In {
	case openapi3.ParameterInPath:
		putSegment(r, op, p.Name, text)
	case openapi3.ParameterInQuery:
		addQuery(r, text)
	case openapi3.ParameterInHeader:
		setHeader(r, p.Name, text)
	case openapi3.ParameterInCookie:
		addCookie(r, p.Name+"="+text)
	}
}

// putSegment replaces what a parameter stands for in the path.
func putSegment(r *contract.Request, op *openapi.Operation, name, value string) {
	path, query, hasQuery := strings.Cut(r.Target, "?")
	segments := strings.Split(path, "/")
	for i, template := range strings.Split(op.Path, "/") {
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

// write writes a value as the parameter's place and style say, in a query together with the name. ok is false where they
// do not say how, such as for a list within a list.
func write(p openapi.Parameter, value any) (text string, ok bool) {
	if p.Schema == nil {
		encoded, err := json.Marshal(value)
		if err != nil {
			return "", false
		}
		if p.In == openapi3.ParameterInQuery {
			return url.QueryEscape(p.Name) + "=" + url.QueryEscape(string(encoded)), true
		}
		return escaper(p)(string(encoded)), true
	}
	method, err := p.SerializationMethod()
	if err != nil {
		return "", false
	}
	escape := escaper(p)
	name := url.QueryEscape(p.Name)
	switch v := value.(type) {
	case []any:
		list, ok := plainList(v, escape)
		return writeList(p.In, name, method, list), ok && p.In != openapi3.ParameterInCookie && listStyles[method.Style]
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
		return writeObject(p.In, name, method, keys, list)
	}
	text = escape(plainText(value))
	switch {
	case p.In == openapi3.ParameterInQuery:
		return name + "=" + text, true
	case method.Style == openapi3.SerializationLabel:
		return "." + text, true
	case method.Style == openapi3.SerializationMatrix:
		return ";" + url.PathEscape(p.Name) + "=" + text, true
	}
	return text, true
}

// listStyles are those in which lists are written here.
var listStyles = map[string]bool{
	openapi3.SerializationSimple: true, openapi3.SerializationForm: true,
	openapi3.SerializationSpaceDelimited: true, openapi3.SerializationPipeDelimited: true,
}

func writeList(in, name string, method *openapi3.SerializationMethod, list []string) string {
	separator, ok := map[string]string{openapi3.SerializationSpaceDelimited: "%20", openapi3.SerializationPipeDelimited: "%7C"}[method.Style]
	if !ok {
		separator = ","
	}
	switch {
	case in != openapi3.ParameterInQuery:
		return strings.Join(list, separator)
	case !method.Explode:
		return name + "=" + strings.Join(list, separator)
	}
	parts := []string{}
	for _, text := range list {
		parts = append(parts, name+"="+text)
	}
	return strings.Join(parts, "&")
}

func writeObject(in, name string, method *openapi3.SerializationMethod, keys, values []string) (string, bool) {
	parts := []string{}
	for i, key := range keys {
		key = url.QueryEscape(key)
		switch {
		case method.Style == openapi3.SerializationDeepObject:
			parts = append(parts, name+"["+key+"]="+values[i])
		case method.Explode:
			parts = append(parts, key+"="+values[i])
		default:
			parts = append(parts, key, values[i])
		}
	}
	switch {
	case in == openapi3.ParameterInQuery && method.Style == openapi3.SerializationDeepObject,
		in == openapi3.ParameterInQuery && method.Style == openapi3.SerializationForm && method.Explode:
		return strings.Join(parts, "&"), true
	case in == openapi3.ParameterInQuery && method.Style == openapi3.SerializationForm:
		return name + "=" + strings.Join(parts, ","), true
	case method.Style == openapi3.SerializationSimple:
		return strings.Join(parts, ","), true
	}
	return "", false
}

// escaper is how a value is escaped where the parameter stands.
func escaper(p openapi.Parameter) func(string) string {
	switch p.In {
	case openapi3.ParameterInPath:
		return url.PathEscape
	case openapi3.ParameterInHeader:
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

// plainText writes a value as people do: a number without an exponent.
func plainText(value any) string {
	switch v := value.(type) {
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case []any, map[string]any:
		if text, err := json.Marshal(v); err == nil {
			return string(text)
		}
	}
	return fmt.Sprint(value)
}
