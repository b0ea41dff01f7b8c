package openapi

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// tree is the document as YAML nodes: it knows lines, which the decoded document does not.
type tree struct {
	file  string
	root  *yaml.Node
	nodes map[string]*yaml.Node // values by JSON pointer
	lines map[string]int        // the line of a value's key
	order []string              // pointers in the order of the file
}

var yamlLine = regexp.MustCompile(`line (\d+): (.*)`)

func parseTree(file string, data []byte) (*tree, error) {
	t := &tree{file: file, nodes: map[string]*yaml.Node{}, lines: map[string]int{}}
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
			line, _ := strconv.Atoi(m[1])
			return nil, t.errorAt(line, "%s", m[2])
		}
		return nil, fmt.Errorf("%s: %s", file, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	if len(doc.Content) == 0 || doc.Content[0].Kind != yaml.MappingNode {
		return nil, t.errorAt(1, "not an OpenAPI document")
	}
	t.root = doc.Content[0]
	return t, t.index("", t.root, 1, 0)
}

// maxDepth bounds how deep a document nests; it also ends an alias that holds itself.
const maxDepth = 200

func (t *tree) index(pointer string, n *yaml.Node, line, depth int) error {
	if depth > maxDepth {
		return t.errorAt(line, "nested deeper than %d levels", maxDepth)
	}
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	t.nodes[pointer], t.lines[pointer] = n, line
	t.order = append(t.order, pointer)
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := n.Content[i]
			child := pointer + "/" + escape(key.Value)
			if _, twice := t.nodes[child]; twice {
				return t.errorAt(key.Line, "the key %q stands here twice", key.Value)
			}
			if err := t.index(child, n.Content[i+1], key.Line, depth+1); err != nil {
				return err
			}
		}
	case yaml.SequenceNode:
		for i, item := range n.Content {
			if err := t.index(fmt.Sprintf("%s/%d", pointer, i), item, item.Line, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkReferences finds references that lead nowhere or out of the document.
func (t *tree) checkReferences() error {
	for _, pointer := range t.order {
		if !strings.HasSuffix(pointer, "/$ref") || t.nodes[pointer].Kind != yaml.ScalarNode {
			continue
		}
		ref := t.nodes[pointer].Value
		local, ok := strings.CutPrefix(ref, "#")
		if !ok {
			return t.errorAt(t.lines[pointer], "reference %q leaves the document: it must be complete by itself", ref)
		}
		if _, ok := t.nodes[local]; !ok {
			return t.errorAt(t.lines[pointer], "reference %q leads nowhere", ref)
		}
	}
	return nil
}

// resolve follows the references on the way to a node, so that each node has one pointer however it was reached.
func (t *tree) resolve(pointer string) string {
	at := ""
	for _, token := range strings.Split(pointer, "/")[1:] {
		at += "/" + token
		for hops := 0; hops < maxDepth; hops++ {
			ref, ok := t.nodes[at+"/$ref"]
			if !ok {
				break
			}
			at = strings.TrimPrefix(ref.Value, "#")
		}
	}
	return at
}

// fields takes a mapping apart and refuses keys that nobody knows.
func (t *tree) fields(what string, n *yaml.Node, known ...string) (map[string]*yaml.Node, error) {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n.Kind != yaml.MappingNode {
		return nil, t.errorAt(n.Line, "%s: want a mapping with %s", what, strings.Join(known, ", "))
	}
	found := map[string]*yaml.Node{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if !contains(known, key.Value) {
			return nil, t.errorAt(key.Line, "%s: unknown key %q, it takes %s", what, key.Value, strings.Join(known, ", "))
		}
		found[key.Value] = n.Content[i+1]
	}
	return found, nil
}

// text reads a string that must not be empty.
func (t *tree) text(what string, n *yaml.Node) (string, error) {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n.Kind != yaml.ScalarNode || strings.TrimSpace(n.Value) == "" {
		return "", t.errorAt(n.Line, "%s: want a text", what)
	}
	return n.Value, nil
}

// texts reads one string or a list of them.
func (t *tree) texts(what string, n *yaml.Node) ([]string, error) {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	items := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		items = n.Content
	}
	if len(items) == 0 {
		return nil, t.errorAt(n.Line, "%s: the list is empty", what)
	}
	list := []string{}
	for _, item := range items {
		s, err := t.text(what, item)
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, nil
}

func (t *tree) flag(what string, n *yaml.Node) (bool, error) {
	var b bool
	if err := n.Decode(&b); err != nil {
		return false, t.errorAt(n.Line, "%s: want true or false", what)
	}
	return b, nil
}

func (t *tree) errorAt(line int, format string, args ...any) error {
	return errors.New(fmt.Sprintf("%s:%d: ", t.file, line) + fmt.Sprintf(format, args...))
}

func escape(key string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(key)
}

func contains(list []string, s string) bool {
	for _, item := range list {
		if item == s {
			return true
		}
	}
	return false
}
