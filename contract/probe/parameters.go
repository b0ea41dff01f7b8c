package probe

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi"
)

// valueOf finds a value for a parameter: the principal's own, else one of the document.
func valueOf(p openapi.Parameter, own map[string]string) (any, bool) {
	if v, ok := own[p.Name]; ok {
		return v, true
	}
	if p.Example != nil {
		return p.Example, true
	}
	return sample(p.Schema, false, 0)
}

// set puts a parameter with one value into a request, in its place of what was there.
func set(r *contract.Request, op *openapi.Operation, p openapi.Parameter, value any) {
	switch p.In {
	case openapi3.ParameterInPath:
		setSegment(r, op, p.Name, url.PathEscape(written(value, ",")))
	case openapi3.ParameterInQuery:
		addQuery(r, queryOf(p, value))
	case openapi3.ParameterInHeader:
		r.Header.Set(p.Name, written(value, ","))
	case openapi3.ParameterInCookie:
		r.Header.Add("Cookie", p.Name+"="+url.QueryEscape(written(value, ",")))
	}
}

// setSegment replaces the segment of the path that a parameter stands for.
func setSegment(r *contract.Request, op *openapi.Operation, name, value string) {
	path, query, hasQuery := strings.Cut(r.Target, "?")
	segments := strings.Split(path, "/")
	for i, template := range strings.Split(op.Path, "/") {
		if i < len(segments) && strings.Contains(template, "{"+name+"}") {
			segments[i] = strings.Replace(template, "{"+name+"}", value, 1)
		}
	}
	r.Target = strings.Join(segments, "/")
	if hasQuery {
		r.Target += "?" + query
	}
}

// queryOf writes a parameter as a part of a query, as its style says.
func queryOf(p openapi.Parameter, value any) string {
	list, isList := value.([]any)
	if !isList {
		return url.QueryEscape(p.Name) + "=" + url.QueryEscape(written(value, ","))
	}
	method, err := p.SerializationMethod()
	if err != nil || method.Explode {
		parts := []string{}
		for _, v := range list {
			parts = append(parts, url.QueryEscape(p.Name)+"="+url.QueryEscape(written(v, ",")))
		}
		return strings.Join(parts, "&")
	}
	separator := map[string]string{openapi3.SerializationSpaceDelimited: "%20", openapi3.SerializationPipeDelimited: "|"}[method.Style]
	if separator == "" {
		separator = ","
	}
	return url.QueryEscape(p.Name) + "=" + written(list, separator)
}

func addQuery(r *contract.Request, part string) {
	separator := "?"
	if strings.Contains(r.Target, "?") {
		separator = "&"
	}
	r.Target += separator + part
}

// written writes a value as text; of a list the elements are escaped, since the separator is not.
func written(value any, separator string) string {
	list, isList := value.([]any)
	if !isList {
		return fmt.Sprint(value)
	}
	parts := []string{}
	for _, v := range list {
		parts = append(parts, url.QueryEscape(fmt.Sprint(v)))
	}
	return strings.Join(parts, separator)
}
