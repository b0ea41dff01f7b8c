package spec

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// Another process that has read the same files has other nodes. The digest says whether the files are the same, and an address
// names the same node in both:
//
//	#/paths/~1pets/get          in the main file
//	parts/pet.yaml#/Pet/type    in another file, by its path below the document's folder

// Digest identifies the bytes of all files of the document, in hexadecimal: two documents with the same digest have the same
// nodes at the same addresses. The names of their folders do not count.
func (d *Document) Digest() string {
	sum := sha256.New()
	for _, f := range d.inOrder {
		fmt.Fprintf(sum, "%q %x\n", f.path, f.sum)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// Address returns the address of a node of the document.
func (d *Document) Address(n *Node) string {
	name := ""
	if n.file != d.Root.file {
		name = n.file.path
	}
	return name + "#" + n.Pointer()
}

// NodeAt returns the node with an address, or nil if the document has none.
func (d *Document) NodeAt(address string) *Node {
	for _, f := range d.inOrder {
		pointer, isIn := strings.CutPrefix(address, f.path+"#")
		if f == d.Root.file {
			pointer, isIn = strings.CutPrefix(address, "#")
		}
		if isIn {
			return f.root.At(pointer)
		}
	}
	return nil
}
