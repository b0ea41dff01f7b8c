package spec

import (
	"net/url"
	"strings"
)

// A schema resource may name its metaschema by $schema, and a metaschema may list by $vocabulary what keywords mean there. A
// keyword of a vocabulary that is not listed says nothing. This counts where the document has the metaschema itself, beside
// what refers to it; any other metaschema stands for all keywords.

const vocabularyAddress = "https://json-schema.org/draft/2020-12/vocab/"

// vocabularyOf returns the name of the vocabulary of 2020-12 that a keyword is part of; empty: of the core or of none.
func vocabularyOf(keyword string) string {
	switch keyword {
	case "prefixItems", "items", "contains", "additionalProperties", "properties", "patternProperties", "dependentSchemas",
		"propertyNames", "if", "then", "else", "allOf", "anyOf", "oneOf", "not":
		return "applicator"
	case "unevaluatedItems", "unevaluatedProperties":
		return "unevaluated"
	case "type", "enum", "const", "multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "maxLength",
		"minLength", "pattern", "maxItems", "minItems", "uniqueItems", "maxContains", "minContains", "maxProperties",
		"minProperties", "required", "dependentRequired":
		return "validation"
	case "format":
		return "format-"
	case "contentEncoding", "contentMediaType", "contentSchema":
		return "content"
	}
	return ""
}

// leavesOut says whether a keyword says nothing in a resource.
func (r *resource) leavesOut(keyword string) bool {
	if r == nil || r.vocabulary == nil {
		return false
	}
	name := vocabularyOf(keyword)
	if name == "" {
		return false
	}
	for _, m := range r.vocabulary.Members {
		if strings.HasPrefix(m.Name, vocabularyAddress+name) {
			return false
		}
	}
	return true
}

// findVocabulary looks for the $vocabulary of the metaschema of a resource. One without $schema has that of the resource
// around it.
func (d *Document) findVocabulary(r *resource) {
	if r.searched {
		return
	}
	r.searched = true
	name := r.root.Member("$schema")
	if name == nil && r.root.parent != nil {
		outer := d.resourceOf(r.root.parent)
		d.findVocabulary(outer)
		r.vocabulary = outer.vocabulary
		return
	}
	if name == nil {
		name = r.root.Member("jsonSchemaDialect")
	}
	if name == nil || name.Kind != String {
		return
	}
	u, err := url.Parse(name.Text)
	if err != nil {
		return
	}
	if metaschema := d.byAddress[addressKey(r.address.ResolveReference(u))]; metaschema != nil {
		if v := metaschema.root.Member("$vocabulary"); v != nil && v.Kind == Object {
			r.vocabulary = v
		}
	}
}
