package spec

import (
	"slices"
	"strings"
)

// PathItem is one path, or one webhook, with its operations.
type PathItem struct {
	Path       string // the template, such as /pets/{id}; of a webhook its name
	Servers    []*Server
	Parameters []*Parameter
	Operations []*Operation
	Pointer    string // in the main file: /paths/~1pets
	Node       *Node

	own *Node // the one of the main file, which may be only a reference to Node
}

// Operation is one method of one path.
type Operation struct {
	ID            string // operationId; without one, the method and the path: GET /pets
	Method        string // upper case
	Path          string
	Pointer       string // /paths/~1pets/get, however it was reached
	Tags          []string
	Deprecated    bool
	Parameters    []*Parameter // of the path and of the operation, which win; headers that OpenAPI ignores are left out
	Body          *RequestBody // nil: none
	Responses     []*Response  // in the order of the file
	Security      []Requirement
	OwnSecurity   bool // Security is the operation's own, not the document's
	Servers       []*Server
	Callbacks     []Member
	Rules         []*Rule
	Evidence      Evidence
	Authorization *Authorization // nil: the document says nothing of it
	Refused       *Finding       // why it cannot be judged; nil: it can
	Node          *Node
}

// pathItem reads a path item. The pointer is that under which it is found, as a path or a component.
func (d *Document) pathItem(path, pointer string, ref *Node) *PathItem {
	item := &PathItem{Path: path, Pointer: pointer, Node: ref, own: ref}
	n, f := d.followObject(ref, "path item")
	if f != nil { // nobody knows its operations
		return item
	}
	item.Node = n
	if n != ref { // members beside the reference win
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
				d.find("path/methods", m.Value, "path %s has more than %d methods: the others are ignored", shortened(path), maxMethods)
				break
			}
			item.add(d, m.Name, "/additionalOperations/"+escape(m.Name), m.Value)
		}
	}
	return item
}

// maxMethods is how many methods one path may have.
const maxMethods = 100

var methods = []string{"get", "put", "post", "delete", "options", "head", "patch", "trace"}

// isMethod says whether a key of a path item is a method.
func (d *Document) isMethod(key string) bool {
	return slices.Contains(methods, key) || key == "query" && d.Version.Minor >= 2
}

// add reads an operation of the item. The pointer is that below the item.
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

// parameters joins those of the path with those of the operation, which win.
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
		return own[key{p.In, p.Name}] && p.fault == nil
	})
	return slices.DeleteFunc(append(inherited, list...), func(p *Parameter) bool { return p.In == "header" && isIgnored(p.Name) })
}

// ListsRefusal says whether the operation lists a response for what it does not do: a 4XX, or the default.
func (o *Operation) ListsRefusal() bool {
	return slices.ContainsFunc(o.Responses, func(r *Response) bool {
		return strings.HasPrefix(r.Status, "4") || r.Status == "default"
	})
}
