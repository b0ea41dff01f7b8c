package spec

import (
	"cmp"
	"net/http"
	"slices"
)

// Parameter is a parameter of an operation. It has a schema or one media type.
type Parameter struct {
	Name, In        string // In: path, query, querystring, header or cookie
	Style           string // of the document, or the default for In
	Required        bool
	Explode         bool
	AllowReserved   bool
	AllowEmptyValue bool
	Deprecated      bool
	Schema          *Schema // nil: none
	Content         []*MediaType
	Example         *Node
	Examples        []Example
	Node            *Node // the target, if the parameter is a reference

	cause *Finding // why it cannot be judged; nil: it can be
}

// Header is a header of a response, or of a part of a multipart body. It is a Parameter in header with the style simple.
type Header = Parameter

// parts holds the objects that several operations may share, each read once for its node. A response in components that ten
// operations refer to is thus read once, and its findings occur once.
type parts struct {
	parameters map[*Node]*Parameter
	headers    map[*Node]*Header
	mediaTypes map[*Node]*MediaType
	bodies     map[*Node]*RequestBody
	responses  map[*Node]*Response
	depth      int // of nested media types
}

// parameter reads a parameter, once for each node.
func (d *Document) parameter(ref *Node) *Parameter {
	n, f := d.followObject(ref, "parameter")
	if p := d.parts.parameters[n]; p != nil {
		return p
	}
	p := &Parameter{Node: n, cause: f}
	d.parts.parameters[n] = p
	if f != nil {
		return p
	}
	p.Name, p.In, p.Style = d.text(n, "name"), d.text(n, "in"), d.text(n, "style")
	style := "simple"
	switch p.In {
	case "query", "cookie":
		style = "form"
	case "path", "header", "querystring":
	default:
		p.cause = d.find("parameter/in", cmp.Or(n.Member("in"), n),
			"parameter %q: want in: path, query, header or cookie, got %q", shortened(p.Name), shortened(p.In))
	}
	p.Style = cmp.Or(p.Style, style)
	if p.Name == "" {
		p.cause = d.find("parameter/name", n, "parameter: name is missing")
	}
	p.AllowReserved, p.AllowEmptyValue = d.flag(n, "allowReserved", false), d.flag(n, "allowEmptyValue", false)
	d.describe(p)
	if p.In == "path" && !p.Required {
		d.find("parameter/required", n,
			"parameter %q: a path parameter must have required: true", shortened(p.Name))
		p.Required = true
	}
	return p
}

// headers reads the headers of a response or of a part of a form, without Content-Type, which OpenAPI ignores.
func (d *Document) headers(n *Node) (list []*Header) {
	for _, m := range d.object(n, "headers") {
		if http.CanonicalHeaderKey(m.Name) != "Content-Type" {
			list = append(list, d.header(m.Name, m.Value))
		}
	}
	return list
}

// header reads a header, once for each node and name.
func (d *Document) header(name string, ref *Node) *Header {
	if h := d.parts.headers[ref]; h != nil && h.Name == name {
		return h
	}
	n, f := d.followObject(ref, "header")
	h := &Header{Name: name, In: "header", Style: "simple", Node: n, cause: f}
	if f == nil {
		d.parts.headers[ref] = h
		d.describe(h)
	}
	return h
}

// describe reads the members that parameters and headers have in common.
func (d *Document) describe(p *Parameter) {
	n := p.Node
	p.Required, p.Deprecated = d.flag(n, "required", false), d.flag(n, "deprecated", false)
	p.Explode = d.flag(n, "explode", p.Style == "form" || p.Style == "cookie")
	p.Schema, p.Content = d.schemaIn(n, "schema"), d.content(n)
	if p.Schema == nil && len(p.Content) == 0 {
		d.find("parameter/schema", n, "neither schema nor content describes the value")
	}
	p.Example, p.Examples = d.examples(n)
}

// followObject follows references to an object. With a finding it returns n.
func (d *Document) followObject(n *Node, what string) (*Node, *Finding) {
	at, f := d.follow(n)
	if f == nil && at.Kind != Object {
		return n, d.find("document/kind", at, "want a %s, got %s", what, at.Kind)
	}
	return at, f
}

// isIgnored reports whether OpenAPI ignores a header parameter, since other parts of the document describe the header (OpenAPI,
// Parameter Object).
func isIgnored(name string) bool {
	return slices.Contains([]string{"Accept", "Content-Type", "Authorization"}, http.CanonicalHeaderKey(name))
}
