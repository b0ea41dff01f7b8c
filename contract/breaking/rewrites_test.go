package breaking_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// rewriting is a document while it is written in another way.
type rewriting struct {
	root   *spec.Node
	files  map[string]*spec.Node // further files of the document
	random *rand.Rand
	isYAML bool
}

// is31 reports whether the document is of version 3.1 or 3.2.
func (r *rewriting) is31() bool { return !strings.HasPrefix(word(r.root, "openapi"), "3.0") }

// rewrite is one way to write a document differently, which says the same.
type rewrite struct {
	name string
	// do reports false if there is nothing in the document to rewrite.
	do func(*rewriting) bool
}

var rewrites = []rewrite{
	{name: "references inlined", do: inlineReferences},
	{name: "schemas moved to components", do: moveToComponents},
	{name: "keys reordered", do: reorderKeys},
	{name: "prose changed", do: changeProse},
	{name: "lists reordered", do: reorderLists},
	{name: "alternatives reordered", do: reorderAlternatives},
	{name: "written as 3.1", do: writeAs31},
	{name: "split into files", do: splitIntoFiles},
	{name: "written as YAML", do: func(r *rewriting) bool { r.isYAML = true; return true }},
	{name: "references in allOf", do: wrapReferences},
	{name: "defaults written out", do: writeDefaults},
	{name: "components renamed", do: renameComponents},
	{name: "parameters moved to the path", do: moveParameters},
	{name: "other words of 3.1", do: useOtherWords},
	{name: "security moved to operations", do: moveSecurity},
}

// some takes up to n elements at random, in their order.
func some[T any](r *rewriting, list []T, n int) []T {
	picked := []T{}
	for i, left := 0, min(n, len(list)); i < len(list) && left > 0; i++ {
		if r.random.IntN(len(list)-i) < left {
			picked = append(picked, list[i])
			left--
		}
	}
	return picked
}

// inlineReferences replaces references by what they lead to, unless that contains itself or is chosen by its name.
func inlineReferences(r *rewriting) bool {
	list := []place{}
	for _, p := range places(r.root, "schema", "parameter", "response", "header", "body") {
		if p.isReference() && !r.isRecursive(word(p.node, "$ref"), nil) && !isChosenByName(r, p) {
			list = append(list, p)
		}
	}
	for _, p := range some(r, list, 8) {
		*p.node = *clone(r.target(word(p.node, "$ref")))
	}
	return len(list) > 0
}

func (r *rewriting) target(ref string) *spec.Node { return r.root.At(strings.TrimPrefix(ref, "#")) }

// isRecursive reports whether what a reference leads to contains a reference to itself, one that leads out of the document, or
// rules: their ids are there once.
func (r *rewriting) isRecursive(ref string, above []string) bool {
	target := r.target(ref)
	if target == nil || slices.Contains(above, ref) {
		return true
	}
	found := false
	everywhere(target, func(n *spec.Node) {
		found = found || n.Member("x-rules") != nil
		if below := n.Member("$ref"); below != nil && below.Kind == spec.String && !found {
			found = r.isRecursive(below.Text, append(above, ref))
		}
	})
	return found
}

// isChosenByName reports whether a schema is an alternative of a discriminator, which chooses by the names of components.
func isChosenByName(r *rewriting, p place) bool {
	for _, s := range places(r.root, "schema") {
		if s.node.Member("discriminator") == nil {
			continue
		}
		for _, key := range []string{"oneOf", "anyOf"} {
			if list := s.node.Member(key); list != nil && list == p.parent {
				return true
			}
		}
	}
	ref := word(p.node, "$ref") // and the children of a schema with a discriminator refer to it
	return ref != "" && r.target(ref).Member("discriminator") != nil
}

// moveToComponents moves inline schemas to components, and refers to them.
func moveToComponents(r *rewriting) bool {
	list := slices.DeleteFunc(places(r.root, "schema"), func(p place) bool {
		return p.node.Member("$ref") != nil || isChosenByName(r, p) || p.node.Member("$id") != nil || p.node.Member("$anchor") != nil
	})
	for i, p := range some(r, list, 8) {
		name := fmt.Sprintf("Moved%d", i)
		moved := clone(p.node)
		*p.node = *objectNode("$ref", textNode("#/components/schemas/"+name))
		put(member(member(r.root, "components"), "schemas"), name, moved)
	}
	return len(list) > 0
}

