package spec_test

import (
	"errors"
	"testing"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// addressed is a document of two files, with keys that look like parts of an address.
var addressed = map[string]string{
	"main.yaml": `
openapi: 3.0.3
info: {title: t, version: '1'}
paths:
  /a#/b#: {get: {responses: {'200': {$ref: 'parts/p.yaml#/responses/It'}}}}
`,
	"parts/p.yaml": "responses: {It: {description: It.}}\n",
}

// readAddressed reads the document; edit is added to the second file.
func readAddressed(t *testing.T, folder, edit string) *spec.Document {
	t.Helper()
	d, err := spec.Read(folder+"main.yaml", []byte(addressed["main.yaml"]), func(name string) ([]byte, error) {
		if text, ok := addressed[name]; ok {
			return []byte(text + edit), nil
		}
		return nil, errors.New("no such file")
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestAddress tests that the address of a node leads to the node at the same place of another copy of the document.
func TestAddress(t *testing.T) {
	one, two := readAddressed(t, "", ""), readAddressed(t, "here/", "")
	for _, test := range []struct {
		name, address string
		node          *spec.Node
	}{
		{name: "the root", address: "#", node: one.Root},
		{name: "a path", address: "#/paths/~1a#~1b#", node: one.PathItems[0].Node},
		{name: "in another file", address: "parts/p.yaml#/responses/It", node: one.Operations[0].Responses[0].Node},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := one.Address(test.node); got != test.address {
				t.Fatalf("got %s, want %s", got, test.address)
			}
			if one.NodeAt(test.address) != test.node {
				t.Error("the address leads to another node")
			}
			other := two.NodeAt(test.address)
			if other == nil || other == test.node || other.Place().Line != test.node.Place().Line {
				t.Errorf("in the copy it leads to %v", other)
			}
		})
	}
	for _, wrong := range []string{"", "/paths", "#/paths/x", "q.yaml#/responses/It", "paths"} {
		if got := one.NodeAt(wrong); got != nil {
			t.Errorf("%q leads to %s", wrong, got.Place())
		}
	}
}

// TestDigest tests that the digest depends on the bytes of every file and not on the folder.
func TestDigest(t *testing.T) {
	digest := readAddressed(t, "", "").Digest()
	if got := readAddressed(t, "there/", "").Digest(); got != digest {
		t.Errorf("in another folder: got %s, want %s", got, digest)
	}
	if got := readAddressed(t, "", "# more\n").Digest(); got == digest {
		t.Error("another file has the same digest")
	}
}
