package spec

import "net/http"

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

// Header is a header of a response or of a part of a body. Its style is simple.
type Header struct {
	Name       string
	Required   bool
	Explode    bool
	Deprecated bool
	Schema     *Schema // nil: none
	Content    []*MediaType
	Example    *Node
	Examples   []Example
	Node       *Node

	fault *Finding
}

// parts are what several operations may share. Each is made once for its node.
type parts struct {
	parameters map[*Node]*Parameter
	headers    map[*Node]*Header
	mediaTypes map[*Node]*MediaType
	bodies     map[*Node]*RequestBody
	responses  map[*Node]*Response
	depth      int // media types hold headers, and those media types
}

func newParts() parts {
	return parts{map[*Node]*Parameter{}, map[*Node]*Header{}, map[*Node]*MediaType{}, map[*Node]*RequestBody{}, map[*Node]*Response{}, 0}
}

func (d *Document) parameter(ref *Node) *Parameter {
	if p := d.parts.parameters[ref]; p != nil {
		return p
	}
	n, f := d.followObject(ref, "parameter")
	if f != nil {
		p := &Parameter{Node: ref, fault: f}
		d.parts.parameters[ref] = p
		return p
	}
	if p := d.parts.parameters[n]; p != nil {
		d.parts.parameters[ref] = p
		return p
	}
	p := &Parameter{
		Name: d.text(n, "name"), In: d.text(n, "in"), Style: d.text(n, "style"), Required: d.flag(n, "required", false),
		AllowReserved: d.flag(n, "allowReserved", false), AllowEmptyValue: d.flag(n, "allowEmptyValue", false),
		Deprecated: d.flag(n, "deprecated", false), Node: n,
	}
	d.parts.parameters[ref], d.parts.parameters[n] = p, p
	form := false
	switch p.In {
	case "query", "cookie":
		form = true
	case "path", "header", "querystring":
	default:
		p.fault = d.find("parameter/in", orNode(n.Member("in"), n), "parameter %q: want in: path, query, header or cookie, got %q", shortened(p.Name), shortened(p.In))
	}
	if p.Name == "" {
		p.fault = d.find("parameter/name", n, "parameter: name is missing")
	}
	if p.In == "path" && !p.Required {
		d.find("parameter/required", n, "parameter %q: a path parameter is required, and the document does not say so", shortened(p.Name))
		p.Required = true
	}
	if p.Style == "" {
		p.Style = map[bool]string{true: "form", false: "simple"}[form]
	}
	p.Explode = d.flag(n, "explode", p.Style == "form" || p.Style == "cookie")
	p.Schema, p.Content = d.value(n)
	p.Example, p.Examples = d.examples(n)
	return p
}

func (d *Document) header(name string, ref *Node) *Header {
	if h := d.parts.headers[ref]; h != nil && h.Name == name {
		return h
	}
	n, f := d.followObject(ref, "header")
	if f != nil {
		return &Header{Name: name, Node: ref, fault: f}
	}
	h := &Header{
		Name: name, Required: d.flag(n, "required", false), Explode: d.flag(n, "explode", false),
		Deprecated: d.flag(n, "deprecated", false), Node: n,
	}
	d.parts.headers[ref] = h
	h.Schema, h.Content = d.value(n)
	h.Example, h.Examples = d.examples(n)
	return h
}

// value reads the schema or the media type of a parameter or a header.
func (d *Document) value(n *Node) (s *Schema, content []*MediaType) {
	s, content = d.schemaIn(n, "schema"), d.content(n)
	if s == nil && len(content) == 0 {
		d.find("parameter/schema", n, "neither schema nor content says what its values are")
	}
	return s, content
}

// followObject follows references to an object of the document.
func (d *Document) followObject(n *Node, what string) (*Node, *Finding) {
	at, f := d.follow(n)
	if f == nil && at.Kind != Object {
		f = d.find("document/kind", at, "want a %s, got %s", what, at.Kind)
	}
	return at, f
}

// isIgnored says whether a header must not be described as a parameter: the document says elsewhere what it is (OpenAPI,
// Parameter Object).
func isIgnored(name string) bool {
	switch http.CanonicalHeaderKey(name) {
	case "Accept", "Content-Type", "Authorization":
		return true
	}
	return false
}
