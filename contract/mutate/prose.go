package mutate

import (
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// Unmutated is what no mutant changes, and why. Every other key of a document is a site.
var Unmutated = []struct{ Key, Why string }{
	{"description", "for people"},
	{"summary", "for people"},
	{"title", "for people"},
	{"says", "for people: it is the rule that is held"},
	{"externalDocs", "for people"},
	{"tags", "groups operations on a page"},
	{"contact", "no promise of the API"},
	{"license", "no promise of the API"},
	{"termsOfService", "no promise of the API"},
	{"info", "names the document; its version is held by the history of the documents"},
	{"openapi", "says how to read the document"},
	{"x-go-name", "names in generated code"},
	{"x-enum-varnames", "names in generated code"},
}

func isProse(key string) bool {
	for _, u := range Unmutated {
		if u.Key == key {
			return true
		}
	}
	return false
}

// needed is what is not mutated but must be there.
var needed = map[string]bool{"info": true, "openapi": true, "title": true, "says": true, "version": true}

// withoutProse is the tree of a document of which mutants are made: without what people alone read.
func withoutProse(n *spec.Node) *spec.Node {
	return without(n, "document", func(k kind, key string) bool {
		required := needed[key] || k == "response" // OpenAPI wants a description of each
		return !k.named() && isProse(key) && !required
	})
}

// withoutExamples is the document without the named examples of bodies.
func withoutExamples(n *spec.Node) *spec.Node {
	return without(n, "document", func(k kind, key string) bool { return k == "media type" && key == "examples" })
}

// without copies a tree but for the members that are left out.
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
