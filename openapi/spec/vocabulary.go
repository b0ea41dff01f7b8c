package spec

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
)

// A schema resource may name its metaschema with $schema, and the metaschema may list its vocabularies with $vocabulary.
// Keywords of other vocabularies are ignored. This applies only if the document itself contains the metaschema; with any other
// metaschema, all keywords count:
//
//	Meta: {$id: https://example.com/meta, $vocabulary: {…/vocab/core: true}}
//	Size: {$schema: https://example.com/meta, minimum: 1}    minimum is ignored: it belongs to …/vocab/validation

const vocabularyAddress = "https://json-schema.org/draft/2020-12/vocab/"

// leavesOut reports whether a keyword is ignored in a resource.
func (r *resource) leavesOut(keyword string) bool {
	if r == nil || r.vocabulary == nil {
		return false
	}
	name := keywords[keyword].vocabulary
	return name != core && !slices.ContainsFunc(r.vocabulary.Members, func(m Member) bool {
		return strings.HasPrefix(m.Name, vocabularyAddress+name)
	})
}

// findVocabulary finds the $vocabulary of the metaschema of a resource. A resource without $schema has that of the resource
// that contains it.
func (d *Document) findVocabulary(r *resource) {
	if r.searched {
		return
	}
	r.searched = true
	name := r.root.word("$schema")
	if name == "" && r.root.parent != nil {
		outer := d.resourceOf(r.root.parent)
		d.findVocabulary(outer)
		r.vocabulary = outer.vocabulary
		return
	}
	name = cmp.Or(name, r.root.word("jsonSchemaDialect"))
	u, err := url.Parse(name)
	if name == "" || err != nil {
		return
	}
	if metaschema := d.byAddress[addressKey(r.address.ResolveReference(u))]; metaschema != nil {
		if v := metaschema.root.Member("$vocabulary"); v != nil && v.Kind == Object {
			r.vocabulary = v
		}
	}
}
