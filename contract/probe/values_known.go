package probe

import (
	"maps"
	"net/http"
	"strings"

	"github.com/quotaspec/quotaspec/contract/internal/sample"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// The value of a parameter comes from the first of these that has one:
//
//	the principal's values        {getPet.petId: 7}, then {petId: 7}
//	the values of the config      the same
//	the document                  an example, the default or the first choice
//	a sibling operation           an example of DELETE /pets/{petId} for the petId of GET /pets/{petId}/toys
//	the provider                  what Discover found
//	the schema                    the simplest value that fits; a resource of that id may not exist
//
// What was only found on the provider may be read and never changed: requests with other methods than GET and HEAD do not use
// it, even if they must be refused, since a provider may accept what it should refuse.

// Known are the values of parameters that a run has besides those of the document and of the principals.
type Known struct {
	Values Values // for all principals; those of a principal win
	Found  Found
	// Made are the ids of things that the run has created, by the names of members of bodies: see [Thing.Members].
	Made Values
}

// origin says where the value of a parameter comes from.
type origin uint8

const (
	invented   origin = iota // made from the schema
	onProvider               // found on the provider
	documented               // by this operation or a sibling
	given                    // by the user
)

// Found are values that exist on a provider, by the place of their parameter. Discover makes it.
type Found map[string]any

// placeOf is where a parameter is: in the path up to it, or else in the whole path. Parameters of one name and place have the
// same values. The id of /users/{id} is that of /users/{id}/posts, and another one than that of /posts/{id}.
func placeOf(op *spec.Operation, p *spec.Parameter) string {
	path := pathOf(op)
	if p.In == "path" {
		before, _, _ := strings.Cut(path, "{"+p.Name+"}")
		path = before
	}
	return p.In + " " + path + " " + p.Name
}

// of returns the value of a parameter in an operation.
func (v Values) of(op *spec.Operation, p *spec.Parameter) (value string, ok bool) {
	if value, ok = v[op.ID+"."+p.Name]; !ok {
		value, ok = v[p.Name]
	}
	return value, ok
}

// givenValue returns the value that the user gives for a parameter. own are the values of the principal; nil: those of the
// config alone.
func (d *deriver) givenValue(p *spec.Parameter, own Values) (value string, ok bool) {
	if value, ok = own.of(d.op, p); !ok {
		value, ok = d.known.Values.of(d.op, p)
	}
	return value, ok
}

// documentedValue returns the value that the document has for a parameter: an example, the default or the first choice.
func documentedValue(p *spec.Parameter) (value any, ok bool) {
	s, named := p.Schema, sample.Examples(p.Example, p.Examples)
	if content := jsonOf(p.Content); s == nil && content != nil {
		s, named = content.Schema, append(named, sample.Examples(content.Example, content.Examples)...)
	}
	switch {
	case len(named) > 0:
		return named[0], true
	case s == nil:
		return nil, false
	}
	return sample.Named(s)
}

// siblingValues are the values that the document has, by the place of the parameter; of several, the first.
func siblingValues(doc *spec.Document) map[string]any {
	values := map[string]any{}
	for _, op := range doc.Operations {
		for _, p := range op.Parameters {
			value, ok := documentedValue(p)
			if _, known := values[placeOf(op, p)]; ok && !known {
				values[placeOf(op, p)] = value
			}
		}
	}
	return values
}

// valueOf finds a value for a parameter. own are the values of the principal.
func (d *deriver) valueOf(p *spec.Parameter, own Values) (value any, from origin, ok bool) {
	if text, ok := d.givenValue(p, own); ok {
		return text, given, true
	}
	if value, ok := documentedValue(p); ok {
		return value, documented, true
	}
	fits := func(value any, ok bool) bool { return ok && (p.Schema == nil || d.takes(p.Schema, value)) }
	place := placeOf(d.op, p)
	if value, ok := d.siblings[place]; fits(value, ok) {
		return value, documented, true
	}
	if value, ok := d.known.Found[place]; d.reads && fits(value, ok) {
		return value, onProvider, true
	}
	s := p.Schema
	if content := jsonOf(p.Content); s == nil && content != nil {
		s = content.Schema
	}
	if s == nil {
		return nil, invented, false
	}
	value, ok = d.sample(s, p.In == "path") // an object without members leaves the path without a segment
	return value, invented, ok && d.takes(s, value)
}

// withValue copies the values of a principal and gives a parameter another value.
func (d *deriver) withValue(own Values, p *spec.Parameter, value string) Values {
	values := Values{}
	maps.Copy(values, own)
	values[d.op.ID+"."+p.Name] = value
	return values
}

// onlyReads reports whether a method changes nothing and returns what exists.
func onlyReads(method string) bool { return method == http.MethodGet || method == http.MethodHead }
