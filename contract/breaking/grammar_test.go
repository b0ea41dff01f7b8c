package breaking_test

import (
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Rewrites edit documents as trees of spec.Node. What a node is follows from its parent, by the grammar of OpenAPI:
//
//	document → "paths" → paths → "/pets" (any key: *) → path → "get" → operation → "parameters" → parameters → * → parameter

var grammar = map[string]map[string]string{
	"document":   {"paths": "paths", "webhooks": "paths", "components": "components"},
	"paths":      {"*": "path"},
	"path":       methods(map[string]string{"parameters": "parameters"}),
	"operation":  {"parameters": "parameters", "requestBody": "body", "responses": "responses", "callbacks": "callbacks"},
	"callbacks":  {"*": "callback"},
	"callback":   {"*": "path"},
	"parameters": {"*": "parameter"},
	"parameter":  {"schema": "schema", "content": "content"},
	"body":       {"content": "content"},
	"responses":  {"*": "response"},
	"response":   {"headers": "headers", "content": "content"},
	"headers":    {"*": "header"},
	"header":     {"schema": "schema", "content": "content"},
	"content":    {"*": "media"},
	"media":      {"schema": "schema", "itemSchema": "schema"},
	"components": {
		"schemas": "schemas", "responses": "responses", "parameters": "parameters", "headers": "headers", "requestBodies": "bodies",
		"callbacks": "callbacks", "pathItems": "paths",
	},
	"bodies":  {"*": "body"},
	"schemas": {"*": "schema"},
	"schema": {
		"properties": "schemas", "patternProperties": "schemas", "items": "schema", "additionalProperties": "schema", "not": "schema",
		"allOf": "schemas", "oneOf": "schemas", "anyOf": "schemas", "prefixItems": "schemas", "$defs": "schemas",
		"if": "schema", "then": "schema", "else": "schema", "contains": "schema", "propertyNames": "schema",
		"dependentSchemas": "schemas", "unevaluatedProperties": "schema", "unevaluatedItems": "schema",
	},
}

func methods(keys map[string]string) map[string]string {
	for _, method := range strings.Fields("get put post delete options head patch trace") {
		keys[method] = "operation"
	}
	return keys
}

// place is a node of a document: its kind by the grammar, its key and its parent.
type place struct {
	kind, key string
	node      *spec.Node
	parent    *spec.Node
}

// isReference reports whether the node is a reference and nothing else.
func (p place) isReference() bool { return len(p.node.Members) == 1 && p.node.Member("$ref") != nil }

// places lists all nodes of some kinds, in the order of the document.
func places(root *spec.Node, kinds ...string) []place {
	list := []place{}
	var walk func(p place)
	walk = func(p place) {
		if slices.Contains(kinds, p.kind) && p.node.Kind == spec.Object {
			list = append(list, p)
		}
		below := grammar[p.kind]
		next := func(key string, child *spec.Node) {
			kind := below[key]
			if kind == "" && !strings.HasPrefix(key, "x-") {
				kind = below["*"]
			}
			if kind != "" {
				walk(place{kind, key, child, p.node})
			}
		}
		for _, m := range p.node.Members {
			next(m.Name, m.Value)
		}
		for _, item := range p.node.Items {
			next("*", item)
		}
	}
	walk(place{kind: "document", node: root})
	return list
}

// The editing of nodes. Nodes are made without an index of their members, so that members can be changed.

func clone(n *spec.Node) *spec.Node {
	made := &spec.Node{Kind: n.Kind, Text: n.Text}
	if n.Kind == spec.Array {
		made.Items = []*spec.Node{} // as JSON [], not null
	}
	for _, m := range n.Members {
		made.Members = append(made.Members, spec.Member{Name: m.Name, Value: clone(m.Value)})
	}
	for _, item := range n.Items {
		made.Items = append(made.Items, clone(item))
	}
	return made
}

func textNode(text string) *spec.Node { return &spec.Node{Kind: spec.String, Text: text} }

func listNode(items ...*spec.Node) *spec.Node { return &spec.Node{Kind: spec.Array, Items: items} }

func boolNode(b bool) *spec.Node {
	if b {
		return &spec.Node{Kind: spec.Bool, Text: "true"}
	}
	return &spec.Node{Kind: spec.Bool, Text: "false"}
}

func objectNode(name string, value *spec.Node) *spec.Node {
	return &spec.Node{Kind: spec.Object, Members: []spec.Member{{Name: name, Value: value}}}
}

func put(n *spec.Node, name string, value *spec.Node) {
	for i := range n.Members {
		if n.Members[i].Name == name {
			n.Members[i].Value = value
			return
		}
	}
	n.Members = append(n.Members, spec.Member{Name: name, Value: value})
}

func drop(n *spec.Node, name string) {
	n.Members = slices.DeleteFunc(n.Members, func(m spec.Member) bool { return m.Name == name })
}

// member returns the object of a name, and makes it if it is not there.
func member(n *spec.Node, name string) *spec.Node {
	if child := n.Member(name); child != nil {
		return child
	}
	child := &spec.Node{Kind: spec.Object}
	put(n, name, child)
	return child
}

// word is the text of a member, or "".
func word(n *spec.Node, name string) string {
	if child := n.Member(name); child != nil {
		return child.Text
	}
	return ""
}

// everywhere visits all nodes of a tree.
func everywhere(n *spec.Node, visit func(*spec.Node)) {
	visit(n)
	for _, m := range n.Members {
		everywhere(m.Value, visit)
	}
	for _, item := range n.Items {
		everywhere(item, visit)
	}
}
