package probe

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi"
)

// invalid asks what must be refused because the request breaks the document.
func (d *deriver) invalid(name string, change func(*contract.Request)) {
	d.add(name, string(openapi.InvalidParameter), Reader, change)
}

// invalidParameters breaks each constraint of a parameter once. Headers that a provider does not need it may ignore, so
// nothing is broken there.
func (d *deriver) invalidParameters() {
	const kind = string(openapi.InvalidParameter)
	for _, p := range d.op.Parameters {
		if p.Schema == nil || p.Schema.Value == nil {
			continue
		}
		s := p.Schema.Value
		switch {
		case p.In == openapi3.ParameterInPath:
			for _, b := range breaking(s) {
				if text := plainText(b.value); text != "" && !strings.Contains(text, "/") {
					d.try(p, b.value, p.Name+"-"+b.name, kind)
				}
			}
		case p.In == openapi3.ParameterInQuery:
			d.invalidQuery(p, s)
		case p.In == openapi3.ParameterInHeader && p.Required && !slices.Contains(ownHeaders, http.CanonicalHeaderKey(p.Name)):
			d.invalid(p.Name+"-missing", func(r *contract.Request) { r.Header.Del(p.Name) })
			for _, b := range breaking(s) {
				if strings.TrimSpace(plainText(b.value)) != "" {
					d.try(p, b.value, p.Name+"-"+b.name, kind)
				}
			}
		}
	}
}

func (d *deriver) invalidQuery(p openapi.Parameter, s *openapi3.Schema) {
	const kind = string(openapi.InvalidParameter)
	name := url.QueryEscape(p.Name)
	raw := func(suffix, part string) {
		d.invalid(p.Name+"-"+suffix, func(r *contract.Request) {
			dropQuery(r, p.Name)
			addQuery(r, part)
		})
	}
	isObject := s.Type.Is(openapi3.TypeObject)
	if method, err := p.SerializationMethod(); p.Required && err == nil && (!isObject || method.Style == openapi3.SerializationDeepObject) {
		d.invalid(p.Name+"-missing", func(r *contract.Request) { dropQuery(r, p.Name) })
	}
	switch {
	case isObject:
		return
	case s.Type.Is(openapi3.TypeArray):
		d.invalidList(p, s)
		return
	}
	for _, b := range breaking(s) {
		d.try(p, b.value, p.Name+"-"+b.name, kind)
	}
	if !p.AllowEmptyValue && s.VisitJSON("") != nil {
		raw("empty", name+"=")
	}
	if value, _, ok := valueOf(p, nil); ok && d.names(openapi.InvalidParameter) {
		// OpenAPI does not say that a value must not come twice: only where the document says what is wrong it may be asked.
		part := name + "=" + url.QueryEscape(plainText(value))
		raw("doubled", part+"&"+part)
		if len(s.Enum) > 1 {
			raw("contradicted", part+"&"+name+"="+url.QueryEscape(plainText(s.Enum[len(s.Enum)-1])))
		}
	}
	if !s.Type.Is(openapi3.TypeString) || len(s.Enum) > 0 {
		raw("bad-escape", name+"=%zz")
	}
}

// invalidList breaks what holds for the elements of a list, and how many there may be.
func (d *deriver) invalidList(p openapi.Parameter, s *openapi3.Schema) {
	const kind = string(openapi.InvalidParameter)
	if s.Items != nil && s.Items.Value != nil {
		for _, b := range breaking(s.Items.Value) {
			d.try(p, []any{b.value}, p.Name+"-element-"+b.name, kind)
		}
	}
	element, ok := sample(s.Items, false, 0)
	if !ok {
		return
	}
	for _, b := range wrongLengths(s, element) {
		if list, _ := b.value.([]any); len(list) > 0 { // an empty list cannot be told from none
			d.try(p, list, p.Name+"-"+b.name, kind)
		}
	}
}

// dropQuery takes a parameter out of the query.
func dropQuery(r *contract.Request, name string) {
	path, query, _ := strings.Cut(r.Target, "?")
	kept := []string{}
	for _, part := range strings.Split(query, "&") {
		if key, _, _ := strings.Cut(part, "="); part != "" && key != url.QueryEscape(name) && !strings.HasPrefix(key, url.QueryEscape(name)+"[") {
			kept = append(kept, part)
		}
	}
	r.Target = path
	if len(kept) > 0 {
		r.Target += "?" + strings.Join(kept, "&")
	}
}
