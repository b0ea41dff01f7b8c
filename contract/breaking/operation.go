package breaking

import (
	"fmt"
	"slices"
	"strings"

	"github.com/quotaspec/quotaspec/openapi/spec"
)

// document compares what belongs to no operation.
func (l *list) document() {
	old, new := l.comparer.old.doc, l.comparer.new.doc
	p := part{kind: ofDocument}
	l.prose(p, old.Root.Member("info"), new.Root.Member("info"))
	l.prose(p, old.Root, new.Root)
	l.requestsBack(p, "webhook", old.Root, new.Root)
}

// operation compares two operations with the same method and path.
func (l *list) operation(old, new *spec.Operation) {
	p := part{old: element{op: old}, new: element{op: new}, kind: ofOperation}
	if old.Node.Member("operationId") != nil && old.ID != new.ID {
		l.add(p, difference{
			id: "names/changed", says: "operationId: " + old.ID + " → " + new.ID,
			old: old.Node.Member("operationId"), new: orNode(new.Node.Member("operationId"), new.Node),
		})
	}
	l.prose(p, old.Node, new.Node)
	if old.Evidence.Grade != new.Evidence.Grade {
		says := fmt.Sprintf("grade: %s → %s", old.Evidence.Grade, new.Evidence.Grade)
		l.add(p, difference{id: "rule/grade", says: says, old: old.Node, new: new.Node})
	}
	l.servers(p)
	l.requestsBack(p, "callback", old.Node, new.Node)
	l.parameters(p)
	l.body(p)
	l.responses(p)
	for _, ch := range slices.Concat(l.comparer.security(old, new), l.comparer.rules(old, new)) {
		l.insert(ch)
	}
}

// insert adds a change that was found elsewhere.
func (l *list) insert(ch change) {
	d := difference{id: ch.id, says: ch.says, old: ch.old, new: ch.new, names: ch.names}
	if found, isKnown := l.find(ch.part, d); !isKnown {
		found.path, found.oldSchema, found.newSchema = ch.path, ch.oldSchema, ch.newSchema
	}
}

func orNode(n, other *spec.Node) *spec.Node {
	if n == nil {
		return other
	}
	return n
}

// proseKeywords are members that say nothing about exchanges.
var proseKeywords = []string{
	"description", "summary", "title", "example", "examples", "externalDocs", "deprecated", "xml", "tags", "links", "$comment",
	"contact", "license", "termsOfService",
}

// prose compares what nodes say to people, and the extensions of others.
func (l *list) prose(p part, old, new *spec.Node) {
	changed, at := []string{}, [2]*spec.Node{old, new}
	keywords := slices.Clone(proseKeywords)
	for _, n := range at {
		if n == nil {
			continue
		}
		for _, m := range n.Members {
			if isProse(m.Name) && !slices.Contains(keywords, m.Name) {
				keywords = append(keywords, m.Name)
			}
		}
	}
	for _, keyword := range keywords {
		was, is := old.Member(keyword), new.Member(keyword)
		if jsonOf(was) == jsonOf(is) {
			continue
		}
		if changed = append(changed, keyword); len(changed) == 1 {
			at = [2]*spec.Node{orNode(was, old), orNode(is, new)}
		}
	}
	if len(changed) > 0 {
		l.add(p, difference{id: "prose/changed", says: strings.Join(changed, ", ") + " changed", old: at[0], new: at[1]})
	}
}

// promises are extensions that say something about exchanges.
var promises = []string{"x-rules", "x-error-codes", "x-evidence"}

// isProse reports whether a keyword says nothing about exchanges.
func isProse(keyword string) bool {
	isExtension := strings.HasPrefix(keyword, "x-") && !slices.Contains(promises, keyword)
	return isExtension || slices.Contains(proseKeywords, keyword)
}

// grade compares the x-evidence of two nodes.
func (l *list) grade(p part, old, new *spec.Node) {
	if was, is := gradeOf(old), gradeOf(new); was != is {
		says := fmt.Sprintf("grade: %s → %s", orNone(textsOf([]string{was}, itself)), orNone(textsOf([]string{is}, itself)))
		l.add(p, difference{
			id: "rule/grade", says: says,
			old: orNode(old.Member("x-evidence"), old), new: orNode(new.Member("x-evidence"), new),
		})
	}
}

func itself(s string) string { return s }

// body compares the bodies of requests.
func (l *list) body(p part) {
	p.kind = ofBody
	old, new := p.old.op.Body, p.new.op.Body
	switch {
	case old == nil && new == nil:
	case old == nil:
		says := "a body is new"
		if new.Required {
			says += ", and required"
		}
		l.add(p, difference{id: "request/added", says: says, old: p.old.op.Node, new: new.Node})
	case new == nil:
		l.add(p, difference{id: "request/removed", says: "the body is gone", old: old.Node, new: p.new.op.Node})
	default:
		if old.Required && !new.Required {
			l.add(p, difference{id: "request/optional", says: "the body is no longer required", old: old.Node, new: new.Node})
		}
		if !old.Required && new.Required {
			l.add(p, difference{id: "request/required", says: "the body is required now", old: old.Node, new: new.Node})
		}
		l.prose(p, old.Node, new.Node)
		l.content(p, old.Content, new.Content, old.Node, new.Node)
	}
}

// content compares the media types of two bodies.
func (l *list) content(p part, old, new []*spec.MediaType, oldNode, newNode *spec.Node) {
	for _, is := range new {
		p.name, p.new.media, p.old.media = is.Name, is, mediaType(old, is.Name)
		if p.old.media == nil {
			p.kind = ofMedia
			l.add(p, difference{id: "media-type/added", says: is.Name + " is new", old: oldNode, new: is.Node})
			continue
		}
		p.kind = ofBody
		l.prose(p, p.old.media.Node, is.Node)
		if was, is := jsonOf(p.old.media.Node.Member("encoding")), jsonOf(is.Node.Member("encoding")); was != is {
			l.add(p, difference{id: "encoding/changed", says: "encoding changed", old: p.old.media.Node, new: p.new.media.Node})
		}
		l.value(p, p.old.media.Schema, is.Schema)
		if p.old.media.ItemSchema != nil || is.ItemSchema != nil {
			l.value(p, p.old.media.ItemSchema, is.ItemSchema)
		}
	}
	p.kind, p.new.media = ofMedia, nil
	for _, was := range old {
		if mediaType(new, was.Name) == nil {
			p.name, p.old.media = was.Name, was
			l.add(p, difference{id: "media-type/removed", says: was.Name + " is gone", old: was.Node, new: newNode})
		}
	}
}

// mediaType finds a media type by its name, in any case; else a range that contains it; else nil.
func mediaType(list []*spec.MediaType, name string) *spec.MediaType {
	plain := func(name string) string { return strings.ToLower(strings.ReplaceAll(name, " ", "")) }
	kind, _, _ := strings.Cut(plain(name), "/")
	for _, want := range []string{plain(name), kind + "/*", "*/*"} {
		for _, m := range list {
			if plain(m.Name) == want {
				return m
			}
		}
	}
	return nil
}
