package spec

import (
	"net/url"
	"path"
	"strings"
)

// References are resolved only where OpenAPI and JSON Schema allow them. A $ref anywhere else, for example below an unknown x-
// key, is data. A reference is a URI and a fragment:
//
//	schemas/pet.json#/$defs/Tag    the file below the document's folder, or the resource with that address; then a JSON pointer
//	#node                          this resource; then an anchor
//
// The URI is resolved against the address of the resource that contains the reference (resource.go). If the document has no
// resource with that address, it is the path of a file. No file outside the document's folder is read, and nothing is fetched.

// maxHops limits a chain of references.
const maxHops = 100

// follow returns the target of n: n itself, or the end of the chain of references that begins with its $ref. With a finding it
// returns n.
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

// resolve returns the target of one reference.
func (d *Document) resolve(ref *Node) (*Node, *Finding) {
	hops := maxHops
	return d.resolveWithin(ref, &hops)
}

// resolveWithin resolves a reference with a shared limit of hops.
func (d *Document) resolveWithin(ref *Node, hops *int) (*Node, *Finding) {
	if ref.Kind != String {
		return nil, d.find("reference/unresolved", ref, "$ref: want a string, got %s", ref.Kind)
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

// addressed returns the resource that the URI of a reference names.
func (d *Document) addressed(ref *Node, address string) (*resource, *Finding) {
	from := d.resourceOf(ref)
	if address == "" {
		return from, nil
	}
	u, err := url.Parse(address)
	if err != nil {
		return nil, d.find("reference/unresolved", ref, "reference %q is not a URI", shortened(ref.Text))
	}
	if r := d.byAddress[addressKey(from.address.ResolveReference(u))]; r != nil {
		return r, nil
	}
	if u.Scheme != "" || u.Host != "" {
		return nil, d.find("reference/outside", ref,
			"reference %q is outside the document: nothing is fetched", shortened(ref.Text))
	}
	name := path.Join(path.Dir(ref.file.path), u.Path)
	if path.IsAbs(u.Path) || name == ".." || strings.HasPrefix(name, "../") {
		return nil, d.find("reference/outside", ref, "reference %q is outside the document's folder", shortened(ref.Text))
	}
	f := d.file(name)
	switch {
	case f.missing != "":
		return nil, d.find("reference/unresolved", ref, "reference %q: %s", shortened(ref.Text), f.missing)
	case f.root == nil:
		return nil, d.add(f.findings[0])
	}
	return d.resources[f.root], nil
}

// fragment returns the node of a fragment, which is an anchor or a JSON pointer, or nil if there is none. A pointer may pass
// through references: below a node with $ref, it continues at the target.
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
