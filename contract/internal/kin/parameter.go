package kin

import (
	"context"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Raw is what a request has in the places of parameters.
type Raw struct {
	Path   map[string]string // the names of the path's template, with their values unescaped
	Query  url.Values
	Header http.Header // with the cookies
}

// Parameter holds a parameter against its schema, or the schema of its media type. Violations with the keywords required,
// empty, type and value may have no schema: the parameter is absent, empty or not written as its schema asks for. What
// kin-openapi cannot read, such as a querystring, has no violation.
func (c *Checker) Parameter(p *spec.Parameter, raw Raw) []Violation {
	k := c.parameter(p)
	if k == nil {
		return nil
	}
	header := raw.Header
	if header == nil {
		header = http.Header{}
	}
	err := openapi3filter.ValidateParameter(context.Background(), &openapi3filter.RequestValidationInput{
		Request: &http.Request{URL: &url.URL{}, Header: header}, PathParams: raw.Path, QueryParams: raw.Query, Options: filterOptions,
	}, k)
	sent := raw.values(p)
	found := []Violation{}
	for _, v := range c.parameterViolations(p, err, len(sent) > 0) {
		switch text := strings.Join(sent, ","); {
		case v.Keyword == "empty" && (text != "" || p.In == openapi3.ParameterInCookie):
			continue // kin-openapi reads no value where the schema has no type
		case v.Keyword == "type" && v.Value == nil && p.In != openapi3.ParameterInCookie: // a cookie may be a credential
			v.Value = text
		}
		found = append(found, v)
	}
	return found
}

// parameter converts a parameter, or returns nil for one of which kin-openapi cannot read the value.
func (c *Checker) parameter(p *spec.Parameter) *openapi3.Parameter {
	k := &openapi3.Parameter{Name: p.Name, In: p.In, Style: p.Style, Explode: &p.Explode, Required: p.Required, AllowEmptyValue: p.AllowEmptyValue}
	switch {
	case p.In == "querystring":
		return nil
	case len(p.Content) > 0:
		mediaType, _, _ := mime.ParseMediaType(p.Content[0].Name)
		s := p.Content[0].Schema
		if len(p.Content) > 1 || mediaType != "application/json" || s == nil || s.Refused != nil {
			return nil
		}
		k.Content = openapi3.Content{mediaType: {Schema: openapi3.NewSchemaRef("", c.schema(s))}}
	case p.Schema == nil || p.Schema.Refused != nil:
		return nil
	default:
		k.Schema = openapi3.NewSchemaRef("", c.schema(p.Schema))
	}
	return k
}

// values is what was sent under the name of a parameter.
func (r Raw) values(p *spec.Parameter) []string {
	values := []string{}
	switch p.In {
	case openapi3.ParameterInPath:
		if value, there := r.Path[p.Name]; there {
			values = append(values, value)
		}
	case openapi3.ParameterInQuery:
		values = r.Query[p.Name]
	case openapi3.ParameterInHeader:
		values = r.Header.Values(p.Name)
	case openapi3.ParameterInCookie:
		for _, cookie := range (&http.Request{Header: r.Header}).CookiesNamed(p.Name) {
			values = append(values, cookie.Value)
		}
	}
	return values
}

// parameterViolations reads the error of a parameter, which has no type where kin-openapi cannot read the value: then it may
// not know the style, or no alternative may have an elementary type.
func (c *Checker) parameterViolations(p *spec.Parameter, err error, sent bool) []Violation {
	var request *openapi3filter.RequestError
	var parse *openapi3filter.ParseError
	var schema *openapi3.SchemaError
	var multi openapi3.MultiError
	isPlain := p.Style == "form" || p.Style == "simple"
	switch {
	case !errors.As(err, &request):
		return nil
	case errors.Is(request.Err, openapi3filter.ErrInvalidRequired):
		return []Violation{{Keyword: "required"}}
	case errors.Is(request.Err, openapi3filter.ErrInvalidEmptyValue):
		return []Violation{{Keyword: "empty", Value: ""}}
	case errors.As(request.Err, &parse):
		return []Violation{{Keyword: "type", Value: parse.Value}}
	case errors.As(request.Err, &schema), errors.As(request.Err, &multi):
		return c.violations(request.Err)
	case p.Required && !sent:
		return []Violation{{Keyword: "required"}}
	case errors.Is(request.Err, openapi3.ErrSchemaInputNaN), errors.Is(request.Err, openapi3.ErrSchemaInputInf),
		len(p.Content) > 0, isPlain && len(p.Schema.AnyOf)+len(p.Schema.OneOf) > 0:
		return []Violation{{Keyword: "value"}}
	}
	return nil
}
