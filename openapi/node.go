package openapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// tree is the document as YAML nodes: it knows lines, which the decoded document does not.
type tree struct {
	file  string
	root  *yaml.Node
	limit int                   // of nodes
	nodes map[string]*yaml.Node // values by JSON pointer
	lines map[string]int        // the line of a value's key
	order []string              // pointers in the order of the file
	bytes int                   // of all pointers

	sources map[string]bool // the names of x-sources; nil: the document has none, and any source is right
}

func parseTree(file string, data []byte) (*tree, error) {
	t := &tree{file: file, limit: len(data), nodes: map[string]*yaml.Node{}, lines: map[string]int{}}
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return nil, t.syntaxError(data, err)
	}
	if len(doc.Content) == 0 || doc.Content[0].Kind != yaml.MappingNode {
		return nil, t.errorAt(1, "not an OpenAPI document")
	}
	t.root = doc.Content[0]
	mergeKeys(t.root, 0)
	return t, t.index("", t.root, 1, 0)
}

var (
	yamlLine    = regexp.MustCompile(`line (\d+): (.*)`)
	yamlAnchor  = regexp.MustCompile(`^unknown anchor '(.+)' referenced$`)
	jsonEscapes = regexp.MustCompile(`\\(?:/|u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|[^/])`)
)

// syntaxError puts an error of the YAML library into one line, with the line that it leaves out or gets wrong.
func (t *tree) syntaxError(data []byte, err error) error {
	lineAt := func(offset int) int { return 1 + bytes.Count(data[:offset], []byte("\n")) }
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")) {
		var syntax *json.SyntaxError
		if errors.As(json.Unmarshal(data, new(any)), &syntax) {
			return t.errorAt(lineAt(int(syntax.Offset)), "%v", syntax)
		}
	}
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	if m := yamlLine.FindStringSubmatch(text); m != nil {
		line, _ := strconv.Atoi(m[1])
		if strings.HasPrefix(m[2], "did not find expected") { // the parser counts lines from 0, the scanner from 1
			line++
		}
		return t.errorAt(line, "%s", m[2])
	}
	if m := yamlAnchor.FindStringSubmatch(text); m != nil {
		return t.errorAt(lineAt(max(0, bytes.Index(data, []byte("*"+m[1])))), "%s", text)
	}
	for i := 0; i < len(data); { // the reader gives no line: it stops at the first byte that is no text
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 || r < ' ' && !strings.ContainsRune("\t\n\r", r) || r == 0x7f {
			return t.errorAt(lineAt(i), "%s", text)
		}
		i += size
	}
	return t.errorAt(1, "%s", text)
}

// plainJSON writes the two escapes of JSON that the YAML library does not know as what they stand for.
func plainJSON(data []byte) []byte {
	if !json.Valid(data) {
		return data
	}
	return jsonEscapes.ReplaceAllFunc(data, func(escape []byte) []byte {
		if len(escape) == 2 && escape[1] != '/' {
			return escape
		}
		var s string
		if json.Unmarshal([]byte(`"`+string(escape)+`"`), &s) != nil {
			return escape
		}
		return []byte(s)
	})
}

// maxDepth bounds how deep a document nests; it also ends an alias that holds itself.
const maxDepth = 200

// maxPointers bounds the bytes of all pointers: one key of 200 KB over 20,000 numbers would need 4 GB.
const maxPointers = 256 << 20

func (t *tree) index(pointer string, n *yaml.Node, line, depth int) error {
	if depth > maxDepth {
		return t.errorAt(line, "nested deeper than %d levels", maxDepth)
	}
	if len(t.order) > t.limit { // no file has more nodes than bytes
		return t.errorAt(line, "aliases make more of this document than the file holds")
	}
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if t.bytes += len(pointer); t.bytes > maxPointers {
		return t.errorAt(line, "the keys on the way to here are too long: each node below repeats them")
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

// checkEmpty finds keys without a value where an object must stand: kin-openapi names no place for them, or takes them for
// objects.
func (t *tree) checkEmpty() error {
	for _, pointer := range t.order {
		if t.nodes[pointer].ShortTag() != "!!null" || isData(pointer) {
			continue
		}
		holder := parent(pointer)
		if operationPointer.MatchString(pointer) || holdsNames(holder[strings.LastIndexByte(holder, '/')+1:]) {
			return t.errorAt(t.lines[pointer], "%q is empty", unescape(pointer[strings.LastIndexByte(pointer, '/')+1:]))
		}
	}
	return nil
}

// holdsNames says whether the keys below a keyword are names that an author chose.
func holdsNames(keyword string) bool {
	switch keyword {
	case "paths", "responses", "properties", "schemas", "parameters", "examples", "headers", "requestBodies",
		"securitySchemes", "links", "callbacks", "content", "variables", "encoding", "mapping", "scopes":
		return true
	}
	return false
}

// isData says whether a pointer leads into an example, a default, an enumeration or an extension of others, where what
// looks like a key of ours is nobody's.
func isData(pointer string) bool {
	tokens := strings.Split(pointer, "/")[1:]
	for i := 0; i < len(tokens)-1; i++ {
		switch token := tokens[i]; {
		case holdsNames(token):
			i++
		case token == "example", token == "value", token == "default", token == "enum", strings.HasPrefix(token, "x-"):
			return true
		}
	}
	return false
}

// isName says whether the last token of a pointer is a name and no keyword.
func isName(pointer string) bool {
	tokens := strings.Split(pointer, "/")[1:]
	for i := 0; i < len(tokens); i++ {
		if holdsNames(tokens[i]) {
			if i++; i == len(tokens)-1 {
				return true
			}
		}
	}
	return false
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
	if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!str" || strings.TrimSpace(n.Value) == "" {
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

var escaper = strings.NewReplacer("~", "~0", "/", "~1")

func escape(key string) string { return escaper.Replace(key) }

func contains(list []string, s string) bool {
	for _, item := range list {
		if item == s {
			return true
		}
	}
	return false
}