func reorderKeys(r *rewriting) bool {
	everywhere(r.root, func(n *spec.Node) {
		r.random.Shuffle(len(n.Members), func(i, j int) { n.Members[i], n.Members[j] = n.Members[j], n.Members[i] })
	})
	return true
}

func changeProse(r *rewriting) bool {
	for _, p := range places(r.root, "operation", "parameter", "response", "schema", "header", "body") {
		if p.node.Member("$ref") != nil {
			continue
		}
		put(p.node, "description", textNode(fmt.Sprintf("Other words, %d.", r.random.IntN(100))))
		switch p.kind {
		case "operation":
			put(p.node, "summary", textNode("Another title"))
			put(p.node, "tags", listNode(textNode("other")))
		case "schema":
			put(p.node, "title", textNode("Another title"))
			put(p.node, "x-note", textNode("of our team"))
			drop(p.node, "example")
		}
	}
	put(r.root.Member("info"), "description", textNode("Another text."))
	everywhere(orEmpty(r.root.Member("servers")), func(n *spec.Node) {
		if n.Member("url") != nil || n.Member("default") != nil { // a server or a variable
			put(n, "description", textNode("Other words."))
		}
	})
	put(r.root, "externalDocs", objectNode("url", textNode("https://docs.example")))
	return true
}

func orEmpty(n *spec.Node) *spec.Node {
	if n == nil {
		return &spec.Node{}
	}
	return n
}

// reorderLists reorders what is a set: names of members, values, parameters, operations.
func reorderLists(r *rewriting) bool {
	for _, p := range places(r.root, "schema", "operation", "path", "paths") {
		for _, key := range []string{"required", "enum", "type", "parameters", "tags"} {
			if list := p.node.Member(key); list != nil {
				r.random.Shuffle(len(list.Items), func(i, j int) { list.Items[i], list.Items[j] = list.Items[j], list.Items[i] })
			}
		}
		if p.kind == "paths" || p.kind == "path" {
			slices.Reverse(p.node.Members)
		}
	}
	return true
}

func reorderAlternatives(r *rewriting) (isDone bool) {
	for _, p := range places(r.root, "schema") {
		for _, key := range []string{"oneOf", "anyOf", "allOf"} {
			if list := p.node.Member(key); list != nil && len(list.Items) > 1 {
				slices.Reverse(list.Items)
				isDone = true
			}
		}
	}
	return isDone
}

// wrapReferences writes {$ref: …} as {allOf: [{$ref: …}]}, which teams do to give a description beside it.
func wrapReferences(r *rewriting) bool {
	list := slices.DeleteFunc(places(r.root, "schema"), func(p place) bool { return !p.isReference() || isChosenByName(r, p) })
	for _, p := range some(r, list, 8) {
		*p.node = *objectNode("allOf", listNode(clone(p.node)))
	}
	return len(list) > 0
}

// writeDefaults writes out what OpenAPI takes where nothing is written.
func writeDefaults(r *rewriting) bool {
	styles := map[string]string{"query": "form", "cookie": "form", "path": "simple", "header": "simple"}
	for _, p := range places(r.root, "parameter") {
		style := styles[word(p.node, "in")]
		isPlain := p.node.Member("schema") != nil && p.node.Member("style") == nil && p.node.Member("explode") == nil
		if style == "" || !isPlain {
			continue
		}
		put(p.node, "style", textNode(style))
		put(p.node, "explode", boolNode(style == "form"))
		if p.node.Member("required") == nil {
			put(p.node, "required", boolNode(false))
		}
	}
	for _, p := range places(r.root, "operation", "header", "body") {
		if p.node.Member("$ref") != nil {
			continue
		}
		if key := map[string]string{"operation": "deprecated", "header": "required", "body": "required"}[p.kind]; p.node.Member(key) == nil {
			put(p.node, key, boolNode(false))
		}
	}
	for _, p := range places(r.root, "schema") {
		if word(p.node, "type") == "string" && p.node.Member("minLength") == nil && p.node.Member("enum") == nil {
			put(p.node, "minLength", &spec.Node{Kind: spec.Number, Text: "0"})
		}
	}
	return true
}

