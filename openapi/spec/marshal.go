package spec

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// MarshalJSON encodes the node as JSON, with members in the order of the file and numbers as in the file.
func (n *Node) MarshalJSON() ([]byte, error) {
	switch n.Kind {
	case Array:
		return json.Marshal(n.Items)
	case Object:
		b := bytes.NewBufferString("{")
		for i, m := range n.Members {
			name, _ := json.Marshal(m.Name) // a string never fails
			value, err := json.Marshal(m.Value)
			if err != nil {
				return nil, err
			}
			if i > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(b, "%s:%s", name, value)
		}
		b.WriteByte('}')
		return b.Bytes(), nil
	}
	return json.Marshal(n.Value())
}
