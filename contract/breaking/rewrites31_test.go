package breaking_test

import (
	"slices"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// writeAs31 writes a document of 3.0 as one of 3.1: null is a type, exclusive bounds are numbers, examples are lists, and formats
// of encodings are keywords of their own.
func writeAs31(r *rewriting) bool {
	if r.is31() {
		return false
	}
	put(r.root, "openapi", textNode("3.1.0"))
	for _, p := range places(r.root, "schema") {
		writeSchemaAs31(p.node)
	}
	return true
}

func writeSchemaAs31(n *spec.Node) {
	if ref := n.Member("$ref"); ref != nil { // 3.0 ignores what stands beside it
		*n = *objectNode("$ref", ref)
		return
	}
	if nullable := n.Member("nullable"); nullable != nil {
		drop(n, "nullable")
		if name := n.Member("type"); name != nil && nullable.Text == "true" {
			put(n, "type", listNode(name, textNode("null")))
		}
	}
	for _, bound := range [][2]string{{"minimum", "exclusiveMinimum"}, {"maximum", "exclusiveMaximum"}} {
		exclusive := n.Member(bound[1])
		if exclusive == nil {
			continue
		}
		drop(n, bound[1])
		if limit := n.Member(bound[0]); limit != nil && exclusive.Text == "true" {
			drop(n, bound[0])
			put(n, bound[1], limit)
		}
	}
	if example := n.Member("example"); example != nil {
		drop(n, "example")
		put(n, "examples", listNode(example))
	}
	switch word(n, "format") {
	case "byte":
		drop(n, "format")
		put(n, "contentEncoding", textNode("base64"))
	case "binary":
		drop(n, "format")
		put(n, "contentMediaType", textNode("application/octet-stream"))
	}
}

// useOtherWords writes what 3.1 can say in two ways in the other way: enum as const, null as an alternative, a type as a list.
func useOtherWords(r *rewriting) bool {
	if !r.is31() {
		return false
	}
	for _, p := range places(r.root, "schema") {
		n := p.node
		if enum := n.Member("enum"); enum != nil && len(enum.Items) == 1 {
			put(n, "const", enum.Items[0])
			drop(n, "enum")
		} else if value := n.Member("const"); value != nil && enum == nil {
			put(n, "enum", listNode(value))
			drop(n, "const")
		}
		if name := n.Member("type"); name != nil && name.Kind == spec.String && r.random.IntN(2) == 0 {
			put(n, "type", listNode(name))
		}
		list := n.Member("type")
		isNull := func(n *spec.Node) bool { return n.Text == "null" }
		isNullable := list != nil && len(list.Items) == 2 && slices.ContainsFunc(list.Items, isNull)
		if isNullable && n.Member("enum") == nil && n.Member("const") == nil && n.Member("anyOf") == nil && n.Member("x-rules") == nil {
			other := clone(n)
			put(other, "type", slices.DeleteFunc(slices.Clone(list.Items), isNull)[0])
			*n = *objectNode("anyOf", listNode(other, objectNode("type", textNode("null"))))
		}
	}
	return true
}
