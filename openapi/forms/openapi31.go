package forms

import "github.com/quotaspec/quotaspec/openapi/spec"

// version31 is the version that documents of OpenAPI 3.1 name. Some tools know the first one of 3.1 alone.
const version31 = "3.1.0"

// identifiers are the SPDX identifiers of licences by the names that documents have.
var identifiers = map[string]string{"Apache 2.0": "Apache-2.0"}

// to31 rewrites a document of OpenAPI 3.0 as one of 3.1 that means the same.
func (l *lines) to31(doc *spec.Document) {
	l.replace(doc.Root, "openapi", func(string) string { return "openapi: " + version31 })
	license := doc.Root.At("/info/license")
	if id := identifiers[textOf(license.Member("name"))]; id != "" && license.Member("url") != nil {
		l.replace(license, "url", func(string) string { return "identifier: " + id })
	}
	for s := range doc.Schemas() {
		l.schemaTo31(s.Node)
	}
}

// schemaTo31 rewrites what a schema says in another way in JSON Schema 2020-12.
func (l *lines) schemaTo31(schema *spec.Node) {
	if nullable := schema.Member("nullable"); nullable != nil {
		// Without a type beside it, nullable changes nothing (OpenAPI 3.0.4, Schema Object).
		if nullable.Text == "true" && schema.Member("type") != nil {
			l.replace(schema, "type", func(value string) string { return "type: [" + value + ", 'null']" })
		}
		l.cut(schema, "nullable")
	}
	for exclusive, bound := range map[string]string{"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"} {
		if flag := schema.Member(exclusive); flag != nil {
			if flag.Text == "true" && schema.Member(bound) != nil {
				l.replace(schema, bound, func(value string) string { return exclusive + ": " + value })
			}
			l.cut(schema, exclusive)
		}
	}
	if schema.Member("example") != nil {
		l.replace(schema, "example", func(value string) string { return "examples: [" + value + "]" })
	}
	switch textOf(schema.Member("format")) {
	case "byte":
		l.replace(schema, "format", func(string) string { return "contentEncoding: base64" })
	case "binary":
		l.replace(schema, "format", func(string) string { return "contentMediaType: application/octet-stream" })
	}
}

func textOf(n *spec.Node) string {
	if n == nil {
		return ""
	}
	return n.Text
}
