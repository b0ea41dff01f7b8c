package recordings

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// The manifest is read as YAML nodes instead of into a struct, so that every error names its line, and unknown and
// duplicate keys are errors. All errors begin with a line number, to which Load adds the file.

// rows reads the rows of a manifest.
func rows(data []byte) ([]*yaml.Node, error) {
	decoder := yaml.NewDecoder(strings.NewReader(string(data)))
	var doc yaml.Node
	if err := decoder.Decode(&doc); err != nil && !errors.Is(err, io.EOF) {
		return nil, atLine(err)
	}
	if len(doc.Content) == 0 {
		return nil, errors.New("1: no recording")
	}
	list := doc.Content[0]
	if list.Kind != yaml.SequenceNode || len(list.Content) == 0 {
		return nil, fmt.Errorf("%d: want a list of recordings", list.Line)
	}
	var second yaml.Node
	switch err := decoder.Decode(&second); {
	case errors.Is(err, io.EOF):
		return list.Content, nil
	case err != nil:
		return nil, atLine(err)
	}
	return nil, fmt.Errorf("%d: second document: want one list", second.Line)
}

var yamlError = regexp.MustCompile(`line (\d+): (.*)`)

// atLine puts the line number of an error of the YAML library first.
func atLine(err error) error {
	if m := yamlError.FindStringSubmatch(err.Error()); m != nil {
		return fmt.Errorf("%s: %s", m[1], m[2])
	}
	return errors.New("1: " + strings.TrimPrefix(err.Error(), "yaml: "))
}

// field is a key of a mapping and the variable for its value.
type field struct {
	key   string
	value any // *string, *int, *[]string, *map[string]string, *http.Header or []field
}

// fields reads a mapping into variables. Unknown keys, duplicate keys and values of another kind are errors.
func fields(n *yaml.Node, known []field) error {
	if n.Kind != yaml.MappingNode {
		return fmt.Errorf("%d: want a mapping", n.Line)
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		at := slices.IndexFunc(known, func(f field) bool { return f.key == key.Value })
		switch {
		case at < 0:
			return fmt.Errorf("%d: unknown key %q: want one of %s", key.Line, key.Value, keysOf(known))
		case seen[key.Value]:
			return fmt.Errorf("%d: duplicate key %q", key.Line, key.Value)
		}
		seen[key.Value] = true
		if err := known[at].read(value); err != nil {
			return err
		}
	}
	return nil
}

// keysOf lists the keys of fields.
func keysOf(known []field) string {
	keys := []string{}
	for _, f := range known {
		keys = append(keys, f.key)
	}
	return strings.Join(keys, ", ")
}

func (f field) read(n *yaml.Node) error {
	switch value := f.value.(type) {
	case []field:
		return fields(n, value)
	case *string:
		if n.Kind == yaml.ScalarNode {
			*value = n.Value
			return nil
		}
		return fmt.Errorf("%d: %s: want a string", n.Line, f.key)
	case *int:
		var err error
		if *value, err = strconv.Atoi(n.Value); err != nil {
			return fmt.Errorf("%d: %s: want a number, not %q", n.Line, f.key, n.Value)
		}
	case *[]string:
		if n.Kind != yaml.SequenceNode {
			return fmt.Errorf("%d: %s: want a list", n.Line, f.key)
		}
		for _, item := range n.Content {
			*value = append(*value, item.Value)
		}
	case *map[string]string:
		if n.Kind != yaml.MappingNode {
			return fmt.Errorf("%d: %s: want a mapping", n.Line, f.key)
		}
		*value = map[string]string{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			(*value)[n.Content[i].Value] = n.Content[i+1].Value
		}
	case *http.Header:
		return readHeader(n, f.key, value)
	}
	return nil
}

// readHeader reads headers: {Location: /a, Vary: [Accept, Origin]}. A header that was sent several times has a list.
func readHeader(n *yaml.Node, key string, header *http.Header) error {
	if n.Kind != yaml.MappingNode {
		return fmt.Errorf("%d: %s: want a mapping", n.Line, key)
	}
	*header = http.Header{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, values := http.CanonicalHeaderKey(n.Content[i].Value), []*yaml.Node{n.Content[i+1]}
		if values[0].Kind == yaml.SequenceNode {
			values = values[0].Content
		}
		for _, value := range values {
			if value.Kind != yaml.ScalarNode {
				return fmt.Errorf("%d: %s: want a string or a list of strings for each header", value.Line, key)
			}
			header.Add(name, value.Value)
		}
	}
	return nil
}
