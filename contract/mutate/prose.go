package mutate

import (
	"go.yaml.in/yaml/v3"

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
func withoutProse(n *spec.Node, kind kind) *yaml.Node {
	switch n.Kind {
	case spec.Object:
		tree := mapping()
		for _, m := range n.Members {
			value := withoutProse(m.Value, kind.below(m.Name))
			switch {
			case kind == kindResponse && m.Name == "description":
				value = scalar("-") // OpenAPI wants one
			case !kind.named() && isProse(m.Name) && !needed[m.Name]:
				continue
			}
			tree.Content = append(tree.Content, scalar(m.Name), value)
		}
		return tree
	case spec.Array:
		tree := list()
		for _, item := range n.Items {
			tree.Content = append(tree.Content, withoutProse(item, kind.below("")))
		}
		return tree
	case spec.Bool:
		return tagged("!!bool", n.Text)
	case spec.Number:
		return tagged("!!float", n.Text)
	case spec.Null:
		return tagged("!!null", "null")
	}
	return scalar(n.Text)
}

// withoutExamples is the document without the named examples of bodies.
func withoutExamples(n *yaml.Node, kind kind) *yaml.Node {
	c := *n
	c.Content = []*yaml.Node{}
	for i := 0; i < len(n.Content); i++ {
		if n.Kind != yaml.MappingNode {
			c.Content = append(c.Content, withoutExamples(n.Content[i], kind.below("")))
			continue
		}
		key, value := n.Content[i], n.Content[i+1]
		i++
		if kind != kindMedia || key.Value != "examples" {
			c.Content = append(c.Content, key, withoutExamples(value, kind.below(key.Value)))
		}
	}
	return &c
}
