package probe

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/sample"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Each constraint of a parameter is broken by a request of its own. For the required integer limit with minimum 1:
//
//	limit-missing          /pets
//	limit-no-number        /pets?limit=many
//	limit-below-minimum    /pets?limit=0
//	limit-empty            /pets?limit=
//	limit-bad-escape       /pets?limit=%zz

// invalid adds a request that must be refused because it breaks a part of the document.
func (d *deriver) invalid(name string, about *spec.Node, change func(*contract.Request)) {
	d.add(name, spec.InvalidParameter, Reader, change).About = about
}

// invalidParameters breaks each constraint of a parameter once. It leaves optional headers alone, which a provider may ignore.
func (d *deriver) invalidParameters() {
	for _, p := range d.op.Parameters {
		if p.Schema == nil {
			continue
		}
		switch {
		case p.In == "path":
			for _, b := range d.invalidSegments(p.Schema) {
				d.addValue(p, b.Value, p.Name+"-"+b.Name, spec.InvalidParameter)
			}
		case p.In == "query":
			d.invalidQuery(p)
		case p.In == "header" && p.Required && !slices.Contains(transportHeaders, http.CanonicalHeaderKey(p.Name)):
			d.invalid(p.Name+"-missing", p.Node, func(r *contract.Request) { r.Header.Del(p.Name) })
			for _, b := range d.maker(false).Invalid(p.Schema, nil) {
				if strings.TrimSpace(sample.PlainText(b.Value)) != "" {
					d.addValue(p, b.Value, p.Name+"-"+b.Name, spec.InvalidParameter)
				}
			}
		}
	}
}

// invalidSegments makes invalid values that fill exactly one segment of a path.
func (d *deriver) invalidSegments(s *spec.Schema) []sample.Invalid {
	return slices.DeleteFunc(d.maker(false).Invalid(s, nil), func(b sample.Invalid) bool {
		text := sample.PlainText(b.Value)
		return text == "" || strings.Contains(text, "/")
	})
}

// invalidQuery breaks a parameter of the query: its presence, its value, and how it is written. An object has no constraints
// that could be broken one by one.
func (d *deriver) invalidQuery(p *spec.Parameter) {
	s := sample.Resolve(p.Schema)
	name := url.QueryEscape(p.Name)
	raw := func(suffix, part string) {
		d.invalid(p.Name+"-"+suffix, p.Node, func(r *contract.Request) {
			dropQuery(r, p.Name)
			addQuery(r, part)
		})
	}
	isObject := sample.TypeOf(s) == "object"
	hasOwnName := !isObject || p.Style == "deepObject" // the members of another object are parameters of their own names
	if p.Required && hasOwnName && sample.CanWrite(p) {
		d.invalid(p.Name+"-missing", p.Node, func(r *contract.Request) { dropQuery(r, p.Name) })
	}
	switch {
	case isObject:
		return
	case sample.TypeOf(s) == "array":
		d.invalidList(p, s)
		return
	}
	for _, b := range d.maker(false).Invalid(p.Schema, nil) {
		d.addValue(p, b.Value, p.Name+"-"+b.Name, spec.InvalidParameter)
	}
	if !p.AllowEmptyValue && !d.takes(p.Schema, "") {
		raw("empty", name+"=")
	}
	if value, _, ok := d.valueOf(p, nil); ok && d.hasStatus(spec.InvalidParameter) {
		// OpenAPI does not forbid a value twice, so this is tested only if the document has a status for invalid parameters.
		part := name + "=" + url.QueryEscape(sample.PlainText(value))
		raw("doubled", part+"&"+part)
		if known := sample.Choices(s); len(known) > 1 {
			raw("contradicted", part+"&"+name+"="+url.QueryEscape(sample.PlainText(known[len(known)-1])))
		}
	}
	if sample.TypeOf(s) != "string" || len(sample.Choices(s)) > 0 {
		raw("bad-escape", name+"=%zz")
	}
}

// invalidList breaks the constraints on the elements of a list and on their number.
func (d *deriver) invalidList(p *spec.Parameter, s *spec.Schema) {
	first := sample.Element(s, 0)
	if first == nil {
		return
	}
	for _, b := range d.maker(false).Invalid(first, nil) {
		d.addValue(p, []any{b.Value}, p.Name+"-element-"+b.Name, spec.InvalidParameter)
	}
	value, ok := d.sample(first, false)
	if !ok {
		return
	}
	for _, b := range sample.WrongLengths(s, value) {
		if list, _ := b.Value.([]any); len(list) > 0 { // an empty list looks like a missing one
			d.addValue(p, list, p.Name+"-"+b.Name, spec.InvalidParameter)
		}
	}
}

// dropQuery removes a parameter from the query, also one in deepObject style: name[member]=value.
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
