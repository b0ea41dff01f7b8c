package mutate

import (
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// unmutated are the keys that no mutant changes. The value is true for keys that a document must have all the same.
var unmutated = map[string]bool{
	"description":     false, // for people
	"summary":         false, // for people
	"title":           true,  // for people
	"says":            true,  // for people: the rule itself is mutated
	"externalDocs":    false, // for people
	"tags":            false, // groups operations on a page
	"contact":         false, // no promise of the API
	"license":         false, // no promise of the API
	"termsOfService":  false, // no promise of the API
	"info":            true,  // names the document; the history of the documents tests the version
	"openapi":         true,  // says how to read the document
	"x-go-name":       false, // names in generated code
	"x-enum-varnames": false, // names in generated code
}

// withoutProse copies a document without what only people read. Mutants are made from this tree.
func withoutProse(n *spec.Node) *spec.Node {
	return without(n, "document", func(k kind, key string) bool {
		required, prose := unmutated[key]
		required = required || k == "response" // OpenAPI requires a description of each
		return prose && !required && !k.named()
	})
}

// withoutExamples copies a document without the named examples of bodies.
func withoutExamples(n *spec.Node) *spec.Node {
	return without(n, "document", func(k kind, key string) bool { return k == "media type" && key == "examples" })
}

// without copies a tree without the members for which leftOut is true.
func without(n *spec.Node, k kind, leftOut func(k kind, key string) bool) *spec.Node {
	made := &spec.Node{Kind: n.Kind, Text: n.Text}
	if n.Kind == spec.Null {
		made.Text = "null"
	}
	for _, m := range n.Members {
		if !leftOut(k, m.Name) {
			made.Members = append(made.Members, spec.Member{Name: m.Name, Value: without(m.Value, k.below(m.Name), leftOut)})
		}
	}
	for _, item := range n.Items {
		made.Items = append(made.Items, without(item, k.below(""), leftOut))
	}
	return made
}
