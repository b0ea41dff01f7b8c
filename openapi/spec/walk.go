package spec

import "strings"

// A document holds keywords, names that an author chose, and data. What looks like a keyword among names or within data is
// none: a property may be called example, and an example may hold x-rules.

// holdsNames says whether the keys below a keyword are names that an author chose.
func holdsNames(keyword string) bool {
	switch keyword {
	case "paths", "webhooks", "pathItems", "additionalOperations", "responses", "parameters", "examples", "headers",
		"requestBodies", "securitySchemes", "links", "callbacks", "content", "mediaTypes", "variables", "encoding", "mapping",
		"scopes", "schemas", "properties", "patternProperties", "dependentSchemas", "dependentRequired", "$defs", "definitions":
		return true
	}
	return false
}

// holdsData says whether what is below a keyword is data: an example, a default, an enumeration, or an extension.
func holdsData(keyword string, value *Node) bool {
	switch keyword {
	case "example", "value", "dataValue", "default", "enum", "const":
		return true
	case "examples": // of a schema a list, elsewhere a mapping of names
		return value.Kind == Array
	}
	return strings.HasPrefix(keyword, "x-")
}

// walk visits each object below a node whose keys are keywords, in the order of the file, and each once: seen has those
// that were visited before.
func walk(n *Node, seen map[*Node]bool, visit func(object *Node)) {
	if n.Kind != Object && n.Kind != Array || seen[n] {
		return
	}
	seen[n] = true
	for _, item := range n.Items {
		walk(item, seen, visit)
	}
	if n.Kind != Object {
		return
	}
	visit(n)
	for _, m := range n.Members {
		switch {
		case holdsData(m.Name, m.Value):
		case m.Value.Kind == Object && holdsNames(m.Name):
			for _, named := range m.Value.Members {
				if m.Name != "paths" || !strings.HasPrefix(named.Name, "x-") {
					walk(named.Value, seen, visit)
				}
			}
		default:
			walk(m.Value, seen, visit)
		}
	}
}
