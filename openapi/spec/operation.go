package spec

import (
	"slices"
	"strings"
)

// PathItem is one path, or one webhook, with its operations.
type PathItem struct {
	Path       string // the template, such as /pets/{id}; for a webhook its name
	Servers    []*Server
	Parameters []*Parameter
	Operations []*Operation
	Pointer    string // in the main file: /paths/~1pets
	Node       *Node

	own *Node // in the main file; it may be a reference to Node
}

// Operation is one method of one path.
type Operation struct {
	ID            string // operationId; without one, the method and the path: GET /pets
	Method        string // upper case
	Path          string
	Pointer       string // in the main file, even if the path is a reference: /paths/~1pets/get
	Tags          []string
	Deprecated    bool
	Parameters    []*Parameter // its own and those of the path, without headers that OpenAPI ignores
	Body          *RequestBody // nil: none
	Responses     []*Response  // in the order of the file
	Security      []Requirement
	OwnSecurity   bool // Security belongs to the operation, not to the document
	Servers       []*Server
	Callbacks     []Member
	Rules         []*Rule
	Evidence      Evidence
	Authorization *Authorization // nil: not declared
	Refused       *Finding       // the cause why the operation cannot be judged; nil: it can be
	Node          *Node
}

// An operation inherits from its path, and the path from the document:
//
//	parameters    those of the path and of the operation; of two with the same name and place, that of the operation
//	servers       of the operation, or else of the path, or else of the document; the lists are not joined
//	security      of the operation, or else of the document; an empty list of its own needs no credentials
//
// Each Operation holds the result, so that nothing else has to look further up.

// pathItem reads a path item. The pointer is that of ref in the main file. If ref is a reference with other members, these
// override the members of the target.
func (d *Document) pathItem(path, pointer string, ref *Node) *PathItem {
	item := &PathItem{Path: path, Pointer: pointer, Node: ref, own: ref}
	n, f := d.followObject(ref, "path item")
	if f != nil { // its operations are unknown
		return item
	}
	item.Node = n
	if n != ref {
		n = &Node{Kind: Object}
		for _, m := range slices.Concat(ref.Members, item.Node.Members) {
			n.add(m)
		}
	}
	item.Servers = d.servers(n)
	for _, p := range d.list(n, "parameters") {
		item.Parameters = append(item.Parameters, d.parameter(p))
	}
	for _, m := range n.Members {
		if d.isMethod(m.Name) {
			item.add(d, strings.ToUpper(m.Name), "/"+m.Name, m.Value)
		}
	}
	if d.Version.Minor >= 2 {
		for _, m := range d.object(n, "additionalOperations") {
			if len(item.Operations) == maxMethods {
				d.find("path/methods", m.Value,
					"path %s has more than %d methods: the others are ignored", shortened(path), maxMethods)
				break
			}
			item.add(d, m.Name, "/additionalOperations/"+escape(m.Name), m.Value)
		}
	}
	return item
}

// maxMethods limits the methods of one path.
const maxMethods = 100

var methods = []string{"get", "put", "post", "delete", "options", "head", "patch", "trace"}

// isMethod reports whether a key of a path item is a method. Only OpenAPI 3.2 has query.
func (d *Document) isMethod(key string) bool {
	if key == "query" {
		return d.Version.Minor >= 2
	}
	return slices.Contains(methods, key)
}

// add reads an operation of the item. The pointer is relative to the item. Servers and security come from the operation, or
// else from the path, or else from the document.
func (i *PathItem) add(d *Document, method, pointer string, n *Node) {
	op := &Operation{Method: method, Path: i.Path, Pointer: i.Pointer + pointer, Node: n}
	i.Operations = append(i.Operations, op)
	if n.Kind != Object {
		op.Refused = d.find("document/kind", n, "%s %s: want an operation, got %s", method, shortened(i.Path), n.Kind)
		return
	}
	op.ID, op.Tags, op.Deprecated = d.text(n, "operationId"), d.texts(n, "tags"), d.flag(n, "deprecated", false)
	op.Callbacks = d.object(n, "callbacks")
	op.Parameters = d.parameters(i.Parameters, d.list(n, "parameters"))
	if body := n.Member("requestBody"); body != nil {
		op.Body = d.body(body)
	}
	op.Security = d.security(n)
	if op.OwnSecurity = op.Security != nil; !op.OwnSecurity {
		op.Security = d.Security
	}
	for _, servers := range [][]*Server{d.servers(n), i.Servers, d.Servers} {
		if op.Servers == nil {
			op.Servers = servers
		}
	}
	op.Responses = d.responses(op)
}

// parameters returns the parameters of the path and of the operation. A parameter of the operation replaces one of the path
// with the same name and place.
func (d *Document) parameters(ofPath []*Parameter, ofOperation []*Node) []*Parameter {
	type key struct{ in, name string }
	own := map[key]bool{}
	list := []*Parameter{}
	for _, n := range ofOperation {
		p := d.parameter(n)
		own[key{p.In, p.Name}] = true
		list = append(list, p)
	}
	inherited := slices.DeleteFunc(slices.Clone(ofPath), func(p *Parameter) bool {
		return own[key{p.In, p.Name}] && p.cause == nil
	})
	return slices.DeleteFunc(append(inherited, list...), func(p *Parameter) bool {
		return p.In == "header" && isIgnored(p.Name)
	})
}

// ListsRefusal reports whether the operation has a response for rejected requests: a 4xx status, 4XX or default.
func (o *Operation) ListsRefusal() bool {
	return slices.ContainsFunc(o.Responses, func(r *Response) bool {
		return strings.HasPrefix(r.Status, "4") || r.Status == "default"
	})
}
