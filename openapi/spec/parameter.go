package spec

import (
	"cmp"
	"net/http"
	"slices"
)

// Parameter is a parameter of an operation. It has a schema or a media type.
type Parameter struct {
	Name, In        string // In: path, query, querystring, header or cookie
	Style           string // the one that the document says, or the default of In
	Required        bool
	Explode         bool
	AllowReserved   bool
	AllowEmptyValue bool
	Deprecated      bool
	Schema          *Schema // nil: none
	Content         []*MediaType
	Example         *Node
	Examples        []Example
	Node            *Node // a reference is followed

	fault *Finding // why it cannot be judged
}

// Header is a header of a response or of a part of a body: a parameter in a header, whose style is simple.
type Header = Parameter

// parts are what several operations may share. Each is made once for its node.
type parts struct {
	parameters map[*Node]*Parameter
	headers    map[*Node]*Header
	mediaTypes map[*Node]*MediaType
	bodies     map[*Node]*RequestBody
	responses  map[*Node]*Response
	depth      int // media types hold headers, and those media types
}

func (d *Document) parameter(ref *Node) *Parameter {
	n, f := d.followObject(ref, "parameter")
	if p := d.parts.parameters[n]; p != nil {
		return p
	}
	p := &Parameter{Node: n, fault: f}
	d.parts.parameters[n] = p
	if f != nil {
		return p
	}
	p.Name, p.In, p.Style = d.text(n, "name"), d.text(n, "in"), d.text(n, "style")
	standard := "simple"
	switch p.In {
	case "query", "cookie":
		standard = "form"
	case "path", "header", "querystring":
	default:
		p.fault = d.find("parameter/in", cmp.Or(n.Member("in"), n),
			"parameter %q: want in: path, query, header or cookie, got %q", shortened(p.Name), shortened(p.In))
	}
	p.Style = cmp.Or(p.Style, standard)
	if p.Name == "" {
		p.fault = d.find("parameter/name", n, "parameter: name is missing")
	}
	p.AllowReserved, p.AllowEmptyValue = d.flag(n, "allowReserved", false), d.flag(n, "allowEmptyValue", false)
	d.describe(p)
	if p.In == "path" && !p.Required {
		d.find("parameter/required", n,
			"parameter %q: a path parameter is required, and the document does not say so", shortened(p.Name))
		p.Required = true
	}
	return p
}

// headers reads those of a response or of a part of a form, without Content-Type, which OpenAPI ignores.
func (d *Document) headers(n *Node) (list []*Header) {
	for _, m := range d.object(n, "headers") {
		if http.CanonicalHeaderKey(m.Name) != "Content-Type" {
			list = append(list, d.header(m.Name, m.Value))
		}
	}
	return list
}

func (d *Document) header(name string, ref *Node) *Header {
	if h := d.parts.headers[ref]; h != nil && h.Name == name {
		return h
	}
	n, f := d.followObject(ref, "header")
	h := &Header{Name: name, In: "header", Style: "simple", Node: n, fault: f}
	if f == nil {
		d.parts.headers[ref] = h
		d.describe(h)
	}
	return h
}

// describe reads what a parameter and a header have in common.
func (d *Document) describe(p *Parameter) {
	n := p.Node
	p.Required, p.Deprecated = d.flag(n, "required", false), d.flag(n, "deprecated", false)
	p.Explode = d.flag(n, "explode", p.Style == "form" || p.Style == "cookie")
	p.Schema, p.Content = d.schemaIn(n, "schema"), d.content(n)
	if p.Schema == nil && len(p.Content) == 0 {
		d.find("parameter/schema", n, "neither schema nor content says what its values are")
	}
	p.Example, p.Examples = d.examples(n)
}

// followObject follows references to an object of the document. Beside a fault it returns n.
func (d *Document) followObject(n *Node, what string) (*Node, *Finding) {
	at, f := d.follow(n)
	if f == nil && at.Kind != Object {
		return n, d.find("document/kind", at, "want a %s, got %s", what, at.Kind)
	}
	return at, f
}

// isIgnored says whether a header must not be described as a parameter: the document says elsewhere what it is (OpenAPI,
// Parameter Object).
func isIgnored(name string) bool {
	return slices.Contains([]string{"Accept", "Content-Type", "Authorization"}, http.CanonicalHeaderKey(name))
}
