package spec

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
)

// A schema resource may name its metaschema by $schema, and a metaschema may list by $vocabulary what keywords mean there. A
// keyword of a vocabulary that is not listed says nothing. This counts where the document has the metaschema itself, beside
// what refers to it; any other metaschema stands for all keywords.

const vocabularyAddress = "https://json-schema.org/draft/2020-12/vocab/"

// leavesOut says whether a keyword says nothing in a resource.
func (r *resource) leavesOut(keyword string) bool {
	if r == nil || r.vocabulary == nil {
		return false
	}
	name := keywords[keyword].vocabulary
	return name != core && !slices.ContainsFunc(r.vocabulary.Members, func(m Member) bool {
		return strings.HasPrefix(m.Name, vocabularyAddress+name)
	})
}

// findVocabulary looks for the $vocabulary of the metaschema of a resource. One without $schema has that of the resource
// around it.
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
