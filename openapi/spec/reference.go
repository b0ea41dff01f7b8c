package spec

import (
	"net/url"
	"path"
	"strings"
)

// References are followed only where OpenAPI and JSON Schema have them, so what looks like one elsewhere, such as below an
// unknown x- key, is data. A reference leads to an address that the document itself has, else to a file, whose path is taken
// from the file that refers to it. Nothing outside the document's folder is read, and nothing by network.

// maxHops is how many references may follow one another.
const maxHops = 100

// follow returns the node that stands for n: n itself, or what its $ref leads to in the end. Beside a fault it returns n.
func (d *Document) follow(n *Node) (*Node, *Finding) {
	at := n
	for range maxHops {
		ref := at.Member("$ref")
		if ref == nil {
			return at, nil
		}
		next, f := d.resolve(ref)
		if f != nil {
			return n, f
		}
		at = next
	}
	ref := n.Member("$ref")
	return n, d.find("reference/loop", ref, "reference %q leads back to itself", shortened(ref.Text))
}

// resolve returns the node that a reference leads to.
func (d *Document) resolve(ref *Node) (*Node, *Finding) {
	hops := maxHops
	return d.resolveWithin(ref, &hops)
}

func (d *Document) resolveWithin(ref *Node, hops *int) (*Node, *Finding) {
	if ref.Kind != String {
		return nil, d.find("reference/unresolved", ref, "$ref: want a text, got %s", ref.Kind)
	}
	if known := d.targets[ref]; known != nil {
		return known, nil
	}
	address, fragment, _ := strings.Cut(ref.Text, "#")
	if plain, err := url.PathUnescape(fragment); err == nil {
		fragment = plain
	}
	root, f := d.addressed(ref, address)
	if f != nil {
		return nil, f
	}
	target, f := d.fragment(root, fragment, hops)
	if f != nil {
		return nil, f
	}
	if target == nil {
		return nil, d.find("reference/unresolved", ref, "reference %q leads nowhere", shortened(ref.Text))
	}
	d.targets[ref] = target
	return target, nil
}

// addressed returns the resource that a reference without its fragment leads to.
func (d *Document) addressed(ref *Node, address string) (*resource, *Finding) {
	from := d.resourceOf(ref)
	if address == "" {
		return from, nil
	}
	u, err := url.Parse(address)
	if err != nil {
		return nil, d.find("reference/unresolved", ref, "reference %q is no address", shortened(ref.Text))
	}
	if r := d.byAddress[addressKey(from.address.ResolveReference(u))]; r != nil {
		return r, nil
	}
	if u.Scheme != "" || u.Host != "" {
		return nil, d.find("reference/outside", ref, "reference %q leaves the document: nothing is read by network", shortened(ref.Text))
	}
	name := path.Join(path.Dir(ref.file.path), u.Path)
	if path.IsAbs(u.Path) || name == ".." || strings.HasPrefix(name, "../") {
		return nil, d.find("reference/outside", ref, "reference %q leaves the folder of the document", shortened(ref.Text))
	}
	f := d.file(name)
	switch {
	case f.none != "":
		return nil, d.find("reference/unresolved", ref, "reference %q: %s", shortened(ref.Text), f.none)
	case f.root == nil:
		return nil, d.add(f.faults[0])
	}
	return d.resources[f.root], nil
}

// fragment returns the node that a fragment names: by a JSON pointer, which may lead through references, or by an anchor.
// It is nil if there is none.
func (d *Document) fragment(r *resource, fragment string, hops *int) (*Node, *Finding) {
	if fragment != "" && fragment[0] != '/' {
		return r.anchors[fragment], nil
	}
	at := r.root
	if fragment == "" {
		return at, nil
	}
	for token := range strings.SplitSeq(fragment[1:], "/") {
		next := at.child(unescape(token))
		for ref := at.Member("$ref"); next == nil && ref != nil; ref = at.Member("$ref") {
			if *hops--; *hops < 0 {
				return nil, nil
			}
			through, f := d.resolveWithin(ref, hops)
			if f != nil {
				return nil, f
			}
			at, next = through, through.child(unescape(token))
		}
		if at = next; at == nil {
			return nil, nil
		}
	}
	return at, nil
}
