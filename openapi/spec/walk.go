package spec

import "strings"

// The keys of a document are keywords, names that the author chose, or data. walk visits only objects whose keys are keywords,
// so that names and data are not read as keywords:
//
//	properties: {example: {x-rules: […]}}    example is a name, and x-rules counts
//	example: {x-rules: […]}                  x-rules is data, and does not count

// holdsNames reports whether the keys below a keyword are names that the author chose.
func holdsNames(keyword string) bool {
	switch keyword {
	case "paths", "webhooks", "pathItems", "additionalOperations", "responses", "parameters", "examples", "headers",
		"requestBodies", "securitySchemes", "links", "callbacks", "content", "mediaTypes", "variables", "encoding", "mapping",
		"scopes", "schemas", "properties", "patternProperties", "dependentSchemas", "dependentRequired", "$defs", "definitions":
		return true
	}
	return false
}

// holdsData reports whether the value of a keyword is data: an example, a default, an enumeration or an extension.
func holdsData(keyword string, value *Node) bool {
	switch keyword {
	case "example", "value", "dataValue", "default", "enum", "const":
		return true
	case "examples": // an array in a schema, elsewhere a mapping of names
		return value.Kind == Array
	}
	return strings.HasPrefix(keyword, "x-")
}

// walk visits each non-empty object below a node whose keys are keywords, in the order of the file. It skips the nodes in
// visited, and adds those that it visits.
func walk(n *Node, visited map[*Node]bool, visit func(object *Node)) {
	if len(n.Items)+len(n.Members) == 0 || visited[n] {
		return
	}
	visited[n] = true
	for _, item := range n.Items {
		walk(item, visited, visit)
	}
	if n.Kind == Object {
		visit(n)
	}
	for _, m := range n.Members {
		switch {
		case holdsData(m.Name, m.Value):
		case m.Value.Kind == Object && holdsNames(m.Name):
			for _, named := range m.Value.Members {
				if m.Name != "paths" || !strings.HasPrefix(named.Name, "x-") {
					walk(named.Value, visited, visit)
				}
			}
		default:
			walk(m.Value, visited, visit)
		}
	}
}
