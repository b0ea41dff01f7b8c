package server

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// dataFile is the file that data was read from. Errors name its lines.
type dataFile struct {
	name string
	root *yaml.Node
}

// ReadData reads a data file (docs/data.schema.json, server/sample.yaml). The name is for errors, which are one line, begin
// with "NAME:LINE: " and contain no secret. New checks numbers, IDs and references.
func ReadData(name string, text []byte) (*Data, error) {
	var document yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	switch err := decoder.Decode(&document); {
	case errors.Is(err, io.EOF):
		return nil, fmt.Errorf("%s:1: the file is empty", name)
	case err != nil:
		return nil, syntaxError(name, err)
	}
	var second yaml.Node
	switch err := decoder.Decode(&second); {
	case err == nil:
		return nil, fmt.Errorf("%s:%d: want one YAML document", name, second.Line)
	case !errors.Is(err, io.EOF):
		return nil, syntaxError(name, err)
	}
	root := document.Content[0]
	d := &Data{file: &dataFile{name, root}}
	err := root.Decode(d)
	if _, shape := errors.AsType[*yaml.TypeError](err); err != nil && !shape { // checkShape has better messages for those
		return nil, syntaxError(name, err) // the decoder limits aliases, so checkShape ends
	}
	if at, err := checkShape(root, reflect.TypeFor[Data]()); err != nil {
		return nil, fmt.Errorf("%s:%d: %w", name, at.Line, err)
	}
	if err != nil {
		return nil, fmt.Errorf("%s:%d: want accounts and principals as docs/data.schema.json has them", name, root.Line)
	}
	return d, nil
}

var yamlLine = regexp.MustCompile(`line (\d+): `)

// syntaxError returns an error of the parser with its line. The parser's texts quote nothing of the file.
func syntaxError(name string, err error) error {
	text, line := strings.TrimPrefix(err.Error(), "yaml: "), "1"
	if m := yamlLine.FindStringSubmatch(text); m != nil {
		text, line = strings.Replace(text, m[0], "", 1), m[1]
	}
	return fmt.Errorf("%s:%s: %s", name, line, strings.Join(strings.Fields(text), " "))
}

// checkShape compares a node with the type that it is read into, and returns the first node that does not fit. Errors quote no
// value and no key: either could be a secret in the wrong place.
func checkShape(n *yaml.Node, t reflect.Type) (at *yaml.Node, err error) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	tag := n.ShortTag()
	switch {
	case t == reflect.TypeFor[time.Time]():
		if _, err := time.Parse(time.RFC3339, n.Value); err != nil {
			return n, errors.New("want a time such as 2030-01-31T12:00:00Z")
		}
	case t.Kind() == reflect.Struct:
		return checkMapping(n, t)
	case t.Kind() == reflect.Pointer && tag == "!!null":
	case t.Kind() == reflect.Pointer:
		return checkShape(n, t.Elem())
	case t.Kind() == reflect.Slice:
		if n.Kind != yaml.SequenceNode {
			return n, errors.New("want a list")
		}
		for _, item := range n.Content {
			if at, err := checkShape(item, t.Elem()); err != nil {
				return at, err
			}
		}
	case t.Kind() == reflect.Int32:
		if _, err := strconv.ParseInt(n.Value, 10, 32); err != nil || tag != "!!int" {
			return n, errors.New("want a whole number of 32 bits, in decimal digits")
		}
	case tag != "!!str":
		return n, errors.New("want text; put it in quotes if it looks like something else")
	}
	return nil, nil
}

func checkMapping(n *yaml.Node, t reflect.Type) (at *yaml.Node, err error) {
	members, keys := membersOf(t)
	if n.Kind != yaml.MappingNode {
		return n, fmt.Errorf("want a mapping with %s", strings.Join(keys, ", "))
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		which := slices.Index(keys, key.Value)
		switch {
		case which < 0:
			return key, fmt.Errorf("unknown key: it is one of %s", strings.Join(keys, ", "))
		case seen[key.Value]:
			return key, fmt.Errorf("duplicate key %s", key.Value)
		}
		seen[key.Value] = true
		if at, err := checkShape(value, members[which].Type); err != nil {
			return at, fmt.Errorf("%s: %w", key.Value, err)
		}
	}
	for i, m := range members {
		optional := m.Type.Kind() == reflect.Pointer || strings.Contains(m.Tag.Get("yaml"), "omitempty")
		if !optional && !seen[keys[i]] {
			return n, fmt.Errorf("%s is missing", keys[i])
		}
	}
	return nil, nil
}

// membersOf lists the exported fields of a type and their keys. Fields of generated models have no tag, so their key is the
// name in lower case.
func membersOf(t reflect.Type) (members []reflect.StructField, keys []string) {
	for _, f := range reflect.VisibleFields(t) {
		if f.IsExported() {
			key, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
			members, keys = append(members, f), append(keys, cmp.Or(key, strings.ToLower(f.Name)))
		}
	}
	return members, keys
}

// child returns the node under a key or at an index, the node itself if there is none.
func child(n *yaml.Node, step any) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	for i, item := range n.Content {
		switch {
		case n.Kind == yaml.SequenceNode && i == step:
			return item
		case n.Kind == yaml.MappingNode && i%2 == 1 && n.Content[i-1].Value == step:
			return item
		}
	}
	return n
}
