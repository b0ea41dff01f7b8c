package spec

import "cmp"

// RequestBody is the body of a request, as the document describes it.
type RequestBody struct {
	Required bool
	Content  []*MediaType
	Node     *Node

	cause *Finding
}

// MediaType is one representation of a body, a parameter or a header.
type MediaType struct {
	Name       string  // such as application/json or text/*
	Schema     *Schema // nil: any value is valid
	ItemSchema *Schema // of each item of a stream (OpenAPI 3.2); nil: none
	Example    *Node
	Examples   []Example
	Encoding   []Encoding
	Node       *Node

	cause *Finding
}

// Encoding describes how a form encodes one property.
type Encoding struct {
	Property      string
	ContentType   string // empty: the default for the type of the property
	Style         string // the default is form
	Explode       bool
	AllowReserved bool
	Headers       []*Header // of a part of multipart, without Content-Type
}

// Example is one named example.
type Example struct {
	Name, Summary string
	Value         *Node  // nil: none
	External      string // the URL of the value (externalValue)
	Node          *Node
}

// body reads a request body, once for each node.
func (d *Document) body(ref *Node) *RequestBody {
	n, f := d.followObject(ref, "request body")
	b := d.parts.bodies[n]
	if b == nil {
		b = &RequestBody{Node: n, cause: f}
		d.parts.bodies[n] = b
		if f == nil {
			b.Required, b.Content = d.flag(n, "required", false), d.content(n)
		}
	}
	return b
}

// content reads the media types of a body, a parameter or a header.
func (d *Document) content(n *Node) []*MediaType {
	list := []*MediaType{}
	for _, m := range d.object(n, "content") {
		list = append(list, d.mediaType(m.Name, m.Value))
	}
	return list
}

// maxParts limits the nesting of media types in headers, and of headers in media types.
const maxParts = 50

// mediaType reads a media type, once for each node and name. A media type has encodings, whose headers have media types.
func (d *Document) mediaType(name string, ref *Node) *MediaType {
	if m := d.parts.mediaTypes[ref]; m != nil && m.Name == name {
		return m
	}
	n, f := d.followObject(ref, "media type")
	if f == nil && d.parts.depth > maxParts {
		f = d.find("document/depth", n, "media types and headers are nested deeper than %d levels", maxParts)
	}
	if f != nil {
		return &MediaType{Name: name, Node: n, cause: f}
	}
	m := &MediaType{Name: name, Node: n}
	d.parts.mediaTypes[ref] = m
	d.parts.depth++
	defer func() { d.parts.depth-- }()
	m.Schema, m.ItemSchema = d.schemaIn(n, "schema"), d.schemaIn(n, "itemSchema")
	m.Example, m.Examples = d.examples(n)
	for _, e := range d.object(n, "encoding") {
		m.Encoding = append(m.Encoding, d.encoding(e.Name, e.Value))
	}
	return m
}

func (d *Document) encoding(property string, n *Node) Encoding {
	e := Encoding{Property: property, ContentType: d.text(n, "contentType"), AllowReserved: d.flag(n, "allowReserved", false)}
	e.Style = cmp.Or(d.text(n, "style"), "form")
	e.Explode = d.flag(n, "explode", e.Style == "form")
	e.Headers = d.headers(n)
	return e
}

// examples reads example and examples of a parameter, a header or a media type.
func (d *Document) examples(n *Node) (one *Node, named []Example) {
	one = n.Member("example")
	for _, m := range d.object(n, "examples") {
		at, f := d.followObject(m.Value, "example")
		if f != nil {
			continue
		}
		e := Example{
			Name: m.Name, Summary: d.text(at, "summary"), Value: cmp.Or(at.Member("value"), at.Member("dataValue")),
			External: d.text(at, "externalValue"), Node: at,
		}
		if e.Value == nil && e.External == "" && at.Member("serializedValue") == nil {
			d.find("example/no-value", at, "example %q has no value", shortened(m.Name))
		}
		named = append(named, e)
	}
	return one, named
}
