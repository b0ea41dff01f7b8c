package spec

import "net/url"

// From OpenAPI 3.1 on, a schema may have an address ($id) and names ($anchor, $dynamicAnchor) as targets of references. A
// schema with $id begins a resource: the nodes below it resolve references against its address. Each file is a resource too.
// Its address is $self, or $id if the file is a schema, or else its path below the document's folder:
//
//	file schemas/pet.json without $id    document:/schemas/pet.json
//
// References find a file by its path in any case (Document.file).

// resource is a part of a document that has an address.
type resource struct {
	address *url.URL
	root    *Node
	anchors map[string]*Node // $anchor and $dynamicAnchor
	dynamic map[string]*Node // $dynamicAnchor

	vocabulary *Node // $vocabulary of its metaschema; nil: all keywords count
	searched   bool  // findVocabulary has set vocabulary
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
			if u, err := url.Parse(id.Text); err == nil && u.Fragment == "" {
				d.addResource(n, d.resourceOf(n).address.ResolveReference(u))
			} else {
				d.find("schema/id", id, "$id %q: want a URI without a fragment", shortened(id.Text))
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

// addResource adds a resource. The first resource with an address keeps it.
func (d *Document) addResource(root *Node, address *url.URL) {
	r := &resource{address: address, root: root, anchors: map[string]*Node{}, dynamic: map[string]*Node{}}
	d.resources[root] = r
	if key := addressKey(address); d.byAddress[key] == nil {
		d.byAddress[key] = r
	} else {
		d.find("schema/id", root, "another schema has the same address %q", shortened(address.String()))
	}
}

// resourceOf returns the resource that contains a node.
func (d *Document) resourceOf(n *Node) *resource {
	if len(d.resources) == len(d.inOrder) { // only files are resources
		return d.resources[n.file.root]
	}
	for ; n.parent != nil; n = n.parent {
		if r := d.resources[n]; r != nil {
			return r
		}
	}
	return d.resources[n]
}

// addressKey returns an address without its fragment.
func addressKey(u *url.URL) string {
	bare := *u
	bare.Fragment, bare.RawFragment = "", ""
	return bare.String()
}

// Resource returns the root of the resource that contains s: a schema with $id, or the root of a file. It is nil in OpenAPI
// 3.0, which has no resources.
func (s *Schema) Resource() *Node {
	if s.resource == nil {
		return nil
	}
	return s.resource.root
}
