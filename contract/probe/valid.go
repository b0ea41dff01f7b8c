package probe

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// valid asks what must be answered with success: without the optional parameters, with each value of an enum, with each
// named example, and with the values at the bounds.
func (d *deriver) valid() {
	d.add("plain", spec.ValidRequest, Reader, nil)
	if d.op.Method == http.MethodDelete {
		return // what is deleted is gone
	}
	for _, p := range d.op.Parameters {
		if p.In == "header" || p.In == "cookie" || p.Schema == nil {
			continue
		}
		if _, own := d.principals[Reader].Values[p.Name]; own {
			continue // only the principal knows which values exist
		}
		for _, value := range d.validValues(p) {
			d.try(p, value, p.Name+"="+label(value), spec.ValidRequest)
		}
	}
	d.validBodies()
	if d.op.Method == http.MethodGet {
		d.add("compressed", spec.ValidRequest, Reader, func(r *contract.Request) { r.Header.Set("Accept-Encoding", "gzip") })
	}
}

// label shows a value in the name of a probe.
func label(value any) string {
	list, ok := value.([]any)
	if !ok {
		return plainText(value)
	}
	texts := []string{}
	for _, v := range list {
		texts = append(texts, plainText(v))
	}
	return strings.Join(texts, ",")
}

// validValues lists the values of a parameter that are worth a request each.
func (d *deriver) validValues(p *spec.Parameter) []any {
	s := target(p.Schema)
	values := append(choices(s), examples(nil, p.Examples)...)
	if p.In == "path" {
		plain, _, _ := d.valueOf(p, nil)
		// The plain request asks for this one already, and that an id may be does not say that it exists.
		return slices.DeleteFunc(unique(values), func(v any) bool { return plainText(v) == plainText(plain) })
	}
	for _, end := range []*spec.Node{s.Minimum, s.Maximum} {
		if end != nil && typeOf(s) == "integer" && d.takes(p.Schema, end.Value()) {
			values = append(values, end.Value())
		}
	}
	if len(values) == 0 && !p.Required {
		if v, _, ok := d.valueOf(p, nil); ok {
			values = append(values, v)
		}
	}
	return unique(values)
}

func unique(values []any) []any {
	list := []any{}
	for _, v := range values {
		if !slices.ContainsFunc(list, func(u any) bool { return plainText(u) == plainText(v) }) {
			list = append(list, v)
		}
	}
	return list
}

// try makes a probe with another value of one parameter, if there is a way to write it.
func (d *deriver) try(p *spec.Parameter, value any, name string, kind spec.Probe) {
	if p.In == "path" {
		values := map[string]string{}
		maps.Copy(values, d.principals[Reader].Values)
		values[p.Name] = plainText(value)
		d.addFor(values, name, kind, Reader, nil)
		return
	}
	if change := with(p, value); change != nil {
		d.add(name, kind, Reader, change)
	}
}

// with puts a parameter into the query or the headers of a request, which may have it already; nil where nothing says how.
func with(p *spec.Parameter, value any) func(*contract.Request) {
	text, ok := write(p, value)
	if _, isObject := value.(map[string]any); !ok || isObject && p.Required { // its members stand in the query by themselves
		return nil
	}
	return func(r *contract.Request) {
		if p.In == "query" {
			dropQuery(r, p.Name)
		}
		put(r, p, text)
	}
}

// further puts everything into the query that may be left out; nil where there is nothing.
func (d *deriver) further() func(*contract.Request) {
	changes := []func(*contract.Request){}
	for _, p := range d.op.Parameters {
		if p.In != "query" || p.Required {
			continue
		}
		if value, _, ok := d.valueOf(p, nil); ok {
			if change := with(p, value); change != nil {
				changes = append(changes, change)
			}
		}
	}
	if len(changes) == 0 {
		return nil
	}
	return func(r *contract.Request) {
		for _, change := range changes {
			change(r)
		}
	}
}
