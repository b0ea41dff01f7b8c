package spec

import "net/url"

// From OpenAPI 3.1 on, a schema may have an address of its own ($id), and names for references to it ($anchor and
// $dynamicAnchor). A schema with $id begins a resource: what is below it resolves references against that address. A file is
// a resource too; its address is its path below the document's folder, or $self, or the $id of the schema that it is. By its
// path it is found in any case.

// resource is a part of a document with an address.
type resource struct {
	address *url.URL
	root    *Node
	anchors map[string]*Node
	dynamic map[string]*Node // $dynamicAnchor alone

	vocabulary *Node // $vocabulary of its metaschema; nil: all keywords count
	searched   bool  // vocabulary is known
}

// index finds the resources and the anchors of a file.
func (d *Document) index(f *file) {
	address := &url.URL{Scheme: "document", Path: "/" + f.path}
	self := f.root.Member("$self")
	if self == nil && f.root != d.Root && d.Version.Minor > 0 {
		self = f.root.Member("$id") // the file is a schema
	}
	if self != nil && self.Kind == String {
		if u, err := url.Parse(self.Text); err == nil {
			address = address.ResolveReference(u)
		}
	}
	d.addResource(f.root, address)
	if d.Version.Minor == 0 {
		return
	}
	walk(f.root, map[*Node]bool{}, func(n *Node) {
		if id := n.Member("$id"); id != nil && id.Kind == String && n != f.root {
			if u, err := url.Parse(id.Text); err == nil && (u.Fragment == "") {
				d.addResource(n, d.resourceOf(n).address.ResolveReference(u))
			} else {
				d.find("schema/id", id, "$id %q: want an address without a fragment", shortened(id.Text))
			}
		}
		if name := n.word("$anchor"); name != "" {
			d.resourceOf(n).anchors[name] = n
		}
		if name := n.word("$dynamicAnchor"); name != "" {
			r := d.resourceOf(n)
			r.anchors[name], r.dynamic[name] = n, n
			d.dynamic = append(d.dynamic, n)
		}
	})
}

func (d *Document) addResource(root *Node, address *url.URL) {
	r := &resource{address: address, root: root, anchors: map[string]*Node{}, dynamic: map[string]*Node{}}
	d.resources[root] = r
	if key := addressKey(address); d.byAddress[key] == nil {
		d.byAddress[key] = r
	} else {
		d.find("schema/id", root, "another schema has the address %q too", shortened(address.String()))
	}
}

// resourceOf returns the resource that a node is part of.
func (d *Document) resourceOf(n *Node) *resource {
	if len(d.resources) == len(d.inOrder) { // files alone
		return d.resources[n.file.root]
	}
	for ; n.parent != nil; n = n.parent {
		if r := d.resources[n]; r != nil {
			return r
		}
	}
	return d.resources[n]
}

// addressKey is an address without its fragment.
func addressKey(u *url.URL) string {
	bare := *u
	bare.Fragment, bare.RawFragment = "", ""
	return bare.String()
}

// Resource returns the root of the schema resource that s is part of: a schema with $id, or the root of a file. It is nil in
// OpenAPI 3.0, which has no resources.
func (s *Schema) Resource() *Node {
	if s.resource == nil {
		return nil
	}
	return s.resource.root
}
