package openapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v3"
)

// Variants reads many variants of one document, which its caller parses once. It may be used concurrently.
type Variants struct {
	file string
	// The first document without our extensions, and what was made of it.
	plain   []byte
	doc     *openapi3.T
	schemas map[*openapi3.Schema]string
}

// NewVariants reads the first document from the nodes of its YAML, which stay as they are.
func NewVariants(file string, root *yaml.Node) (*Variants, *Document, error) {
	v := &Variants{file: file}
	t, plain, err := v.parse(root)
	if err != nil {
		return nil, nil, err
	}
	doc, err := t.read(openapi3.NewLoader(), plain)
	if err != nil {
		return nil, nil, err
	}
	v.plain, v.doc = plain, doc
	if v.schemas, err = t.schemas(doc); err != nil {
		return nil, nil, err
	}
	d, err := t.view(doc, v.schemas)
	return v, d, err
}

// Load reads a variant. Where it differs from the first document in extensions alone, both share what kin-openapi made of it.
// An error is one line; those of kin-openapi, which sees no lines here, name the nearest that can be found.
func (v *Variants) Load(root *yaml.Node) (*Document, error) {
	t, plain, err := v.parse(root)
	if err != nil {
		return nil, err
	}
	if bytes.Equal(plain, v.plain) {
		return t.view(v.doc, v.schemas)
	}
	return t.document(openapi3.NewLoader(), plain)
}

func (v *Variants) parse(root *yaml.Node) (t *tree, plain []byte, err error) {
	t = &tree{file: v.file, limit: 1 << 20, nodes: map[string]*yaml.Node{}, lines: map[string]int{}, root: root}
	if root.Kind != yaml.MappingNode {
		return nil, nil, t.errorAt(1, "not an OpenAPI document")
	}
	if err := t.index("", root, 1, 0); err != nil {
		return nil, nil, err
	}
	if err := t.check(); err != nil {
		return nil, nil, err
	}
	var b bytes.Buffer
	err = writeJSON(&b, root, keywords)
	return t, b.Bytes(), err
}

// writeJSON writes nodes as JSON, which kin-openapi reads several times faster than YAML, and leaves out keywords that begin
// with x-.
func writeJSON(b *bytes.Buffer, n *yaml.Node, keys keyKind) error {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	switch n.Kind {
	case yaml.MappingNode:
		kept := []*yaml.Node{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			if keys != keywords || !strings.HasPrefix(n.Content[i].Value, "x-") {
				kept = append(kept, n.Content[i], n.Content[i+1])
			}
		}
		return writeList(b, '{', '}', len(kept)/2, func(i int) error {
			key := kept[2*i].Value
			writeText(b, key)
			b.WriteByte(':')
			return writeJSON(b, kept[2*i+1], keys.below(key))
		})
	case yaml.SequenceNode:
		return writeList(b, '[', ']', len(n.Content), func(i int) error { return writeJSON(b, n.Content[i], keys) })
	}
	switch n.ShortTag() {
	case "!!null":
		b.WriteString("null")
	case "!!bool", "!!int", "!!float":
		var v any
		if err := n.Decode(&v); err != nil {
			return fmt.Errorf("line %d: %w", n.Line, err)
		}
		data, err := json.Marshal(v)
		if err != nil {
			return fmt.Errorf("line %d: %w", n.Line, err)
		}
		b.Write(data)
	default: // texts, and what looks like a time: OpenAPI has no times
		writeText(b, n.Value)
	}
	return nil
}

// keyKind says what the keys of a mapping are.
type keyKind int

const (
	keywords keyKind = iota
	names            // that an author chose
	data             // nobody's, down to the leaves
)

func (k keyKind) below(key string) keyKind {
	switch {
	case k == data:
		return data
	case k == names:
		return keywords
	case holdsNames(key):
		return names
	case key == "example", key == "value", key == "default", key == "enum", key == "security":
		return data
	}
	return keywords
}

func writeList(b *bytes.Buffer, first, last byte, length int, element func(i int) error) error {
	b.WriteByte(first)
	for i := range length {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := element(i); err != nil {
			return err
		}
	}
	b.WriteByte(last)
	return nil
}

func writeText(b *bytes.Buffer, s string) {
	data, _ := json.Marshal(s) // a string always can
	b.Write(data)
}
