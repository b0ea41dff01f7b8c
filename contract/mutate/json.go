package mutate

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Bodies are edited as trees of YAML nodes, like documents: they keep the order of members, and the letters of numbers.

// raw is the tag of a scalar that is written as it stands, whatever it is.
const raw = "!raw"

// parseBody reads a JSON body.
func parseBody(data []byte) (*yaml.Node, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	n, err := readValue(d)
	if err != nil {
		return nil, fmt.Errorf("read a body: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fmt.Errorf("read a body: more than one value")
	}
	return n, nil
}

func readValue(d *json.Decoder) (*yaml.Node, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch v := token.(type) {
	case json.Delim:
		n := list()
		if v == '{' {
			n = mapping()
		}
		for d.More() {
			child, err := readValue(d) // the name of a member is a text too
			if err != nil {
				return nil, err
			}
			n.Content = append(n.Content, child)
		}
		_, err := d.Token()
		return n, err
	case string:
		return scalar(v), nil
	case json.Number:
		return tagged("!!int", v.String()), nil
	case nil:
		return tagged("!!null", "null"), nil
	}
	return tagged("!!bool", fmt.Sprint(token)), nil
}

// writeBody is the opposite of parseBody.
func writeBody(n *yaml.Node) []byte {
	var b bytes.Buffer
	writeValue(&b, n)
	return b.Bytes()
}

func writeValue(b *bytes.Buffer, n *yaml.Node) {
	switch n.Kind {
	case yaml.MappingNode:
		b.WriteByte('{')
		for i, child := range n.Content {
			switch {
			case i%2 == 1:
				b.WriteByte(':')
			case i > 0:
				b.WriteByte(',')
			}
			writeValue(b, child)
		}
		b.WriteByte('}')
	case yaml.SequenceNode:
		b.WriteByte('[')
		for i, child := range n.Content {
			if i > 0 {
				b.WriteByte(',')
			}
			writeValue(b, child)
		}
		b.WriteByte(']')
	default:
		if n.Tag != "!!str" {
			b.WriteString(n.Value)
			return
		}
		var text strings.Builder
		e := json.NewEncoder(&text)
		e.SetEscapeHTML(false)
		_ = e.Encode(n.Value) // a string always can
		b.WriteString(strings.TrimSuffix(text.String(), "\n"))
	}
}
