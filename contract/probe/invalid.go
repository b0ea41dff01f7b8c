package probe

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// invalid asks what must be refused because the request breaks the document.
func (d *deriver) invalid(name string, change func(*contract.Request)) {
	d.add(name, spec.InvalidParameter, Reader, change)
}

// invalidParameters breaks each constraint of a parameter once. Headers that a provider does not need it may ignore, so
// nothing is broken there.
func (d *deriver) invalidParameters() {
	for _, p := range d.op.Parameters {
		if p.Schema == nil {
			continue
		}
		switch {
		case p.In == "path":
			for _, b := range d.breakingSegment(p.Schema) {
				d.try(p, b.value, p.Name+"-"+b.name, spec.InvalidParameter)
			}
		case p.In == "query":
			d.invalidQuery(p)
		case p.In == "header" && p.Required && !slices.Contains(ownHeaders, http.CanonicalHeaderKey(p.Name)):
			d.invalid(p.Name+"-missing", func(r *contract.Request) { r.Header.Del(p.Name) })
			for _, b := range d.breaking(p.Schema) {
				if strings.TrimSpace(plainText(b.value)) != "" {
					d.try(p, b.value, p.Name+"-"+b.name, spec.InvalidParameter)
				}
			}
		}
	}
}

// breakingSegment makes broken values that leave a path as many segments as it has.
func (d *deriver) breakingSegment(s *spec.Schema) []broken {
	return slices.DeleteFunc(d.breaking(s), func(b broken) bool {
		text := plainText(b.value)
		return text == "" || strings.Contains(text, "/")
	})
}

func (d *deriver) invalidQuery(p *spec.Parameter) {
	s := target(p.Schema)
	name := url.QueryEscape(p.Name)
	raw := func(suffix, part string) {
		d.invalid(p.Name+"-"+suffix, func(r *contract.Request) {
			dropQuery(r, p.Name)
			addQuery(r, part)
		})
	}
	isObject := typeOf(s) == "object"
	if p.Required && isWritten(p) && (!isObject || p.Style == "deepObject") {
		d.invalid(p.Name+"-missing", func(r *contract.Request) { dropQuery(r, p.Name) })
	}
	switch {
	case isObject:
		return
	case typeOf(s) == "array":
		d.invalidList(p, s)
		return
	}
	for _, b := range d.breaking(p.Schema) {
		d.try(p, b.value, p.Name+"-"+b.name, spec.InvalidParameter)
	}
	if !p.AllowEmptyValue && !d.takes(p.Schema, "") {
		raw("empty", name+"=")
	}
	if value, _, ok := d.valueOf(p, nil); ok && d.names(spec.InvalidParameter) {
		// OpenAPI does not say that a value must not come twice: only where the document says what is wrong it may be asked.
		part := name + "=" + url.QueryEscape(plainText(value))
		raw("doubled", part+"&"+part)
		if known := choices(s); len(known) > 1 {
			raw("contradicted", part+"&"+name+"="+url.QueryEscape(plainText(known[len(known)-1])))
		}
	}
	if typeOf(s) != "string" || len(choices(s)) > 0 {
		raw("bad-escape", name+"=%zz")
	}
}

// invalidList breaks what holds for the elements of a list, and how many there may be.
func (d *deriver) invalidList(p *spec.Parameter, s *spec.Schema) {
	first := element(s, 0)
	if first == nil {
		return
	}
	for _, b := range d.breaking(first) {
		d.try(p, []any{b.value}, p.Name+"-element-"+b.name, spec.InvalidParameter)
	}
	value, ok := d.sample(first, false)
	if !ok {
		return
	}
	for _, b := range wrongLengths(s, value) {
		if list, _ := b.value.([]any); len(list) > 0 { // an empty list cannot be told from none
			d.try(p, list, p.Name+"-"+b.name, spec.InvalidParameter)
		}
	}
}

// dropQuery takes a parameter out of the query, also one that is written as name[member].
func dropQuery(r *contract.Request, name string) {
	path, query, _ := strings.Cut(r.Target, "?")
	r.Target = path
	for part := range strings.SplitSeq(query, "&") {
		key, _, _ := strings.Cut(part, "=")
		if key, _, _ = strings.Cut(key, "["); key != url.QueryEscape(name) {
			addQuery(r, part)
		}
	}
}
