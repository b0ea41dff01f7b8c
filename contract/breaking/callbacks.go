package breaking

import (
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// The requests of webhooks and callbacks go to somebody else, and the judge has none of them: no exchange shows what has changed.
// So it is only said that something has. Each becomes a document of its own, with its references resolved, and these are compared:
//
//	webhooks: {sold: {$ref: '#/components/pathItems/Sold'}}    →    paths: {/0: {post: …}}

// requestsBack compares the webhooks of a document or the callbacks of an operation. kind begins the id.
func (l *list) requestsBack(p part, kind string, oldHolder, newHolder *spec.Node) {
	keyword := kind + "s"
	old, new := oldHolder.Member(keyword), newHolder.Member(keyword)
	add := func(says string, old, new *spec.Node) {
		l.add(p, difference{id: kind + "/changed", says: says, old: orNode(old, oldHolder), new: orNode(new, newHolder)})
	}
	was, is := namesOf(old), namesOf(new)
	if !slices.Equal(was, is) {
		add(keyword+": "+orNone(was)+" → "+orNone(is), old, new)
	}
	for _, name := range was {
		before, after := old.Member(name), new.Member(name)
		if after != nil && l.comparer.saysOther(before, after, kind == "callback") {
			add("the "+kind+" "+quoted(name)+" says something else", before, after)
		}
	}
}

// namesOf are the names of the members of an object, sorted; nil has none.
func namesOf(n *spec.Node) []string {
	if n == nil {
		return []string{}
	}
	return textsOf(n.Members, func(m spec.Member) string { return m.Name })
}

// saysOther reports whether two webhooks or callbacks differ above prose.
func (c *Comparer) saysOther(old, new *spec.Node, isCallback bool) bool {
	was, okOld := c.old.alone(old, isCallback)
	is, okNew := c.new.alone(new, isCallback)
	if !okOld || !okNew {
		return jsonOf(withoutProse(old)) != jsonOf(withoutProse(new))
	}
	alone := &Comparer{old: &version{doc: was}, new: &version{doc: is}}
	return slices.ContainsFunc(alone.changes(), func(ch *change) bool { return ch.id != proseID && ch.id != namesID })
}

// alone is a document with nothing but a webhook, or the path items of a callback.
func (v *version) alone(n *spec.Node, isCallback bool) (doc *spec.Document, ok bool) {
	r := resolver{doc: v.doc, left: maxResolved}
	n = r.of(n, isCallback)
	items := []*spec.Node{n}
	if isCallback {
		items = nil
		for _, name := range namesOf(n) {
			items = append(items, n.Member(name))
		}
	}
	paths := map[string]any{}
	for i, item := range items {
		paths[fmt.Sprintf("/%d", i)] = item.Value()
	}
	data, err := json.Marshal(map[string]any{
		"openapi": v.doc.Root.Member("openapi").Text, "info": map[string]any{"title": "alone", "version": "1"}, "paths": paths,
	})
	if err != nil {
		return nil, false
	}
	doc, err = spec.Read(v.doc.File, data, nil)
	return doc, err == nil
}

// maxResolved limits the nodes that references lead to. One beyond, or back to where it is, stands for any value.
const maxResolved = 20_000

type resolver struct {
	doc    *spec.Document
	around []*spec.Node // the targets of references that lead to a node
	left   int
}

// of copies a node with the targets of its references. areNames says that its keys are free.
func (r *resolver) of(n *spec.Node, areNames bool) *spec.Node {
	r.left--
	made := &spec.Node{Kind: n.Kind, Text: n.Text}
	for _, item := range n.Items {
		made.Items = append(made.Items, r.of(item, false))
	}
	ref := n.Member("$ref")
	if isReference := ref != nil && ref.Kind == spec.String && !areNames; isReference {
		target := r.target(ref)
		if len(withoutProse(n).Members) == 1 {
			return target
		}
		made.Members = append(made.Members, spec.Member{Name: "allOf", Value: &spec.Node{Kind: spec.Array, Items: []*spec.Node{target}}})
	}
	for _, m := range n.Members {
		isLeftOut := m.Name == "$ref" || m.Name == "mapping" || m.Name == "security" // which lead out of the document
		switch {
		case isLeftOut && !areNames:
		case m.Name == "allOf" && len(made.Members) > 0 && made.Members[0].Name == "allOf" && !areNames:
			first := made.Members[0].Value
			first.Items = append(first.Items, r.of(m.Value, false).Items...)
		default:
			made.Members = append(made.Members, spec.Member{Name: m.Name, Value: r.of(m.Value, !areNames && holdsNames[m.Name])})
		}
	}
	return made
}

var holdsNames = map[string]bool{
	"properties": true, "patternProperties": true, "dependentSchemas": true, "responses": true, "content": true, "headers": true,
}

// target is the node that a reference leads to, with its own references resolved.
func (r *resolver) target(ref *spec.Node) *spec.Node {
	file, _, _ := strings.Cut(r.doc.Address(ref), "#")
	address := ref.Text
	switch {
	case strings.HasPrefix(address, "#"):
		address = file + address
	case file != "":
		address = path.Join(path.Dir(file), address)
	}
	target := r.doc.NodeAt(address)
	if target == nil || slices.Contains(r.around, target) || r.left < 0 {
		return &spec.Node{Kind: spec.Object}
	}
	r.around = append(r.around, target)
	made := r.of(target, false)
	r.around = r.around[:len(r.around)-1]
	return made
}
