package probe

import (
	"net/http"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/internal/sample"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// valid adds requests that must succeed: without optional parameters, with each value of an enum, with each named example, and
// with the values at the bounds. Each changes one parameter of the plain request, which also keeps its own name:
//
//	plain    kind=cat    kind=dog    limit=1    limit=100
func (d *deriver) valid() {
	d.add("plain", spec.ValidRequest, Reader, nil)
	if d.op.Method == http.MethodDelete {
		return // a resource can be deleted once
	}
	for _, p := range d.op.Parameters {
		if p.In == "header" || p.In == "cookie" || p.Schema == nil {
			continue
		}
		if _, isGiven := d.givenValue(p, d.principals[Reader].Values); isGiven || d.hasFoundPart(p) {
			continue // only the user, or the provider, knows which values exist
		}
		for _, value := range d.validValues(p) {
			d.addValue(p, value, p.Name+"="+label(value), spec.ValidRequest)
		}
	}
	d.validBodies()
	if d.op.Method == http.MethodGet {
		d.add("compressed", spec.ValidRequest, Reader, func(r *contract.Request) { r.Header.Set("Accept-Encoding", "gzip") })
	}
}

// label writes a value for the name of a probe.
func label(value any) string {
	list, ok := value.([]any)
	if !ok {
		return sample.PlainText(value)
	}
	texts := []string{}
	for _, v := range list {
		texts = append(texts, sample.PlainText(v))
	}
	return strings.Join(texts, ",")
}

// validValues lists the values of a parameter that deserve a request each.
func (d *deriver) validValues(p *spec.Parameter) []any {
	s := sample.Resolve(p.Schema)
	values := append(sample.Choices(s), sample.Examples(nil, p.Examples)...)
	if p.In == "path" {
		plain, _, _ := d.valueOf(p, nil)
		// The plain request has this value already. Values at the bounds may be valid ids and yet not exist.
		return slices.DeleteFunc(unique(values), func(v any) bool { return sample.PlainText(v) == sample.PlainText(plain) })
	}
	for _, end := range []*spec.Node{s.Minimum, s.Maximum} {
		if end != nil && sample.TypeOf(s) == "integer" && d.takes(p.Schema, end.Value()) {
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
		if !slices.ContainsFunc(list, func(u any) bool { return sample.PlainText(u) == sample.PlainText(v) }) {
			list = append(list, v)
		}
	}
	return list
}

// addValue adds a request with another value of one parameter, if its style can express the value.
func (d *deriver) addValue(p *spec.Parameter, value any, name string, kind spec.Probe) {
	if p.In == "path" {
		d.addFor(d.withValue(d.principals[Reader].Values, p, sample.PlainText(value)), name, kind, Reader, nil).About = p.Node
		return
	}
	change := setParameter(p, value)
	if change == nil {
		return
	}
	made := d.add(name, kind, Reader, change)
	made.About = p.Node
	if _, isNamed := documentedValue(p); !isNamed && kind == spec.ValidRequest {
		made.invented = made.invented || d.isInvented(p.Schema, value)
	}
}

// hasFoundPart reports whether a later parameter of the path has a value that was found below the plain value of this one.
func (d *deriver) hasFoundPart(p *spec.Parameter) bool {
	_, after, _ := strings.Cut(d.op.Path, "{"+p.Name+"}")
	return p.In == "path" && slices.ContainsFunc(d.op.Parameters, func(part *spec.Parameter) bool {
		_, from, ok := d.valueOf(part, d.principals[Reader].Values)
		return part.In == "path" && strings.Contains(after, "{"+part.Name+"}") && ok && from == onProvider
	})
}

// setParameter makes a change that replaces a parameter of the query or headers. It is nil if the style cannot express the
// value.
func setParameter(p *spec.Parameter, value any) func(*contract.Request) {
	text, ok := sample.Parameter(p, value)
	_, isObject := value.(map[string]any)
	isSpread := isObject && p.Required // its members are parameters of their own, which dropQuery does not find
	if !ok || isSpread {
		return nil
	}
	return func(r *contract.Request) {
		if p.In == "query" {
			dropQuery(r, p.Name)
		}
		put(r, p, text)
	}
}

// withOptional makes a change that adds all optional query parameters. It is nil if there are none.
func (d *deriver) withOptional() func(*contract.Request) {
	changes := []func(*contract.Request){}
	for _, p := range d.op.Parameters {
		if p.In != "query" || p.Required {
			continue
		}
		if value, _, ok := d.valueOf(p, nil); ok {
			if change := setParameter(p, value); change != nil {
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