// renameComponents renames schemas. Schemas that a discriminator chooses by name keep theirs.
func renameComponents(r *rewriting) bool {
	schemas := r.root.At("/components/schemas")
	hasDiscriminator := slices.ContainsFunc(places(r.root, "schema"), func(p place) bool { return p.node.Member("discriminator") != nil })
	if schemas == nil || hasDiscriminator {
		return false
	}
	for i := range schemas.Members {
		schemas.Members[i].Name += "Renamed"
	}
	everywhere(r.root, func(n *spec.Node) {
		ref := n.Member("$ref")
		if ref == nil {
			return
		}
		if below, isSchema := strings.CutPrefix(ref.Text, "#/components/schemas/"); isSchema {
			name, rest, isDeeper := strings.Cut(below, "/")
			text := "#/components/schemas/" + name + "Renamed"
			if isDeeper {
				text += "/" + rest
			}
			*ref = *textNode(text)
		}
	})
	return true
}

// moveParameters moves the parameters of the only operation of a path to the path.
func moveParameters(r *rewriting) (isDone bool) {
	for _, p := range places(r.root, "path") {
		operations := slices.DeleteFunc(slices.Clone(p.node.Members), func(m spec.Member) bool { return grammar["path"][m.Name] != "operation" })
		if len(operations) != 1 || p.node.Member("parameters") != nil || p.node.Member("$ref") != nil {
			continue
		}
		if parameters := operations[0].Value.Member("parameters"); parameters != nil {
			drop(operations[0].Value, "parameters")
			put(p.node, "parameters", parameters)
			isDone = true
		}
	}
	return isDone
}

// moveSecurity writes the security of the document to each operation without its own.
func moveSecurity(r *rewriting) bool {
	all := r.root.Member("security")
	if all == nil {
		return false
	}
	for _, p := range places(objectNode("paths", r.root.Member("paths")), "operation") {
		if p.node.Member("security") == nil {
			put(p.node, "security", clone(all))
		}
	}
	drop(r.root, "security")
	return true
}

// splitIntoFiles moves the schemas to a file, and path items to another.
func splitIntoFiles(r *rewriting) bool {
	schemas := r.root.At("/components/schemas")
	hasDiscriminator := slices.ContainsFunc(places(r.root, "schema"), func(p place) bool { return p.node.Member("discriminator") != nil })
	if schemas == nil || hasDiscriminator {
		return false
	}
	everywhere(r.root, func(n *spec.Node) {
		if ref := n.Member("$ref"); ref != nil && ref.Kind == spec.String && strings.HasPrefix(ref.Text, "#/components/schemas/") {
			put(n, "$ref", textNode("parts/schemas.json"+ref.Text))
		}
	})
	everywhere(schemas, func(n *spec.Node) {
		if ref := n.Member("$ref"); ref != nil && ref.Kind == spec.String {
			text := strings.TrimPrefix(ref.Text, "parts/schemas.json")
			if !strings.HasPrefix(text, "#/components/schemas/") {
				text = "../openapi.json" + text
			}
			put(n, "$ref", textNode(text))
		}
	})
	drop(r.root.Member("components"), "schemas")
	r.files["parts/schemas.json"] = objectNode("components", objectNode("schemas", schemas))
	return true
}

// asYAML writes a tree as YAML.
func asYAML(n *spec.Node) *yaml.Node {
	tags := map[spec.Kind]string{spec.Null: "!!null", spec.Bool: "!!bool", spec.Number: "!!float", spec.String: "!!str"}
	made := &yaml.Node{Kind: yaml.ScalarNode, Tag: tags[n.Kind], Value: n.Text}
	switch n.Kind {
	case spec.Null:
		made.Value = "null"
	case spec.Number:
		if !strings.ContainsAny(n.Text, ".eE") {
			made.Tag = "!!int"
		}
	case spec.Array:
		made = &yaml.Node{Kind: yaml.SequenceNode}
	case spec.Object:
		made = &yaml.Node{Kind: yaml.MappingNode}
	}
	for _, m := range n.Members {
		made.Content = append(made.Content, asYAML(textNode(m.Name)), asYAML(m.Value))
	}
	for _, item := range n.Items {
		made.Content = append(made.Content, asYAML(item))
	}
	return made
}
